"""Meetings: the agenda, who sat, the minutes."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from demarche.gouvernance.models import Rencontre, Siege
from demarche.rencontres.enums import EtatPoint, EtatPresence, EtatProcesVerbal, GenrePoint
from demarche.socle.champs import DateField


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


class PresenceSiege(models.Model):
    """One seat at one meeting: present, excused or absent, and who held it that day (R3, R4)."""

    rencontre = models.ForeignKey(
        Rencontre, on_delete=models.CASCADE, related_name="presences_sieges", verbose_name="rencontre"
    )
    siege = models.ForeignKey(Siege, on_delete=models.PROTECT, related_name="+", verbose_name="siège")
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="titulaire ce jour-là",
    )
    etat = models.CharField("présence", max_length=8, choices=EtatPresence)
    arrivee_a = models.TimeField("arrivée à", null=True, blank=True)
    depart_a = models.TimeField("départ à", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "présence d’un siège"
        verbose_name_plural = "présences des sièges"
        ordering = ("rencontre", "siege__numero")
        constraints = [
            models.UniqueConstraint(
                fields=["rencontre", "siege"],
                name="presence_siege_unique",
                violation_error_message="Ce siège est déjà noté à cette rencontre.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.siege} : {self.get_etat_display()}"


class ProcesVerbal(models.Model):
    """The minutes of one meeting: drafted from its rows, edited, adopted at a later meeting, then frozen (R7)."""

    rencontre = models.OneToOneField(
        Rencontre, on_delete=models.PROTECT, related_name="proces_verbal", verbose_name="rencontre"
    )
    etat = models.CharField("état", max_length=8, choices=EtatProcesVerbal, default=EtatProcesVerbal.PROJET)
    ouverture = models.TextField("ouverture", blank=True)
    cloture = models.TextField("clôture", blank=True)
    redige_le = models.DateTimeField("rédigé le", default=timezone.now, editable=False)
    redige_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="rédigé par"
    )
    adopte_le = DateField("adopté le", null=True, blank=True)
    adopte_a = models.ForeignKey(
        Rencontre,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="proces_verbaux_adoptes",
        verbose_name="adopté à",
    )
    # Frozen at adoption: what the document says, the document, and where the register stood.
    donnees = models.JSONField("contenu figé", null=True, blank=True, editable=False)
    document = models.ForeignKey(
        "socle.Document",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="document",
    )
    empreinte_document = models.CharField("empreinte du document", max_length=64, blank=True, editable=False)
    numero_registre = models.PositiveIntegerField("dernière ligne du registre", null=True, blank=True, editable=False)
    empreinte_registre = models.CharField("tête du registre", max_length=64, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "procès-verbal"
        verbose_name_plural = "procès-verbaux"
        ordering = ("-rencontre__date", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    etat="adopte",
                    adopte_le__isnull=False,
                    adopte_a__isnull=False,
                    donnees__isnull=False,
                    document__isnull=False,
                )
                | Q(etat="projet", adopte_le__isnull=True, adopte_a__isnull=True, document__isnull=True),
                name="proces_verbal_adopte_fige",
                violation_error_message="Un procès-verbal adopté porte sa date, sa rencontre et son document.",
            )
        ]

    def __str__(self) -> str:
        return f"Procès-verbal : {self.rencontre}"

    def get_absolute_url(self) -> str:
        return reverse("rencontres:proces_verbal_detail", args=[self.pk])

    @property
    def est_adopte(self) -> bool:
        return self.etat == EtatProcesVerbal.ADOPTE
