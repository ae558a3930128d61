"""The minutes of a meeting."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from demarche.gouvernance.models import Rencontre
from demarche.rencontres.enums import EtatProcesVerbal
from demarche.socle.champs import DateField


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
