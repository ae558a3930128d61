"""What a request says: its breakdown, what others cover, who is concerned, its files."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from chantiers.demandes.enums import GenreApport
from chantiers.demandes.models.demandes import DemandeFonds
from demarche.socle.champs import MontantField
from demarche.socle.models import Document
from partenaires.models import Organisation


class PosteDemande(models.Model):
    """One line of what the money asked for would pay."""

    demande = models.ForeignKey(DemandeFonds, on_delete=models.CASCADE, related_name="postes", verbose_name="demande")
    libelle = models.CharField("poste", max_length=160)
    montant = MontantField("montant")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "poste de la demande"
        verbose_name_plural = "postes de la demande"
        ordering = ("demande", "pk")

    def __str__(self) -> str:
        return self.libelle


class ApportDemande(models.Model):
    """One part of the cost that somebody else covers, in money or in kind."""

    demande = models.ForeignKey(DemandeFonds, on_delete=models.CASCADE, related_name="apports", verbose_name="demande")
    genre = models.CharField("genre", max_length=14, choices=GenreApport)
    source = models.CharField("qui l’apporte", max_length=160)
    montant = MontantField("montant ou valeur")
    est_confirme = models.BooleanField("confirmé", default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "apport"
        verbose_name_plural = "apports"
        ordering = ("demande", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(montant__gt=0),
                name="apport_montant_positif",
                violation_error_message="Le montant doit dépasser zéro.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_genre_display()} : {self.source}"


class PieceDemande(models.Model):
    """One file attached to a request."""

    demande = models.ForeignKey(DemandeFonds, on_delete=models.CASCADE, related_name="pieces", verbose_name="demande")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+", verbose_name="document")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ("demande", "pk")

    def __str__(self) -> str:
        return str(self.document)


class OrganisationConcernee(models.Model):
    """One organisation that supplies what a request pays for, or benefits from it; its voice is asked (R4)."""

    demande = models.ForeignKey(
        DemandeFonds, on_delete=models.CASCADE, related_name="concernees", verbose_name="demande"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="organisation"
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "organisation concernée"
        verbose_name_plural = "organisations concernées"
        ordering = ("demande", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["demande", "organisation"],
                name="organisation_concernee_unique",
                violation_error_message="Cette organisation est déjà nommée.",
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)
