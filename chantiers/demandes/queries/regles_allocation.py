"""Who decides on a request, and why: the thresholds, the amounts added up, the coordination in question (R1, R4)."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from chantiers.demandes.enums import COMPTEES, FIGEES, ORDRE_INSTANCES, EtatDemande, InstanceDecision
from chantiers.demandes.models import DemandeFonds, OrganisationConcernee, RegleAllocation
from demarche.comptes.enums import Role
from demarche.comptes.models import RoleAttribue
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import Exercice
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.francais import INSECABLE, ecrire_dollars
from partenaires.models import Affiliation, Organisation


@dataclass(frozen=True)
class SuiviRegle:
    """One allocation rule: whether it is in force today, and how many requests keep it."""

    regle: RegleAllocation
    est_en_vigueur: bool
    est_a_venir: bool
    nb_demandes: int


def regles_allocation(jour: datetime.date) -> list[SuiviRegle]:
    """Return every rule, the most recent first, in one query."""
    regles = list(RegleAllocation.objects.annotate(nb=Count("demandes")).order_by("-en_vigueur_du"))
    en_vigueur = next((r.pk for r in regles if r.en_vigueur_du <= jour), None)
    return [SuiviRegle(r, r.pk == en_vigueur, r.en_vigueur_du > jour, r.nb) for r in regles]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class PartDuTotal:
    """One amount of the total: another request of the same action, granted or pending."""

    libelle: str
    montant: Decimal
    est_accordee: bool
    url: str = ""  # empty for those who may not read it


@dataclass(frozen=True)
class Attribution:
    """Which instance decides, with the rule and the amounts added up; amounts in CAD."""

    regle: RegleAllocation
    montant_demande: Decimal
    autres: tuple[PartDuTotal, ...]
    instance: InstanceDecision
    raison: str

    def anonyme(self) -> "Attribution":
        """Return the same without what the other requests are: their writers alone and those who decide read them."""
        autres = tuple(replace(part, libelle="Une autre demande de cette action", url="") for part in self.autres)
        return replace(self, autres=autres)

    @property
    def total(self) -> Decimal:
        return self.montant_demande + sum((part.montant for part in self.autres), Decimal(0))


def plus_haute(une: InstanceDecision, autre: InstanceDecision) -> InstanceDecision:
    """Return the higher of two instances."""
    return max(une, autre, key=ORDRE_INSTANCES.index)


def instance_au_dessus(instance: InstanceDecision) -> InstanceDecision:
    """Return the next instance up; the assemblée is the last."""
    return ORDRE_INSTANCES[min(ORDRE_INSTANCES.index(instance) + 1, len(ORDRE_INSTANCES) - 1)]


def attribuer(
    regle: RegleAllocation,
    montant: Decimal,
    autres: tuple[PartDuTotal, ...],
    *,
    minimum: InstanceDecision | None = None,
    raison_minimum: str = "",
) -> Attribution:
    """Return who decides on a request, from the total funds its action needs in the exercice.

    The reason names no instance: the page does, by its row of today.

    Source: R1 (bilan 2023-2024, Processus et apprentissages); R4 raises the instance with `minimum`.
    """
    total = montant + sum((part.montant for part in autres), Decimal(0))
    instance = regle.instance_pour(total)
    bas, haut = ecrire_dollars(regle.seuil_comite), ecrire_dollars(regle.seuil_assemblee)
    besoin = f"L’action demande {ecrire_dollars(total)} en tout dans l’exercice : "
    raison = {
        InstanceDecision.COORDINATION: f"{besoin}c’est sous {bas}.",
        InstanceDecision.COMITE_PILOTAGE: f"{besoin}c’est de {bas} à {haut} inclusivement.",
        InstanceDecision.ASSEMBLEE: f"{besoin}c’est plus de {haut}.",
    }[instance]
    if minimum is not None and plus_haute(instance, minimum) != instance:
        instance, raison = minimum, raison_minimum
    return Attribution(regle, montant, autres, instance, raison)


SANS_REGLE = "Aucune règle d’allocation n’est en vigueur : la coordination doit l’inscrire aux réglages."


PROPRE_DEMANDE = (
    "La coordination ne décide ni de sa propre demande, ni de celle que son organisation dépose, porte, fournit ou "
    f"reçoit{INSECABLE}: l’instance suivante décide."
)


TROP_DE_RECUSATIONS = "Les récusations ont rendu le quorum impossible : l’instance suivante décide."


def attribution_de(demande: DemandeFonds) -> Attribution:
    """Return who decides on a request, from the rule in force at its submission (today's, before) and its total now.

    Errors: ErreurMetier when no rule is in force.
    """
    jour = timezone.localdate(demande.soumise_le) if demande.soumise_le else timezone.localdate()
    regle = demande.regle or RegleAllocation.objects.en_vigueur(jour)
    if regle is None:
        raise ErreurMetier(SANS_REGLE)
    minimum, raison = None, ""
    if demande.instance_minimale:
        minimum, raison = InstanceDecision(demande.instance_minimale), TROP_DE_RECUSATIONS
    if coordination_en_cause(demande):
        propre = InstanceDecision.COMITE_PILOTAGE
        if minimum is None or plus_haute(minimum, propre) != minimum:
            minimum, raison = propre, PROPRE_DEMANDE
    return attribuer(regle, demande.montant_demande, autres_parts(demande), minimum=minimum, raison_minimum=raison)


def coordination_en_cause(demande: DemandeFonds) -> bool:
    """True when somebody of the coordination asks, or belongs today to an organisation that asks, carries the action,
    supplies or benefits (R4, *ours*).
    """
    return DemandeFonds.objects.filter(de_la_coordination(), pk=demande.pk).exists()


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
            montant=autre.montant_compte,
            est_accordee=autre.etat == EtatDemande.ACCORDEE,
            url=autre.get_absolute_url(),
        )
        for autre in autres
    )


def total_du_jour(demande: DemandeFonds) -> Decimal:
    """Return what the requests of the same action and exercice add up to today, this one included while it counts."""
    sienne = demande.montant_compte if demande.etat in COMPTEES else ZERO
    return sienne + sum((part.montant for part in autres_parts(demande)), ZERO)


def de_la_coordination() -> Q:
    """Return the condition of the requests that somebody of the coordination asks today, or whose organisation asks,
    carries the action, supplies or benefits (R4).
    """
    jour = timezone.localdate()
    coordination = RoleAttribue.objects.en_vigueur(jour).filter(role=Role.COORDONNATEUR).values("utilisateur")
    affiliations = Affiliation.objects.en_vigueur(jour).filter(personne__utilisateur__in=coordination)
    siennes = affiliations.values("organisation")
    return (
        Q(demandeur__in=coordination)
        | Q(organisation__in=siennes)
        | Q(action_collective__porteur__in=siennes)
        | Q(pk__in=OrganisationConcernee.objects.filter(organisation__in=siennes).values("demande"))
    )


def deplacees_par_la_coordination() -> QuerySet[DemandeFonds]:
    """Return the submitted requests whose instance no longer agrees with who coordinates today, in one query (R4)."""
    sienne = de_la_coordination()
    a_elle = Q(instance_gouvernance__genre=GenreInstance.COORDINATION) & sienne
    au_comite = Q(
        instance_gouvernance__genre=GenreInstance.COMITE_PILOTAGE,
        instance_minimale="",
        total_action__lt=F("regle__seuil_comite"),
    )
    return DemandeFonds.objects.filter(a_elle | au_comite & ~sienne, etat=EtatDemande.SOUMISE)


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
    """Return, by exercice, what the requests of one action add up to, in one query more than theirs."""
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


SANS_INSTANCE = frozenset({EtatDemande.RETIREE, EtatDemande.EXPIREE})  # nobody decides on it


def attribution_lisible(demande: DemandeFonds, *, voit_tout: bool) -> Attribution | None:
    """Return who decides and why, without the titles of the other requests for those who may not read them.

    None when nobody decides, when no rule is in force, and when the total of today is no longer the one that named the
    instance of a ballot or of a decision.
    """
    if demande.etat in SANS_INSTANCE:
        return None
    try:
        attribution = attribution_de(demande)
    except ErreurMetier:
        return None  # no rule in force: said by ce_qui_manque
    if demande.etat in FIGEES and attribution.total != demande.total_action:
        return None
    return attribution if voit_tout else attribution.anonyme()
