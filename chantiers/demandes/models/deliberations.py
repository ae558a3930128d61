"""Where a request is put to the vote: its ballots, the points of the agendas it is on."""

from django.db import models
from simple_history.models import HistoricalRecords

from chantiers.demandes.models.demandes import DemandeFonds
from demarche.rencontres.models import PointOrdreDuJour
from demarche.scrutins.models import Scrutin
from demarche.socle.champs import MontantField


class Deliberation(models.Model):
    """One ballot held on one request; a ballot without quorum is followed by another."""

    demande = models.ForeignKey(
        DemandeFonds, on_delete=models.PROTECT, related_name="deliberations", verbose_name="demande"
    )
    scrutin = models.OneToOneField(
        Scrutin, on_delete=models.PROTECT, related_name="deliberation", verbose_name="scrutin"
    )
    # Frozen at opening: what the vote is about, maybe less than what is asked, maybe with conditions.
    montant = MontantField("montant soumis au vote")
    conditions = models.TextField("conditions", blank=True)
    # Of a meeting: the reason it kept, whatever it decided; that of a remote ballot is in the text voted.
    motif = models.TextField("motif retenu en rencontre", blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "délibération"
        verbose_name_plural = "délibérations"
        ordering = ("demande", "pk")

    def __str__(self) -> str:
        return str(self.scrutin)


class PointDemande(models.Model):
    """The request that one point of an agenda is about."""

    point = models.OneToOneField(
        PointOrdreDuJour, on_delete=models.CASCADE, related_name="demande_de_fonds", verbose_name="point"
    )
    demande = models.ForeignKey(DemandeFonds, on_delete=models.PROTECT, related_name="points", verbose_name="demande")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "demande à l’ordre du jour"
        verbose_name_plural = "demandes à l’ordre du jour"
        ordering = ("point",)

    def __str__(self) -> str:
        return f"{self.demande} : {self.point.rencontre}"
