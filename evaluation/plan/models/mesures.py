"""Figures: one dated measure is one row (R16)."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from demarche.socle.champs import DateField
from evaluation.plan.enums import Fiabilite, Realite
from evaluation.plan.valeurs import ecrire_valeur


class Indicateur(models.Model):
    """One thing measured over time, with its unit."""

    cle = models.SlugField("clé", unique=True, help_text="Nom court pour citer la figure dans un texte.")
    nom = models.CharField("nom", max_length=160)
    unite = models.CharField("unité", max_length=60)
    description = models.TextField("ce qui est compté", blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "indicateur"
        verbose_name_plural = "indicateurs"
        ordering = ("nom",)

    def __str__(self) -> str:
        return self.nom


class Mesure(models.Model):
    """One value of one indicator, on a day or over a period; totals and growth are computed, never typed."""

    indicateur = models.ForeignKey(
        Indicateur, on_delete=models.CASCADE, related_name="mesures", verbose_name="indicateur"
    )
    valeur = models.DecimalField("valeur", max_digits=14, decimal_places=2)
    date = DateField("date", help_text="Le jour de la mesure, ou le dernier jour de la période.")
    debut_periode = DateField("premier jour de la période", null=True, blank=True)
    fiabilite = models.CharField("fiabilité", max_length=10, choices=Fiabilite, default=Fiabilite.COMPTEE)
    realite = models.CharField("réalité", max_length=10, choices=Realite, default=Realite.REALISEE)
    source = models.CharField("source", max_length=200)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "mesure"
        verbose_name_plural = "mesures"
        ordering = ("indicateur", "date", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(debut_periode__isnull=True) | Q(debut_periode__lte=F("date")),
                name="mesure_periode",
                violation_error_message="La période finit avant de commencer.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicateur_id} : {self.valeur}"

    @property
    def valeur_ecrite(self) -> str:
        return ecrire_valeur(self.valeur)
