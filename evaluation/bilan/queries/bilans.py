"""Published versions of the bilan."""

from django.db.models import OuterRef, QuerySet, Subquery

from demarche.gouvernance.models import Exercice
from evaluation.bilan.models import Bilan


def versions_de(exercice: Exercice) -> QuerySet[Bilan]:
    """Return the published versions of one exercice, the last first, without their heavy data."""
    return Bilan.objects.filter(exercice=exercice).select_related("exercice", "publie_par").defer("donnees")


def bilans_publics() -> QuerySet[Bilan]:
    """Return the last version of each exercice that has one, the last exercice first: what the public reads."""
    derniers = Bilan.objects.filter(exercice=OuterRef("exercice")).order_by("-numero").values("pk")[:1]
    return Bilan.objects.filter(pk=Subquery(derniers)).select_related("exercice").defer("donnees")


def derniere_version(exercice: Exercice) -> Bilan | None:
    """Return the last published version of an exercice with its data; None before the first."""
    return Bilan.objects.filter(exercice=exercice).order_by("-numero").first()
