"""Meetings and the numbered decisions of instances."""

import datetime

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from demarche.champs import DateField

from .demarche import Exercice
from .gouvernance import InstanceGouvernance
from .utilisateurs import Utilisateur


class RencontreQuerySet(models.QuerySet["Rencontre"]):
    def de_l_exercice(self, exercice: Exercice) -> "RencontreQuerySet":
        return self.filter(date__range=(exercice.debut, exercice.fin))

    def publiques(self) -> "RencontreQuerySet":
        """Keep what the public agenda announces."""
        return self.filter(est_publique=True)

    def a_venir(self, jour: datetime.date) -> "RencontreQuerySet":
        """Keep the meetings of that day and after, the nearest first."""
        return self.filter(date__gte=jour).order_by("date", "heure", "pk")

    def passees(self, jour: datetime.date) -> "RencontreQuerySet":
        """Keep the meetings before that day, the last one first."""
        return self.filter(date__lt=jour)

    def accessibles_a(self, utilisateur: Utilisateur) -> "RencontreQuerySet":
        """Keep the public meetings and those of the instances where this person sits today."""
        instances = [mandat.siege.instance_gouvernance_id for mandat in utilisateur.mandats_du_jour]
        return self.filter(models.Q(est_publique=True) | models.Q(instance_gouvernance__in=instances))


class Rencontre(models.Model):
    """One meeting of an instance, held or planned."""

    instance_gouvernance = models.ForeignKey(
        InstanceGouvernance, on_delete=models.PROTECT, related_name="rencontres", verbose_name="instance"
    )
    titre = models.CharField("titre", max_length=160)
    date = DateField("date")
    heure = models.TimeField("heure", null=True, blank=True)
    lieu = models.CharField("lieu", max_length=160, blank=True)
    ordre_du_jour = models.TextField("ordre du jour", blank=True)
    notes = models.TextField("notes", blank=True)
    est_publique = models.BooleanField("annoncée à l’agenda public", default=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords()
    objects = RencontreQuerySet.as_manager()

    class Meta:
        verbose_name = "rencontre"
        verbose_name_plural = "rencontres"
        ordering = ("-date", "-pk")

    def __str__(self) -> str:
        return self.titre

    def get_absolute_url(self) -> str:
        return reverse("demarche:rencontre_detail", args=[self.pk])


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
    scrutin = models.OneToOneField(
        "demarche.Scrutin",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="resolution",
        verbose_name="scrutin",
    )
    inscrite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="inscrite par"
    )
    inscrite_le = models.DateTimeField("inscrite le", default=timezone.now, editable=False)

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

    def get_absolute_url(self) -> str:
        return reverse("demarche:resolution_detail", args=[self.pk])
