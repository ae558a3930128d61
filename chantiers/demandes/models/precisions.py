"""The questions asked about a request."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.models.demandes import DemandeFonds
from demarche.socle.champs import DateField


class PrecisionDemandeQuerySet(models.QuerySet["PrecisionDemande"]):
    def sans_reponse(self) -> "PrecisionDemandeQuerySet":
        return self.filter(repondue_le__isnull=True)

    def en_attente(self) -> "PrecisionDemandeQuerySet":
        """Keep the questions that hold their request back: not those of a request expired or withdrawn since."""
        return self.sans_reponse().filter(demande__etat=EtatDemande.PRECISIONS)


class PrecisionDemande(models.Model):
    """One question the coordination asked about a request, and its answer; the request waits, and loses nothing."""

    demande = models.ForeignKey(
        DemandeFonds, on_delete=models.CASCADE, related_name="precisions", verbose_name="demande"
    )
    question = models.TextField("question")
    posee_le = models.DateTimeField("posée le", default=timezone.now)
    posee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="posée par"
    )
    avant_le = DateField("réponse attendue avant la fin du")
    reponse = models.TextField("réponse", blank=True)
    repondue_le = models.DateTimeField("répondue le", null=True, blank=True)

    history = HistoricalRecords()
    objects = PrecisionDemandeQuerySet.as_manager()

    class Meta:
        verbose_name = "précision demandée"
        verbose_name_plural = "précisions demandées"
        ordering = ("demande", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(repondue_le__isnull=True, reponse="") | Q(repondue_le__isnull=False) & ~Q(reponse=""),
                name="precision_repondue_avec_texte",
                violation_error_message="Une réponse a un texte.",
            ),
            models.UniqueConstraint(
                fields=["demande"],
                condition=Q(repondue_le__isnull=True),
                name="precision_une_en_attente",
                violation_error_message="Une question attend déjà une réponse.",
            ),
        ]

    def __str__(self) -> str:
        return self.question[:60]
