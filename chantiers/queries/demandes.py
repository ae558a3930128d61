"""Requests for funds: who counts with whom, what envelopes have left, who took part."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from chantiers.allocation import PartDuTotal
from chantiers.enums import COMPTEES, EtatDemande
from chantiers.models import (
    DemandeFonds,
    Enveloppe,
)
from demarche.champs import MontantField
from demarche.enums import GenreInstance
from demarche.models import Electeur, Scrutin, Siege, Utilisateur
from partenaires.models import Organisation, Representation

ZERO = Decimal(0)


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
            montant=autre.montant_demande
            if autre.montant_accorde is None
            else autre.montant_accorde - autre.montant_libere,
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
        reste: Decimal = self.enveloppe.montant - self.accorde - self.reserve
        return reste


def soldes_enveloppes(*, sauf: DemandeFonds | None = None) -> list[SoldeEnveloppe]:
    """Return where every envelope stands, in one query; `sauf` leaves one request out of the sums (R8)."""
    compte = Q() if sauf is None or sauf.pk is None else ~Q(demandes__pk=sauf.pk)
    somme = {
        "accorde": Coalesce(
            Sum(
                F("demandes__montant_accorde") - F("demandes__montant_libere"),
                filter=compte & Q(demandes__etat=EtatDemande.ACCORDEE),
            ),
            ZERO,
            output_field=MontantField(),
        ),
        "reserve": Coalesce(
            Sum("demandes__montant_reserve", filter=compte & Q(demandes__etat=EtatDemande.EN_DELIBERATION)),
            ZERO,
            output_field=MontantField(),
        ),
    }
    return [
        SoldeEnveloppe(enveloppe, accorde=enveloppe.accorde, reserve=enveloppe.reserve)  # type: ignore[attr-defined]
        for enveloppe in Enveloppe.objects.annotate(**somme).order_by("-du", "nom")
    ]


def disponible(enveloppe: Enveloppe, *, sauf: DemandeFonds | None = None) -> Decimal:
    """Return what one envelope can still commit, in CAD; the caller holds its lock when it is about to commit."""
    return next(s.disponible for s in soldes_enveloppes(sauf=sauf) if s.enveloppe.pk == enveloppe.pk)


def demandes_visibles(
    visiteur: Utilisateur, *, etats: Iterable[str], organisations: Iterable[int]
) -> QuerySet[DemandeFonds]:
    """Return the requests a person may list, ready to show in one query.

    One's own, those of one's organisations, and those of others in the states `etats`.
    """
    visibles = Q(demandeur=visiteur) | Q(organisation__in=organisations) | Q(etat__in=etats)
    return DemandeFonds.objects.filter(visibles).select_related(
        "action_collective", "organisation", "demandeur", "instance_gouvernance", "exercice", "resolution"
    )


@dataclass(frozen=True)
class Participation:
    """One seat called to a ballot: whether it took part, never how it voted (R5)."""

    siege: str
    nom: str
    organisation: str
    etat: (
        str  # « a_vote », « recuse », « attendu » (« absent » once the ballot is closed), « vacant »: not called (R3)
    )


def participations(scrutin: Scrutin) -> list[Participation]:
    """Return who took part in a ballot, seat by seat, in four queries; the vacant seats last."""
    electeurs = list(scrutin.electeurs.select_related("siege", "utilisateur", "vote", "recusation").order_by("numero"))
    jour = timezone.localdate(scrutin.ouvert_le)
    organisations = {
        representation.siege_id: representation.organisation.nom
        for representation in Representation.objects.en_vigueur(jour)
        .filter(siege__in=[electeur.siege_id for electeur in electeurs])
        .select_related("organisation")
    }

    def etat(electeur: Electeur) -> str:
        if hasattr(electeur, "recusation"):
            return "recuse"
        if hasattr(electeur, "vote"):
            return "a_vote"
        return "attendu" if scrutin.est_ouvert else "absent"

    appeles = [
        Participation(e.libelle, str(e.utilisateur or ""), organisations.get(e.siege_id or 0, ""), etat(e))
        for e in electeurs
    ]
    vacants = scrutin.instance_gouvernance.sieges.filter(est_actif=True).exclude(
        pk__in=[electeur.siege_id for electeur in electeurs if electeur.siege_id]
    )
    return appeles + [Participation(str(siege), "", "", "vacant") for siege in vacants if electeurs]


def organisations_en_cause(demande: DemandeFonds) -> set[int]:
    """Return the organisations that carry, support or ask: whoever sits for one is asked about a conflict (R4)."""
    action = demande.action_collective
    citees = {demande.organisation_id, action.porteur_id, *action.partenaires.values_list("pk", flat=True)}
    return {pk for pk in citees if pk is not None}


def siege_en_cause(demande: DemandeFonds, siege: Siege) -> Organisation | None:
    """Return the organisation that the seat stands for today when the request concerns it (R4)."""
    representation = (
        Representation.objects.en_vigueur(timezone.localdate())
        .filter(siege=siege, organisation__in=organisations_en_cause(demande))
        .select_related("organisation")
        .first()
    )
    return representation.organisation if representation else None


def date_promise(demande: DemandeFonds) -> datetime.date | None:
    """Return by when the person who asks can expect the next step.

    A ballot open: its deadline. Waiting for the coordination or for a ballot: the instance's own delay after the
    submission. Waiting for the assemblée: its next meeting; None when none is planned.
    """
    if demande.etat == EtatDemande.EN_DELIBERATION:
        scrutin = demande.scrutin
        return timezone.localdate(scrutin.echeance) if scrutin and scrutin.echeance else None
    instance = demande.instance_gouvernance
    if demande.etat != EtatDemande.SOUMISE or instance is None or demande.soumise_le is None:
        return None
    if instance.genre == GenreInstance.ASSEMBLEE:
        prochaine = instance.rencontres.filter(date__gte=timezone.localdate()).order_by("date").first()
        return prochaine.date if prochaine else None
    return timezone.localdate(demande.soumise_le) + datetime.timedelta(days=instance.delai_jours)


def soldes_utilisables() -> list[SoldeEnveloppe]:
    """Return where the envelopes stand that can be used today."""
    jour = timezone.localdate()
    return [
        solde
        for solde in soldes_enveloppes()
        if solde.enveloppe.du <= jour and (solde.enveloppe.au is None or solde.enveloppe.au >= jour)
    ]


@dataclass(frozen=True)
class ApresDecision:
    """What the envelope of a request has before and after granting it; amounts in CAD (R8)."""

    enveloppe: Enveloppe
    avant: Decimal
    montant: Decimal

    @property
    def reste(self) -> Decimal:
        return self.avant - self.montant


def solde_de(demande: DemandeFonds) -> ApresDecision | None:
    """Return what remains in the envelope of a request after its decision; None without an envelope."""
    if demande.enveloppe is None:
        return None
    montant = demande.montant_accorde or demande.montant_reserve or demande.montant_demande
    return ApresDecision(demande.enveloppe, disponible(demande.enveloppe, sauf=demande), montant)


def restes_apres(demande: DemandeFonds) -> list[ApresDecision]:
    """Return what each envelope usable today has left once the whole amount asked is granted; negative: not enough."""
    return [
        ApresDecision(solde.enveloppe, solde.disponible, demande.montant_demande) for solde in soldes_utilisables()
    ]
