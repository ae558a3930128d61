"""What was paid on a grant; a mistake is reversed by another entry, never erased (R8)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from chantiers.demandes.enums import GenreDecaissement
from chantiers.demandes.models.demandes import DemandeFonds
from demarche.gouvernance.models import Exercice
from demarche.socle.champs import DateField
from demarche.socle.models import Document

MESSAGE_RECU = "Joignez le reçu : un remboursement se fait sur preuve."


class Decaissement(models.Model):
    """One payment on a granted request, or the entry that reverses one: same amount, negative."""

    demande = models.ForeignKey(
        DemandeFonds, on_delete=models.PROTECT, related_name="decaissements", verbose_name="demande"
    )
    exercice = models.ForeignKey(
        Exercice, on_delete=models.PROTECT, related_name="decaissements", verbose_name="exercice de la dépense"
    )
    genre = models.CharField("genre", max_length=16, choices=GenreDecaissement)
    montant = models.DecimalField("montant", max_digits=12, decimal_places=2)
    date = DateField("date")
    beneficiaire = models.CharField("payé à", max_length=160)
    libelle = models.CharField("pour", max_length=200)
    reference = models.CharField("référence", max_length=60, blank=True, help_text="Numéro de chèque ou de virement.")
    recu = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="reçu"
    )
    contrepasse = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contrepassation",
        verbose_name="annule le paiement",
    )
    motif = models.CharField("motif de l’annulation", max_length=250, blank=True)
    inscrit_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="inscrit par"
    )
    inscrit_le = models.DateTimeField("inscrit le", default=timezone.now, editable=False)

    history = HistoricalRecords(excluded_fields=["beneficiaire"])

    class Meta:
        verbose_name = "paiement"
        verbose_name_plural = "paiements"
        ordering = ("-date", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(contrepasse__isnull=True, montant__gt=0, motif="")
                | Q(contrepasse__isnull=False, montant__lt=0) & ~Q(motif=""),
                name="decaissement_signe",
                violation_error_message="Un paiement dépasse zéro; son annulation est négative et dit pourquoi.",
            ),
            models.CheckConstraint(
                condition=~Q(genre="remboursement") | Q(recu__isnull=False) | Q(contrepasse__isnull=False),
                name="decaissement_remboursement_avec_recu",
                violation_error_message="Un remboursement demande un reçu.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_genre_display()} : {self.demande}"
