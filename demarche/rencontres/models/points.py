"""The agenda of a meeting."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from demarche.gouvernance.models import Rencontre
from demarche.rencontres.enums import EtatPoint, GenrePoint


class PointOrdreDuJour(models.Model):
    """One point of the agenda of one meeting: what it is about, what came of it."""

    rencontre = models.ForeignKey(Rencontre, on_delete=models.CASCADE, related_name="points", verbose_name="rencontre")
    ordre = models.PositiveSmallIntegerField("ordre")
    genre = models.CharField("genre", max_length=16, choices=GenrePoint, default=GenrePoint.LIBRE)
    titre = models.CharField("titre", max_length=200)
    texte = models.TextField("texte proposé", blank=True, help_text="Le texte de la résolution, ou une explication.")
    duree_minutes = models.PositiveSmallIntegerField(
        "durée, en minutes", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    est_public = models.BooleanField("montré à l’agenda public", default=True)
    etat = models.CharField("état", max_length=12, choices=EtatPoint, default=EtatPoint.A_TRAITER)
    notes = models.TextField("notes", blank=True, help_text="Prises pendant la rencontre.")
    compte_rendu = models.TextField("compte rendu", blank=True, help_text="Ce que dira le procès-verbal.")
    proposee_par = models.CharField("proposée par", max_length=120, blank=True)
    appuyee_par = models.CharField("appuyée par", max_length=120, blank=True)
    scrutin = models.OneToOneField(
        "scrutins.Scrutin",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="point",
        verbose_name="vote tenu sur ce point",
    )
    resolution = models.OneToOneField(
        "gouvernance.Resolution",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="point",
        verbose_name="résolution",
    )
    consultation = models.ForeignKey(
        "scrutins.Scrutin",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="points_d_enterinement",
        verbose_name="consultation à entériner",
    )
    proces_verbal = models.ForeignKey(
        "rencontres.ProcesVerbal",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="points_d_adoption",
        verbose_name="procès-verbal à adopter",
    )
    corrige = models.ForeignKey(
        "gouvernance.Resolution",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="corrige la résolution",
    )
    reporte_de = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reporte_a",
        verbose_name="reporté de",
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "point à l’ordre du jour"
        verbose_name_plural = "points à l’ordre du jour"
        ordering = ("rencontre", "ordre", "pk")
        constraints = [
            models.CheckConstraint(
                condition=~Q(genre="enterinement") | Q(consultation__isnull=False),
                name="point_enterinement_cite",
                violation_error_message="Choisissez la consultation à entériner.",
            ),
            models.CheckConstraint(
                condition=~Q(genre="proces_verbal") | Q(proces_verbal__isnull=False),
                name="point_proces_verbal_cite",
                violation_error_message="Choisissez le procès-verbal à adopter.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre
