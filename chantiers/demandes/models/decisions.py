"""The library of reasons that explain decisions."""

from django.db import models
from simple_history.models import HistoricalRecords

from chantiers.demandes.enums import SensMotif


class MotifType(models.Model):
    """One reason of the library that decisions are explained with; editable."""

    sens = models.CharField("pour", max_length=12, choices=SensMotif)
    texte = models.CharField("motif", max_length=300)
    est_actif = models.BooleanField("proposé", default=True)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "motif type"
        verbose_name_plural = "motifs types"
        ordering = ("sens", "ordre", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["sens", "texte"],
                name="motif_type_unique",
                violation_error_message="Ce motif est déjà dans la liste.",
            )
        ]

    def __str__(self) -> str:
        return self.texte
