"""What the same porteur asked for within a year, all actions together: a sign for whoever reads, never a rule (R1)."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils import timezone

from chantiers.demandes.enums import COMPTEES, ORDRE_INSTANCES, InstanceDecision
from chantiers.demandes.models import DemandeFonds, RegleAllocation
from demarche.gouvernance.models import Exercice
from partenaires.models import Organisation

AU_MOINS = 2  # one request alone splits nothing


@dataclass(frozen=True)
class CumulPorteur:
    """The requests of one porteur over twelve months, granted or pending, past a threshold; amounts in CAD."""

    porteur: Organisation
    total: Decimal
    nombre: int
    seuil: Decimal
    depasse: bool  # False: the total has just reached the threshold under which the coordination decides


def il_y_a_un_an() -> datetime.date:
    """Return the same day a year ago, the first of the twelve months that end today; 28 February for the 29th."""
    jour = timezone.localdate()
    if (jour.month, jour.day) == (2, 29):
        return jour.replace(year=jour.year - 1, day=28)
    return jour.replace(year=jour.year - 1)


def demandes_du_porteur(porteur: int, demandes: QuerySet[DemandeFonds]) -> QuerySet[DemandeFonds]:
    """Keep, among these requests, those of one porteur that count over the last twelve months."""
    return _des_douze_mois(demandes, {porteur})


def _des_douze_mois(demandes: QuerySet[DemandeFonds], porteurs: set[int]) -> QuerySet[DemandeFonds]:
    return demandes.filter(
        Q(organisation__in=porteurs) | Q(organisation__isnull=True, action_collective__porteur__in=porteurs),
        etat__in=COMPTEES,
        soumise_le__date__gte=il_y_a_un_an(),
    )


def porteur_de(demande: DemandeFonds) -> int | None:
    """Return the organisation that asks, else the one that carries the action; the démarche itself is no porteur."""
    porteur: int | None = demande.organisation_id or demande.action_collective.porteur_id
    return porteur


def cumuls_de(demandes: Iterable[DemandeFonds]) -> dict[int, CumulPorteur]:
    """Return the sign of each of these requests that has one, by request, in at most three queries.

    Rule: at least two requests of the porteur add up to an instance above the one the total of the action of this
          request names; their sum never changes who decides.
    """
    lignes = [(d, porteur) for d in demandes if d.etat in COMPTEES and (porteur := porteur_de(d)) is not None]
    regle = RegleAllocation.objects.en_vigueur(timezone.localdate()) if lignes else None
    if regle is None:
        return {}
    montants = _montants_par_porteur({porteur for _, porteur in lignes})
    noms = Organisation.objects.in_bulk(list(montants))
    cumuls = {}
    for demande, porteur in lignes:
        total = sum(montants[porteur], Decimal(0))
        seuil = _seuil_franchi(regle, demande.total_action or demande.montant_demande, total)
        if len(montants[porteur]) >= AU_MOINS and seuil is not None:
            cumuls[demande.pk] = CumulPorteur(noms[porteur], total, len(montants[porteur]), seuil, total > seuil)
    return cumuls


def _montants_par_porteur(porteurs: set[int]) -> dict[int, list[Decimal]]:
    """Return what each porteur was granted or still waits for over twelve months, request by request."""
    par_porteur: dict[int, list[Decimal]] = defaultdict(list)
    demandes = _des_douze_mois(DemandeFonds.objects.select_related("action_collective"), porteurs)
    for demande in demandes:
        par_porteur[porteur_de(demande) or 0].append(demande.montant_compte)
    return par_porteur


def _seuil_franchi(regle: RegleAllocation, total_action: Decimal, cumul: Decimal) -> Decimal | None:
    """Return the highest threshold that the sum passes and the total of the action does not, if any."""
    instance = regle.instance_pour(cumul)
    if ORDRE_INSTANCES.index(instance) <= ORDRE_INSTANCES.index(regle.instance_pour(total_action)):
        return None
    seuil: Decimal = regle.seuil_assemblee if instance == InstanceDecision.ASSEMBLEE else regle.seuil_comite
    return seuil


@dataclass(frozen=True)
class TotalAction:
    """What one action has been granted and still waits for in one exercice, and who decides on that; in CAD (R1)."""

    exercice: Exercice
    accorde: Decimal
    en_attente: Decimal
    instance: InstanceDecision | None

    @property
    def total(self) -> Decimal:
        return self.accorde + self.en_attente


def totaux_de_l_action(demandes: Iterable[DemandeFonds]) -> list[TotalAction]:
    """Return, by exercice, what the requests of one action add up to, in one query besides theirs."""
    regle = RegleAllocation.objects.en_vigueur(timezone.localdate())
    par_exercice: dict[Exercice, list[DemandeFonds]] = defaultdict(list)
    for demande in demandes:
        if demande.etat in COMPTEES:
            par_exercice[demande.exercice].append(demande)
    totaux = []
    for exercice, lignes in sorted(par_exercice.items(), key=lambda paire: paire[0].debut, reverse=True):
        accorde = sum((d.montant_compte for d in lignes if d.montant_accorde is not None), Decimal(0))
        en_attente = sum((d.montant_compte for d in lignes if d.montant_accorde is None), Decimal(0))
        instance = regle.instance_pour(accorde + en_attente) if regle else None
        totaux.append(TotalAction(exercice, accorde, en_attente, instance))
    return totaux
