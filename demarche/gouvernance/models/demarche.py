"""The démarche itself: its texts, its territory, its years, its framework."""

import datetime

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from demarche.gouvernance.enums import GenreTerritoire
from demarche.socle.champs import DateField


class Demarche(models.Model):
    """The organisation of this installation; exactly one row, with primary key 1."""

    nom = models.CharField("nom", max_length=120)
    sigle = models.CharField("sigle", max_length=20, blank=True)
    nom_territoire = models.CharField(
        "territoire", max_length=120, help_text="Par exemple : arrondissement de Charlesbourg"
    )
    annee_fondation = models.PositiveSmallIntegerField("année de fondation", null=True, blank=True)
    presentation = models.TextField("présentation", blank=True)
    mission = models.TextField("mission")
    objectifs_generaux = models.TextField("objectifs généraux", blank=True, help_text="Un objectif par ligne.")
    vision = models.TextField("énoncés de vision", blank=True, help_text="Un énoncé par ligne.")
    horizon_vision = models.PositiveSmallIntegerField("horizon de la vision", null=True, blank=True)
    fiduciaire = models.CharField("fiduciaire", max_length=160, blank=True)
    responsable_renseignements = models.CharField(
        "responsable de la protection des renseignements personnels", max_length=160, blank=True
    )
    courriel_renseignements = models.EmailField("courriel de cette personne", blank=True)
    courriel_contact = models.EmailField("courriel de la démarche", blank=True)
    remerciements = models.TextField("remerciements", blank=True)
    partenaires_financiers = models.TextField(
        "partenaires financiers principaux", blank=True, help_text="Un par ligne."
    )
    couleur = models.CharField(
        "couleur de la démarche",
        max_length=7,
        default="#1f4e5f",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", "Écrivez une couleur comme #1f4e5f.")],
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "démarche"
        verbose_name_plural = "démarches"
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1), name="demarche_unique", violation_error_message="Il y a une seule démarche."
            )
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def liste_objectifs(self) -> list[str]:
        return [ligne.strip() for ligne in self.objectifs_generaux.splitlines() if ligne.strip()]

    @property
    def liste_vision(self) -> list[str]:
        return [ligne.strip() for ligne in self.vision.splitlines() if ligne.strip()]

    @property
    def liste_partenaires_financiers(self) -> list[str]:
        return [ligne.strip() for ligne in self.partenaires_financiers.splitlines() if ligne.strip()]


class Territoire(models.Model):
    """One place in the tree of places: région, MRC or arrondissement, quartier."""

    nom = models.CharField("nom", max_length=120)
    genre = models.CharField("genre", max_length=20, choices=GenreTerritoire)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="enfants", verbose_name="fait partie de"
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "territoire"
        verbose_name_plural = "territoires"
        ordering = ("nom", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["nom", "parent"],
                name="territoire_nom_unique",
                violation_error_message="Ce territoire existe déjà.",
            ),
            # SQLite and PostgreSQL both hold two rows without parent as different.
            models.UniqueConstraint(
                fields=["nom"],
                condition=Q(parent__isnull=True),
                name="territoire_racine_unique",
                violation_error_message="Ce territoire existe déjà.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class ExerciceQuerySet(models.QuerySet["Exercice"]):
    def contenant(self, jour: datetime.date) -> "ExerciceQuerySet":
        """Keep the exercice that contains that day."""
        return self.filter(debut__lte=jour, fin__gte=jour)

    def non_termines(self, jour: datetime.date) -> "ExerciceQuerySet":
        """Keep the open exercices whose last day is not past: the current one and those to come."""
        return self.filter(est_clos=False, fin__gte=jour)


class Exercice(models.Model):
    """One fiscal year, from its first to its last day; once closed, read-only (R10)."""

    code = models.CharField(
        "code",
        max_length=9,
        unique=True,
        validators=[RegexValidator(r"^\d{4}-\d{4}$", "Écrivez un code comme 2023-2024.")],
    )
    debut = DateField("premier jour", unique=True)
    fin = DateField("dernier jour", unique=True)
    est_clos = models.BooleanField("clos", default=False)
    clos_le = models.DateTimeField("clos le", null=True, blank=True, editable=False)

    history = HistoricalRecords()
    objects = ExerciceQuerySet.as_manager()

    class Meta:
        verbose_name = "exercice"
        verbose_name_plural = "exercices"
        ordering = ("-debut",)
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__gt=F("debut")),
                name="exercice_fin_apres_debut",
                violation_error_message="Le dernier jour doit suivre le premier.",
            )
        ]

    def __str__(self) -> str:
        return self.code

    def contient(self, jour: datetime.date) -> bool:
        return bool(self.debut <= jour <= self.fin)

    @property
    def est_termine(self) -> bool:
        """Whether its last day is over; closed or not."""
        return bool(self.fin < timezone.localdate())

    @property
    def est_a_venir(self) -> bool:
        return bool(self.debut > timezone.localdate())


class CadreReferenceQuerySet(models.QuerySet["CadreReference"]):
    def en_vigueur(self, jour: datetime.date) -> "CadreReference | None":
        """Return the version in force that day: the last one adopted by then."""
        return self.filter(adopte_le__lte=jour).order_by("-adopte_le", "-pk").first()

    def suivant(self, cadre: "CadreReference") -> "CadreReference | None":
        """Return the version that replaced this one, or will."""
        apres = self.filter(Q(adopte_le__gt=cadre.adopte_le) | Q(adopte_le=cadre.adopte_le, pk__gt=cadre.pk))
        return apres.order_by("adopte_le", "pk").first()


class CadreReference(models.Model):
    """One dated version of the framework that says how the démarche works and decides."""

    version = models.CharField("version", max_length=40, unique=True)
    adopte_le = DateField("adopté le")
    texte = models.TextField("résumé", blank=True)
    definition_partenaire = models.TextField("définition du partenaire", blank=True)
    document = models.ForeignKey(
        "socle.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="document"
    )
    resolution = models.ForeignKey(
        "gouvernance.Resolution",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="résolution qui l’adopte",
    )

    history = HistoricalRecords()
    objects = CadreReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = "cadre de référence"
        verbose_name_plural = "cadres de référence"
        ordering = ("-adopte_le", "-pk")

    def __str__(self) -> str:
        return f"Cadre de référence, {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("gouvernance:cadre_detail", args=[self.pk])
