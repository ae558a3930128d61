"""What envelopes have granted, reserved, paid and have left; what remains of the sommes résiduelles (R8, R9)."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from chantiers.budget.models import Enveloppe, ResultatFinancier
from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.models import Decaissement, DemandeFonds
from demarche.socle.champs import MontantField

ZERO = Decimal(0)


@dataclass(frozen=True)
class SoldeEnveloppe:
    """Where one envelope stands; amounts in CAD."""

    enveloppe: Enveloppe
    accorde: Decimal  # less what was released
    reserve: Decimal  # asked by ballots still open
    paye: Decimal = ZERO
    libere: Decimal = ZERO

    @property
    def octroye(self) -> Decimal:
        """What was granted, before any release."""
        return self.accorde + self.libere

    @property
    def engage(self) -> Decimal:
        """Granted, paid or not, and reserved."""
        return self.accorde + self.reserve

    @property
    def a_payer(self) -> Decimal:
        return self.accorde - self.paye

    @property
    def disponible(self) -> Decimal:
        reste: Decimal = self.enveloppe.montant - self.engage
        return reste

    @property
    def est_terminee(self) -> bool:
        """Whether its period is over: it grants nothing more."""
        return self.enveloppe.au is not None and self.enveloppe.au < timezone.localdate()

    @property
    def est_utilisable(self) -> bool:
        """Whether it can grant today."""
        return bool(self.enveloppe.du <= timezone.localdate() and not self.est_terminee)

    def peut_financer(self, demande: DemandeFonds) -> bool:
        """Whether its chantier, when it is reserved to one, is that of the request."""
        return self.enveloppe.chantier_id in (None, demande.action_collective.chantier_id)


def somme_des_demandes(expression: object, condition: Q) -> Coalesce:
    """Return the sum of an expression over the requests of each envelope, zero when there is none."""
    return Coalesce(Sum(expression, filter=condition), ZERO, output_field=MontantField())


def soldes_enveloppes(
    *, sauf: DemandeFonds | None = None, parmi: QuerySet[Enveloppe] | None = None
) -> list[SoldeEnveloppe]:
    """Return where every envelope stands, in one query; `sauf` leaves one request out of the sums (R8)."""
    compte = Q() if sauf is None or sauf.pk is None else ~Q(demandes__pk=sauf.pk)
    accordees = compte & Q(demandes__etat=EtatDemande.ACCORDEE)
    en_deliberation = compte & Q(demandes__etat=EtatDemande.EN_DELIBERATION)
    sommes = {
        "accorde": somme_des_demandes(F("demandes__montant_accorde") - F("demandes__montant_libere"), accordees),
        "reserve": somme_des_demandes("demandes__montant_reserve", en_deliberation),
        "paye": somme_des_demandes("demandes__montant_paye", accordees),
        "libere": somme_des_demandes("demandes__montant_libere", accordees),
    }
    enveloppes = Enveloppe.objects.all() if parmi is None else parmi
    return [
        SoldeEnveloppe(enveloppe, **{nom: getattr(enveloppe, nom) for nom in sommes})
        for enveloppe in enveloppes.annotate(**sommes).select_related("chantier").order_by("-du", "nom")
    ]


def solde_enveloppe(pk: int, *, sauf: DemandeFonds | None = None) -> SoldeEnveloppe | None:
    """Return where one envelope stands, None when it does not exist."""
    return next(iter(soldes_enveloppes(sauf=sauf, parmi=Enveloppe.objects.filter(pk=pk))), None)


def disponible(enveloppe: Enveloppe, *, sauf: DemandeFonds | None = None) -> Decimal:
    """Return what one envelope can still commit, in CAD; the caller holds its lock when it is about to commit."""
    solde = solde_enveloppe(enveloppe.pk, sauf=sauf)
    return solde.disponible if solde else ZERO


def soldes_utilisables(demande: DemandeFonds | None = None) -> list[SoldeEnveloppe]:
    """Return where the envelopes stand that can be used today, and that may fund this request if one is given."""
    soldes = [solde for solde in soldes_enveloppes() if solde.est_utilisable]
    return [s for s in soldes if s.peut_financer(demande)] if demande else soldes


def demandes_de_l_enveloppe(enveloppe: Enveloppe, etat: str) -> QuerySet[DemandeFonds]:
    """Return the requests in that state that this envelope pays or may pay, the last decided first."""
    return (
        enveloppe.demandes.filter(etat=etat)
        .select_related("action_collective", "organisation", "resolution")
        .order_by("-decidee_le", "-soumise_le", "-pk")
    )


# The sommes résiduelles, today.


@dataclass(frozen=True)
class SoldeSurplus:
    """Where one envelope of the surplus stands, and what of its payments the last known result already counts."""

    solde: SoldeEnveloppe
    paye_avant: Decimal  # on the last day of the last exercice whose result is known

    @property
    def a_couvrir(self) -> Decimal:
        """What the sommes résiduelles must hold for it: all it may still grant, or, once over, what it granted."""
        plafond = self.solde.engage if self.solde.est_terminee else self.solde.enveloppe.montant
        reste: Decimal = plafond - self.paye_avant
        return reste

    @property
    def engage(self) -> Decimal:
        return self.solde.engage - self.paye_avant


@dataclass(frozen=True)
class EtatSurplus:
    """The sommes résiduelles as they stand today; amounts in CAD (R9)."""

    total: Decimal  # on the day `arrete_au`
    arrete_au: datetime.date | None  # None: no result is recorded yet
    enveloppes: tuple[SoldeSurplus, ...]

    @property
    def a_couvrir(self) -> Decimal:
        """The sum of the envelopes of the surplus, less what is already gone from the total."""
        return sum((e.a_couvrir for e in self.enveloppes), ZERO)

    @property
    def engage(self) -> Decimal:
        """What these envelopes have granted or reserved since, paid or not."""
        return sum((e.engage for e in self.enveloppes), ZERO)

    @property
    def reste(self) -> Decimal:
        """What nothing granted or reserved has taken yet."""
        return self.total - self.engage

    @property
    def depassement(self) -> Decimal:
        """By how much the envelopes exceed what there is; zero when they do not."""
        return max(self.a_couvrir - self.total, ZERO)


def etat_surplus(*, sauf: DemandeFonds | None = None) -> EtatSurplus:
    """Return what remains today of the sommes résiduelles, in three queries; `sauf` leaves one request out.

    Rule:   opening balance + every known result, less what the envelopes of the surplus granted and reserved. What
            they paid up to the last known result is in that result already, and is not taken twice.
    Source: R9.
    """
    resultats = list(ResultatFinancier.objects.select_related("exercice").order_by("exercice__debut"))
    ouverture = resultats[0].solde_ouverture if resultats else ZERO
    arrete_au = resultats[-1].exercice.fin if resultats else None
    soldes = soldes_enveloppes(sauf=sauf, parmi=Enveloppe.objects.filter(est_surplus=True))
    avant = dict(
        Decaissement.objects.filter(demande__enveloppe__est_surplus=True, date__lte=arrete_au or datetime.date.min)
        .exclude(demande=sauf.pk if sauf else None)
        .values_list("demande__enveloppe")
        .annotate(somme=Sum("montant", output_field=MontantField()))
        .order_by()
    )
    return EtatSurplus(
        total=ouverture + sum((r.montant for r in resultats), ZERO),
        arrete_au=arrete_au,
        enveloppes=tuple(SoldeSurplus(solde, avant.get(solde.enveloppe.pk, ZERO)) for solde in soldes),
    )


# After a decision.


@dataclass(frozen=True)
class ApresDecision:
    """What the envelope of a request has before and after granting it; amounts in CAD (R8)."""

    enveloppe: Enveloppe
    avant: Decimal
    montant: Decimal
    surplus_avant: Decimal | None = None  # of the sommes résiduelles, when the envelope is of the surplus (R9)

    @property
    def reste(self) -> Decimal:
        return self.avant - self.montant

    @property
    def reste_surplus(self) -> Decimal | None:
        """What remains of the sommes résiduelles; None when the money comes from elsewhere."""
        return None if self.surplus_avant is None else self.surplus_avant - self.montant


def apres_octroi(demande: DemandeFonds, montant: Decimal) -> ApresDecision | None:
    """Return what the envelope of a request still to decide has left once it grants this amount, zero to refuse."""
    if demande.enveloppe is None:
        return None
    surplus = etat_surplus(sauf=demande).reste if demande.enveloppe.est_surplus else None
    return ApresDecision(demande.enveloppe, disponible(demande.enveloppe, sauf=demande), montant, surplus)


def solde_de(demande: DemandeFonds) -> ApresDecision | None:
    """Return what a decision leaves in the envelope of its request: as it was written then, whatever moved since.

    While a ballot is open, what there will be if it says yes. None without envelope, or when nothing was decided.
    """
    if demande.etat == EtatDemande.EN_DELIBERATION:
        return apres_octroi(demande, demande.montant_reserve)
    if demande.enveloppe is None or demande.reste_enveloppe is None:
        return None
    return ApresDecision(demande.enveloppe, demande.reste_enveloppe, ZERO, demande.reste_surplus)


def restes_apres(demande: DemandeFonds) -> list[ApresDecision]:
    """Return what each envelope that may fund a request today has left once the whole amount asked is granted.

    Negative: not enough.
    """
    soldes = soldes_utilisables(demande)
    surplus = etat_surplus().reste if any(solde.enveloppe.est_surplus for solde in soldes) else None
    return [
        ApresDecision(
            solde.enveloppe,
            solde.disponible,
            demande.montant_demande,
            surplus if solde.enveloppe.est_surplus else None,
        )
        for solde in soldes
    ]


def sommes_engagees(demandes: "QuerySet[DemandeFonds]") -> dict[int | None, Decimal]:
    """Return what these requests commit of each envelope, in one query: granted, less released, plus reserved."""
    accorde = Sum(
        F("montant_accorde") - F("montant_libere"), filter=Q(etat=EtatDemande.ACCORDEE), output_field=MontantField()
    )
    reserve = Sum("montant_reserve", filter=Q(etat=EtatDemande.EN_DELIBERATION))
    sommes = demandes.order_by().values("enveloppe").annotate(accorde=accorde, reserve=reserve)
    return {s["enveloppe"]: (s["accorde"] or Decimal(0)) + (s["reserve"] or Decimal(0)) for s in sommes}
