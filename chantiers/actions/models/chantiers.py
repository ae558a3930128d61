"""Chantiers and what each aims at in an exercice."""

from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from demarche.gouvernance.models import Exercice, InstanceGouvernance


class Chantier(models.Model):
    """One lasting field of collective work."""

    nom = models.CharField("nom", max_length=120, unique=True)
    description = models.TextField("description", blank=True)
    instance_gouvernance = models.OneToOneField(
        InstanceGouvernance,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="chantier",
        verbose_name="comité de chantier",
    )
    est_actif = models.BooleanField("actif", default=True)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "chantier"
        verbose_name_plural = "chantiers"
        ordering = ("ordre", "nom")

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        return reverse("actions:chantier_detail", args=[self.pk])


class ObjectifChantier(models.Model):
    """One objective of a chantier for one exercice."""

    chantier = models.ForeignKey(Chantier, on_delete=models.CASCADE, related_name="objectifs", verbose_name="chantier")
    exercice = models.ForeignKey(Exercice, on_delete=models.PROTECT, related_name="+", verbose_name="exercice")
    numero = models.PositiveSmallIntegerField("numéro")
    texte = models.TextField("objectif")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "objectif de chantier"
        verbose_name_plural = "objectifs de chantier"
        ordering = ("chantier", "-exercice__debut", "numero")
        constraints = [
            models.UniqueConstraint(
                fields=["chantier", "exercice", "numero"],
                name="objectif_chantier_numero_unique",
                violation_error_message="Ce numéro d’objectif est déjà pris pour cet exercice.",
            )
        ]

    def __str__(self) -> str:
        return self.texte
