"""The numbers of ours that the démarche made its own."""

from django.db import models
from simple_history.models import HistoricalRecords


class Reglage(models.Model):
    """The démarche's own number in place of one of our defaults, and the text that gives it.

    `cle` is that of a `Defaut` of the registry, which says its unit and its bounds. Without a row, ours holds.
    """

    cle = models.CharField("réglage", max_length=60, unique=True, editable=False)
    valeur = models.PositiveSmallIntegerField("valeur")
    source = models.CharField("d’où vient cette valeur", max_length=200)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "réglage"
        verbose_name_plural = "réglages"
        ordering = ["cle"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(source=""),
                name="reglage_a_sa_source",
                violation_error_message="Écrivez d’où vient cette valeur.",
            )
        ]

    def __str__(self) -> str:
        return self.cle
