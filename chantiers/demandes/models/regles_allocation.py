"""The dated rule that says who decides on a request."""

import datetime
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from chantiers.demandes.enums import InstanceDecision
from demarche.socle.champs import DateField, MontantField


class RegleAllocationQuerySet(models.QuerySet["RegleAllocation"]):
    def en_vigueur(self, jour: datetime.date) -> "RegleAllocation | None":
        """Return the rule in force that day, if any: the last one whose day has come."""
        return self.filter(en_vigueur_du__lte=jour).order_by("-en_vigueur_du").first()


class RegleAllocation(models.Model):
    """The thresholds in force from a day on (R1)."""

    en_vigueur_du = DateField("en vigueur du", unique=True)
    seuil_comite = MontantField("la coordination décide sous")
    seuil_assemblee = MontantField("le comité décide jusqu’à, inclusivement")
    source = models.CharField("source", max_length=250)

    history = HistoricalRecords()
    objects = RegleAllocationQuerySet.as_manager()

    class Meta:
        verbose_name = "règle d’allocation"
        verbose_name_plural = "règles d’allocation"
        ordering = ("-en_vigueur_du",)
        constraints = [
            models.CheckConstraint(
                condition=Q(seuil_assemblee__gt=F("seuil_comite")),
                name="regle_seuils_croissants",
                violation_error_message="Le second seuil doit dépasser le premier.",
            )
        ]

    def __str__(self) -> str:
        return f"Seuils en vigueur du {self.en_vigueur_du}"

    def instance_pour(self, total: Decimal) -> InstanceDecision:
        """Return who decides on that total, in CAD: below the first threshold, up to the second included, above."""
        if total < self.seuil_comite:
            return InstanceDecision.COORDINATION
        if total <= self.seuil_assemblee:
            return InstanceDecision.COMITE_PILOTAGE
        return InstanceDecision.ASSEMBLEE
