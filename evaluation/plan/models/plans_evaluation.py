"""The evaluation plan: what is evaluated, with whom, when."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from demarche.gouvernance.models import InstanceGouvernance
from demarche.socle.champs import DateField


class PlanEvaluation(models.Model):
    """One evaluation plan, from a day to another."""

    titre = models.CharField("titre", max_length=160)
    debut = DateField("début")
    fin = DateField("fin")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "plan d’évaluation"
        verbose_name_plural = "plans d’évaluation"
        ordering = ("-debut", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__gt=F("debut")),
                name="plan_evaluation_dates",
                violation_error_message="La fin doit suivre le début.",
            )
        ]

    def __str__(self) -> str:
        return self.titre


class MomentEvaluation(models.Model):
    """One planned evaluation: a dimension, the instance concerned, when it is gathered and analysed."""

    plan = models.ForeignKey(PlanEvaluation, on_delete=models.CASCADE, related_name="moments", verbose_name="plan")
    dimension = models.CharField("ce qui est évalué", max_length=120)
    instance_gouvernance = models.ForeignKey(
        InstanceGouvernance, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="instance"
    )
    frequence = models.CharField("fréquence", max_length=80)
    collecte_du = DateField("collecte du")
    collecte_au = DateField("collecte au")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "moment d’évaluation"
        verbose_name_plural = "moments d’évaluation"
        ordering = ("plan", "collecte_du", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(collecte_au__gte=F("collecte_du")),
                name="moment_evaluation_dates",
                violation_error_message="La collecte finit avant de commencer.",
            )
        ]

    def __str__(self) -> str:
        return self.dimension
