"""Who decides: instances, seats, mandates."""

import datetime

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from demarche.gouvernance.enums import GenreInstance, GenreSiege, ModeDecision
from demarche.gouvernance.models.regles_decision import RegleDecision, quorum_chiffre
from demarche.socle.models import Periode
from demarche.socle.models.periodes import PeriodeQuerySet, fin_apres_debut


class InstanceGouvernance(RegleDecision):
    """One instance of the démarche: what it is for, where it hangs, how it decides."""

    nom = models.CharField("nom", max_length=120, unique=True)
    genre = models.CharField("genre", max_length=20, choices=GenreInstance)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="enfants", verbose_name="relève de"
    )
    prefixe = models.CharField(
        "préfixe des résolutions", max_length=6, unique=True, help_text="Par exemple CP pour CP-2023-2024-007."
    )
    role = models.TextField("rôle", blank=True)
    mode_decision = models.CharField(
        "mode de décision", max_length=20, choices=ModeDecision, default=ModeDecision.MAIN_LEVEE
    )
    delai_jours = models.PositiveSmallIntegerField(
        "durée d’un scrutin, en jours", default=7, validators=[MinValueValidator(1)]
    )
    nomme_proposeurs = models.BooleanField("nomme qui propose et qui appuie", default=False)
    est_active = models.BooleanField("active", default=True)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "instance de gouvernance"
        verbose_name_plural = "instances de gouvernance"
        ordering = ("ordre", "nom")
        constraints = [
            # A decision must find one decider, not two.
            models.UniqueConstraint(
                fields=["genre"],
                condition=models.Q(genre__in=["assemblee", "comite_pilotage", "coordination"], est_active=True),
                name="instance_decisionnelle_unique",
                violation_error_message="Une instance active de ce genre existe déjà.",
            ),
            quorum_chiffre("instance_quorum"),
            # One person decides in the coordination, and nowhere else.
            models.CheckConstraint(
                condition=models.Q(genre="coordination", mode_decision="une_personne")
                | ~models.Q(genre="coordination") & ~models.Q(mode_decision="une_personne"),
                name="instance_mode_du_genre",
                violation_error_message="Une personne décide seule à la coordination, et là seulement.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        return reverse("gouvernance:instance_detail", args=[self.pk])


class Siege(models.Model):
    """One seat of an instance; it has one vote, which its holder of the day casts (R3)."""

    instance_gouvernance = models.ForeignKey(
        InstanceGouvernance, on_delete=models.PROTECT, related_name="sieges", verbose_name="instance"
    )
    numero = models.PositiveSmallIntegerField("numéro")
    genre = models.CharField("genre", max_length=20, choices=GenreSiege)
    libelle = models.CharField("libellé", max_length=120)
    est_actif = models.BooleanField("actif", default=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "siège"
        verbose_name_plural = "sièges"
        ordering = ("instance_gouvernance", "numero")
        constraints = [
            models.UniqueConstraint(
                fields=["instance_gouvernance", "numero"],
                name="siege_numero_unique",
                violation_error_message="Ce numéro de siège est déjà pris.",
            )
        ]

    def __str__(self) -> str:
        return self.libelle

    def get_absolute_url(self) -> str:
        return reverse("gouvernance:siege_detail", args=[self.pk])


class MandatQuerySet(PeriodeQuerySet):
    def en_vigueur(self, jour: datetime.date) -> "MandatQuerySet":
        """Keep the mandates that hold on that day; one ended that day by the team stopped at once (R3)."""
        return super().en_vigueur(jour).exclude(termine_le__isnull=False, au=jour)


class Mandat(Periode):
    """One person who holds a seat, from a day to another; ended early, it stops at the instant it is ended."""

    siege = models.ForeignKey(Siege, on_delete=models.PROTECT, related_name="mandats", verbose_name="siège")
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mandats", verbose_name="titulaire"
    )
    termine_le = models.DateTimeField("terminé le", null=True, blank=True, editable=False)
    avertie_le = models.DateTimeField(
        "fin annoncée le",
        null=True,
        blank=True,
        editable=False,
        help_text="Quand la coordination a reçu le courriel qui annonce la fin de ce mandat.",
    )

    history = HistoricalRecords()
    objects = MandatQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "mandat"
        verbose_name_plural = "mandats"
        ordering = ("siege", "-du")
        constraints = [
            fin_apres_debut("mandat_periode"),
            models.UniqueConstraint(
                fields=["siege"],
                condition=models.Q(au__isnull=True),
                name="mandat_un_titulaire",
                violation_error_message="Ce siège a déjà un titulaire : terminez d’abord son mandat.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.siege} : {self.utilisateur}"

    def en_vigueur(self, jour: datetime.date) -> bool:
        return super().en_vigueur(jour) and not (self.termine_le is not None and self.au == jour)
