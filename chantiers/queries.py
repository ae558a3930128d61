"""Figures of the app `chantiers`, across models."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from demarche.champs import MontantField

from .allocation import PartDuTotal
from .enums import COMPTEES, EtatDemande
from .models import DemandeFonds, Enveloppe

ZERO = Decimal(0)


# Requests and what envelopes have left.


def autres_parts(demande: DemandeFonds) -> tuple[PartDuTotal, ...]:
    """Return the other requests of the same action and exercice that count in its total (R1).

    Shape:  granted ones at the amount granted, pending ones at the amount asked; drafts and refusals do not count.
    Unit:   CAD.
    """
    autres = (
        DemandeFonds.objects.filter(
            action_collective=demande.action_collective_id, exercice=demande.exercice_id, etat__in=COMPTEES
        )
        .exclude(pk=demande.pk)
        .order_by("soumise_le", "pk")
    )
    return tuple(
        PartDuTotal(
            libelle=autre.titre,
            montant=autre.montant_accorde if autre.montant_accorde is not None else autre.montant_demande,
            est_accordee=autre.etat == EtatDemande.ACCORDEE,
        )
        for autre in autres
    )


@dataclass(frozen=True)
class SoldeEnveloppe:
    """Where one envelope stands; amounts in CAD."""

    enveloppe: Enveloppe
    accorde: Decimal
    reserve: Decimal  # asked by ballots still open

    @property
    def disponible(self) -> Decimal:
        return self.enveloppe.montant - self.accorde - self.reserve


def soldes_enveloppes(*, sauf: DemandeFonds | None = None) -> list[SoldeEnveloppe]:
    """Return where every envelope stands, in one query; `sauf` leaves one request out of the sums (R8)."""
    compte = Q() if sauf is None or sauf.pk is None else ~Q(demandes__pk=sauf.pk)
    somme = {
        "accorde": Coalesce(
            Sum("demandes__montant_accorde", filter=compte & Q(demandes__etat=EtatDemande.ACCORDEE)),
            ZERO,
            output_field=MontantField(),
        ),
        "reserve": Coalesce(
            Sum("demandes__montant_demande", filter=compte & Q(demandes__etat=EtatDemande.EN_DELIBERATION)),
            ZERO,
            output_field=MontantField(),
        ),
    }
    return [SoldeEnveloppe(e, e.accorde, e.reserve) for e in Enveloppe.objects.annotate(**somme)]


def disponible(enveloppe: Enveloppe, *, sauf: DemandeFonds | None = None) -> Decimal:
    """Return what one envelope can still commit, in CAD; the caller holds its lock when it is about to commit."""
    return next(s.disponible for s in soldes_enveloppes(sauf=sauf) if s.enveloppe.pk == enveloppe.pk)
