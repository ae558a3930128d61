"""The allocation rules, and how many requests keep each."""

import datetime
from dataclasses import dataclass

from django.db.models import Count

from chantiers.demandes.models import RegleAllocation


@dataclass(frozen=True)
class SuiviRegle:
    """One allocation rule: whether it is in force today, and how many requests keep it."""

    regle: RegleAllocation
    est_en_vigueur: bool
    est_a_venir: bool
    nb_demandes: int


def regles_allocation(jour: datetime.date) -> list[SuiviRegle]:
    """Return every rule, the most recent first, in one query."""
    regles = list(RegleAllocation.objects.annotate(nb=Count("demandes")).order_by("-en_vigueur_du"))
    en_vigueur = next((r.pk for r in regles if r.en_vigueur_du <= jour), None)
    return [SuiviRegle(r, r.pk == en_vigueur, r.en_vigueur_du > jour, r.nb) for r in regles]  # type: ignore[attr-defined]
