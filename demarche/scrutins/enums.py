"""Choices of the ballots."""

from django.db import models


class CanalVote(models.TextChoices):
    """How a vote came."""

    EN_LIGNE = "en_ligne", "En ligne"
    TELEPHONE = "telephone", "Par téléphone"
    RENCONTRE = "rencontre", "En rencontre"


class EtatScrutin(models.TextChoices):
    OUVERT = "ouvert", "Ouvert"
    CLOS = "clos", "Clos"
    ANNULE = "annule", "Annulé"


class Empechement(models.TextChoices):
    """Why a voice called to a ballot does not vote (R3, R4)."""

    DEMANDEUR = "demandeur", "Cette personne, ou son organisation, a déposé la demande : elle ne vote pas sur elle."
    RECUSE = "recuse", "Cette personne s’est récusée de ce scrutin : elle n’y vote plus."
    RECUSE_SIEGE = "recuse_siege", "Ce siège s’est récusé de ce scrutin : il n’y vote plus."
    DEJA = "deja", "Cette personne a déjà répondu à ce scrutin, pour un autre siège."
