"""Rows that hold from a day to another day: one vocabulary for all of them."""

import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from demarche.socle.champs import DateField


def fin_apres_debut(nom: str) -> models.CheckConstraint:
    """Return the constraint that a period does not end before it starts."""
    return models.CheckConstraint(
        condition=Q(au__isnull=True) | Q(au__gte=F("du")),
        name=nom,
        violation_error_message="La date de fin précède la date de début.",
    )


class PeriodeQuerySet(models.QuerySet[Any]):
    def en_vigueur(self, jour: datetime.date) -> Self:
        """Keep what holds on that day; both ends are included."""
        return self.filter(Q(au__isnull=True) | Q(au__gte=jour), du__lte=jour)


class Periode(models.Model):
    """Abstract: holds from `du` to `au`, both included; without `au`, until further notice."""

    du = DateField("du")
    au = DateField("au", null=True, blank=True)

    objects = PeriodeQuerySet.as_manager()

    class Meta:
        abstract = True

    def en_vigueur(self, jour: datetime.date) -> bool:
        return self.du <= jour and (self.au is None or jour <= self.au)
