"""The bilan: its narrative texts and its published versions."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from demarche.gouvernance.models import Exercice
from evaluation.bilan.enums import SectionNarrative


class Narratif(models.Model):
    """The text of one narrative section of the bilan of one exercice; see `evaluation.bilan.textes`."""

    exercice = models.ForeignKey(Exercice, on_delete=models.PROTECT, related_name="narratifs", verbose_name="exercice")
    section = models.CharField("section", max_length=20, choices=SectionNarrative)
    texte = models.TextField("texte", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "texte du bilan"
        verbose_name_plural = "textes du bilan"
        ordering = ("exercice", "section")
        constraints = [
            models.UniqueConstraint(
                fields=["exercice", "section"],
                name="narratif_un_par_section",
                violation_error_message="Cette section a déjà un texte.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_section_display()} ({self.exercice})"


def chemin_bilan(bilan: "Bilan", nom: str) -> str:
    return f"bilans/bilan-{bilan.exercice.code}-v{bilan.numero}-{bilan.empreinte[:12]}.pdf"


class Bilan(models.Model):
    """One published version of the bilan of an exercice; its data, its PDF and their digest never change (R10)."""

    exercice = models.ForeignKey(Exercice, on_delete=models.PROTECT, related_name="bilans", verbose_name="exercice")
    numero = models.PositiveSmallIntegerField("version")
    schema = models.PositiveSmallIntegerField("version du schéma des données", default=1)
    donnees = models.JSONField("données")
    pdf = models.FileField("PDF", upload_to=chemin_bilan)
    empreinte = models.CharField("empreinte SHA-256 du PDF", max_length=64)
    publie_le = models.DateTimeField("publié le", default=timezone.now)
    publie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="publié par"
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "bilan"
        verbose_name_plural = "bilans"
        ordering = ("-exercice__debut", "-numero")
        constraints = [
            models.UniqueConstraint(
                fields=["exercice", "numero"],
                name="bilan_numero_unique",
                violation_error_message="Cette version du bilan existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return f"Bilan {self.exercice}, version {self.numero}"

    def get_absolute_url(self) -> str:
        return reverse("bilan:bilan_pdf_publie", args=[self.pk])
