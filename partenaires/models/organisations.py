"""Organisations, people, and which people speak for which organisation."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from demarche.socle.models import Periode
from demarche.socle.models.periodes import fin_apres_debut
from partenaires.enums import CategorieOrganisation


class Organisation(models.Model):
    """One organisation that works with the démarche, partner or not."""

    nom = models.CharField("nom", max_length=160, unique=True)
    sigle = models.CharField("sigle", max_length=30, blank=True)
    autres_noms = models.TextField(
        "autres noms",
        blank=True,
        help_text="Un par ligne : anciens noms, abréviations. Ils servent à reconnaître l’organisation.",
    )
    categorie = models.CharField("catégorie", max_length=20, choices=CategorieOrganisation)
    mission = models.TextField("mission en bref", blank=True)
    site_web = models.URLField("site web", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "organisation"
        verbose_name_plural = "organisations"
        ordering = ("nom",)

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        return reverse("partenaires:organisation_detail", args=[self.pk])

    @property
    def liste_autres_noms(self) -> list[str]:
        return [ligne.strip() for ligne in self.autres_noms.splitlines() if ligne.strip()]


class Personne(models.Model):
    """One person known to the démarche: contact, representative or citizen (R13).

    An `Adhesion` keeps, beside it, what was typed on its form.
    """

    prenom = models.CharField("prénom", max_length=80)
    nom = models.CharField("nom", max_length=80)
    courriel = models.EmailField("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    utilisateur = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="personne",
        verbose_name="compte",
    )

    # Personal data never enters the history, so that erasing the person erases them (R13).
    history = HistoricalRecords(excluded_fields=["prenom", "nom", "courriel", "telephone"])

    class Meta:
        verbose_name = "personne"
        verbose_name_plural = "personnes"
        ordering = ("nom", "prenom", "pk")

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}"


class Affiliation(Periode):
    """One person who belongs to one organisation for a time."""

    personne = models.ForeignKey(
        Personne, on_delete=models.CASCADE, related_name="affiliations", verbose_name="personne"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="affiliations", verbose_name="organisation"
    )
    fonction = models.CharField("fonction", max_length=120, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "affiliation"
        verbose_name_plural = "affiliations"
        ordering = ("organisation", "personne", "-du")
        constraints = [fin_apres_debut("affiliation_periode")]

    def __str__(self) -> str:
        return f"{self.personne}, {self.organisation}"
