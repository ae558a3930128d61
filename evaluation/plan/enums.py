"""Choices of the plan, with their groups."""

from django.db import models


class StatutCible(models.TextChoices):
    """R14: the status belongs to the cible."""

    EN_COURS = "en_cours", "En cours"
    ATTEINTE = "atteinte", "Atteinte"
    DEPASSEE = "depassee", "Dépassée"
    PARTIELLE = "partielle", "Partiellement atteinte"
    NON_ATTEINTE = "non_atteinte", "Non atteinte"
    MODIFIEE = "modifiee", "Modifiée"
    NON_APPLICABLE = "non_applicable", "Non applicable"


# A status of this group says that something happened: it needs evidence (R14).
STATUTS_AVEC_PREUVE = frozenset(
    {StatutCible.ATTEINTE, StatutCible.DEPASSEE, StatutCible.PARTIELLE, StatutCible.MODIFIEE}
)
# How a badge shows each status: the component draws a shape and writes the label.
TON_STATUT: dict[str, str] = {
    StatutCible.EN_COURS: "attente",
    StatutCible.ATTEINTE: "positif",
    StatutCible.DEPASSEE: "positif",
    StatutCible.PARTIELLE: "info",
    StatutCible.NON_ATTEINTE: "negatif",
    StatutCible.MODIFIEE: "info",
    StatutCible.NON_APPLICABLE: "neutre",
}


class SuiteCible(models.TextChoices):
    """R14: what comes next is a separate field."""

    POURSUIVRE = "poursuivre", "À poursuivre"
    MODIFIER = "modifier", "À modifier"
    RECONDUIRE = "reconduire", "À reconduire"
    PAUSE = "pause", "Sur pause"
    ABANDONNER = "abandonner", "À abandonner"


class NatureEffet(models.TextChoices):
    """R15."""

    IDENTIFIE = "identifie", "Résultats transitoires identifiés"
    NON_IDENTIFIABLE = "non_identifiable", "Non identifiable pour le moment"
    NON_APPLICABLE = "non_applicable", "Non applicable"


class Fiabilite(models.TextChoices):
    COMPTEE = "comptee", "Comptée"
    ESTIMEE = "estimee", "Estimée"


class Realite(models.TextChoices):
    REALISEE = "realisee", "Réalisée"
    PREVUE = "prevue", "Prévue"
