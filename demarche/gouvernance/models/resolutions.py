"""The numbered decisions of instances."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from demarche.gouvernance.models.demarche import Exercice
from demarche.gouvernance.models.gouvernance import InstanceGouvernance
from demarche.gouvernance.models.rencontres import Rencontre
from demarche.socle.champs import DateField


class Resolution(models.Model):
    """One numbered decision of an instance; it never changes, a later one corrects it (R7)."""

    instance_gouvernance = models.ForeignKey(
        InstanceGouvernance, on_delete=models.PROTECT, related_name="resolutions", verbose_name="instance"
    )
    exercice = models.ForeignKey(
        Exercice, on_delete=models.PROTECT, related_name="resolutions", verbose_name="exercice"
    )
    numero = models.PositiveIntegerField("numéro d’ordre")
    code = models.CharField("numéro", max_length=30, unique=True)
    titre = models.CharField("titre", max_length=200)
    texte = models.TextField("texte")
    adoptee_le = DateField("adoptée le")
    rencontre = models.ForeignKey(
        Rencontre,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="resolutions",
        verbose_name="rencontre",
    )
    corrige = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrections",
        verbose_name="corrige la résolution",
    )
    inscrite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="inscrite par"
    )
    inscrite_le = models.DateTimeField("inscrite le", default=timezone.now, editable=False)

    if TYPE_CHECKING:  # its page stands in a room above: the setting ABSOLUTE_URL_OVERRIDES gives its address

        def get_absolute_url(self) -> str: ...

    history = HistoricalRecords()

    class Meta:
        verbose_name = "résolution"
        verbose_name_plural = "résolutions"
        ordering = ("-adoptee_le", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["instance_gouvernance", "exercice", "numero"],
                name="resolution_numero_unique",
                violation_error_message="Ce numéro de résolution est déjà pris.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} : {self.titre}"
