"""Kinds and states of points, presences and minutes."""

from django.db import models


class GenrePoint(models.TextChoices):
    """What one point of an agenda is about."""

    LIBRE = "libre", "Échange"
    RESOLUTION = "resolution", "Résolution à adopter"
    DEMANDE = "demande", "Demande de fonds"
    ENTERINEMENT = "enterinement", "Consultation à entériner"
    PROCES_VERBAL = "proces_verbal", "Procès-verbal à adopter"


class EtatPoint(models.TextChoices):
    A_TRAITER = "a_traiter", "À traiter"
    TRAITE = "traite", "Traité"
    REPORTE = "reporte", "Reporté"
    NON_ABORDE = "non_aborde", "Non abordé"


class EtatPresence(models.TextChoices):
    """Of one seat at one meeting; recusal is something else, and is said at the vote (R4)."""

    PRESENT = "present", "Présence"
    EXCUSE = "excuse", "Absence motivée"
    ABSENT = "absent", "Absence"


class EtatProcesVerbal(models.TextChoices):
    PROJET = "projet", "Projet"
    ADOPTE = "adopte", "Adopté"
