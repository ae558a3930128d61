"""The kinds, origins and states of an action collective, and how a number of people is known."""

from django.db import models


class TypeAction(models.TextChoices):
    """R17."""

    PONCTUELLE = "ponctuelle", "Ponctuelle"
    STRUCTURANTE = "structurante", "Structurante"


class OrigineAction(models.TextChoices):
    """R2."""

    CHANTIER = "chantier", "Un chantier"
    CONCERTATION = "concertation", "Une concertation locale"
    COMITE_PILOTAGE = "comite_pilotage", "Le comité de pilotage"


class EtatAction(models.TextChoices):
    PREPARATION = "preparation", "En préparation"
    EN_COURS = "en_cours", "En cours"
    COMPLETEE = "completee", "Complétée"
    ABANDONNEE = "abandonnee", "Abandonnée"


# The tone of the badge of each state; its text says it too.
TONS_ETAT_ACTION: dict[str, str] = {
    EtatAction.PREPARATION: "neutre",
    EtatAction.EN_COURS: "info",
    EtatAction.COMPLETEE: "positif",
    EtatAction.ABANDONNEE: "negatif",
}


class FiabiliteNombre(models.TextChoices):
    """How a number of people is known (R16)."""

    COMPTE = "compte", "Compté"
    ESTIME = "estime", "Estimé"
