"""Kinds of lines of the chained register."""

from django.db import models


class GenreEvenement(models.TextChoices):
    """The event that one line of the chained register records (R7)."""

    OUVERTURE = "ouverture", "Ouverture d’un scrutin"
    VOTE = "vote", "Vote"
    CHANGEMENT = "changement", "Changement de vote"
    RECUSATION = "recusation", "Récusation"
    CLOTURE = "cloture", "Clôture d’un scrutin"
    ANNULATION = "annulation", "Annulation d’un scrutin"
    RESOLUTION = "resolution", "Résolution"
    PROCES_VERBAL = "proces_verbal", "Adoption d’un procès-verbal"
    DECAISSEMENT = "decaissement", "Paiement"
    CONTREPASSATION = "contrepassation", "Annulation d’un paiement"
    LIBERATION = "liberation", "Libération d’un solde"
    EXERCICE_CLOS = "exercice_clos", "Clôture d’un exercice"
    EXERCICE_ROUVERT = "exercice_rouvert", "Réouverture d’un exercice"
    EFFACEMENT = "effacement", "Effacement d’un sel"
