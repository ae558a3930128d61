"""Ballots: the question put to an instance, its electors, their votes and recusals (R3 to R6)."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from demarche.enums import Choix, EtatScrutin, Issue, ModeDecision

from .gouvernance import InstanceGouvernance, Siege
from .rencontres import Rencontre


class ScrutinQuerySet(models.QuerySet["Scrutin"]):
    def ouverts(self) -> "ScrutinQuerySet":
        return self.filter(etat=EtatScrutin.OUVERT)

    def echus(self, instant: datetime.datetime) -> "ScrutinQuerySet":
        """Keep the open ballots whose deadline has passed."""
        return self.ouverts().filter(echeance__lte=instant)


class Scrutin(models.Model):
    """One question decided by an instance: an online ballot, a count in a meeting, or one person's decision."""

    instance_gouvernance = models.ForeignKey(
        InstanceGouvernance, on_delete=models.PROTECT, related_name="scrutins", verbose_name="instance"
    )
    mode = models.CharField("mode", max_length=20, choices=ModeDecision)
    question = models.CharField("question", max_length=250)
    texte = models.TextField("texte soumis au vote", help_text="Figé à l’ouverture.")
    etat = models.CharField("état", max_length=10, choices=EtatScrutin, default=EtatScrutin.OUVERT)
    ouvert_le = models.DateTimeField("ouvert le", default=timezone.now)
    ouvert_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="ouvert par"
    )
    demandeur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="personne qui demande",
        help_text="Ne vote jamais à ce scrutin, même nommée à un siège après l’ouverture.",
    )
    echeance = models.DateTimeField("échéance", null=True, blank=True)
    clos_le = models.DateTimeField("clos le", null=True, blank=True)
    issue = models.CharField("issue", max_length=12, choices=Issue, blank=True)
    rencontre = models.ForeignKey(
        Rencontre, null=True, blank=True, on_delete=models.PROTECT, related_name="scrutins", verbose_name="rencontre"
    )
    # Counts, written at closing; for a count in a meeting they come from the room.
    nb_electeurs = models.PositiveIntegerField("électeurs", default=0)
    nb_recusations = models.PositiveIntegerField("récusations", default=0)
    nb_presents = models.PositiveIntegerField("présents", null=True, blank=True)
    nb_pour = models.PositiveIntegerField("pour", default=0)
    nb_contre = models.PositiveIntegerField("contre", default=0)
    nb_abstentions = models.PositiveIntegerField("abstentions", default=0)

    history = HistoricalRecords()
    objects = ScrutinQuerySet.as_manager()

    class Meta:
        verbose_name = "scrutin"
        verbose_name_plural = "scrutins"
        ordering = ("-ouvert_le", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(etat="clos", clos_le__isnull=False) & ~Q(issue="") | ~Q(etat="clos") & Q(issue=""),
                name="scrutin_clos_avec_issue",
                violation_error_message="Un scrutin clos a une date et une issue.",
            ),
            models.CheckConstraint(
                condition=Q(nb_presents__isnull=True)
                | Q(nb_presents__gte=F("nb_pour") + F("nb_contre") + F("nb_abstentions")),
                name="scrutin_presents_suffisants",
                violation_error_message="Il y a plus de votes comptés que de personnes présentes.",
            ),
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def est_ouvert(self) -> bool:
        return self.etat == EtatScrutin.OUVERT

    def est_echu(self, instant: datetime.datetime) -> bool:
        return self.est_ouvert and self.echeance is not None and instant >= self.echeance


class Electeur(models.Model):
    """One filled seat called to one ballot, frozen at opening; its notice and its reading."""

    scrutin = models.ForeignKey(Scrutin, on_delete=models.CASCADE, related_name="electeurs", verbose_name="scrutin")
    siege = models.ForeignKey(Siege, on_delete=models.PROTECT, related_name="+", verbose_name="siège")
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="titulaire à l’ouverture"
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "électeur"
        verbose_name_plural = "électeurs"
        ordering = ("scrutin", "siege__numero")
        constraints = [
            models.UniqueConstraint(
                fields=["scrutin", "siege"],
                name="electeur_un_par_siege",
                violation_error_message="Ce siège est déjà appelé à ce scrutin.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.siege} : {self.scrutin}"


class Vote(models.Model):
    """The vote of one seat in one ballot; changing it keeps the earlier ones in history (R5)."""

    electeur = models.OneToOneField(Electeur, on_delete=models.CASCADE, related_name="vote", verbose_name="électeur")
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="voté par"
    )
    choix = models.CharField("choix", max_length=12, choices=Choix)
    commentaire = models.TextField("commentaire", blank=True)
    vote_le = models.DateTimeField("voté le", default=timezone.now)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "vote"
        verbose_name_plural = "votes"
        ordering = ("electeur",)

    def __str__(self) -> str:
        return f"Vote de {self.electeur}"


class Recusation(models.Model):
    """One seat that stands aside for a conflict of interest; it leaves the denominator (R4)."""

    electeur = models.OneToOneField(
        Electeur, on_delete=models.CASCADE, related_name="recusation", verbose_name="électeur"
    )
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="déclarée par"
    )
    motif = models.CharField("motif", max_length=250, blank=True)
    declaree_le = models.DateTimeField("déclarée le", default=timezone.now)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "récusation"
        verbose_name_plural = "récusations"
        ordering = ("electeur",)

    def __str__(self) -> str:
        return f"Récusation de {self.electeur}"
