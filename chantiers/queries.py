"""Figures of the app `chantiers`, across models."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from demarche.champs import MontantField
from demarche.enums import GenreInstance
from demarche.models import Electeur, Exercice, Scrutin, Siege, Utilisateur
from demarche.permissions import Visiteur, peut_voir_decisions
from partenaires.models import Affiliation, Organisation, Representation

from .allocation import PartDuTotal
from .enums import COMPTEES, EtatDemande, FiabiliteNombre, NatureLigne
from .models import (
    ActionCollective,
    Activite,
    AffectationSurplus,
    DemandeFonds,
    Enveloppe,
    LigneBudgetaire,
    ResultatFinancier,
)
from .models.actions import ActionCollectiveQuerySet, ActiviteQuerySet

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


# What was done in an exercice, and with what money: totals are computed here, never typed (R16).


@dataclass(frozen=True)
class TotauxActivites:
    """Sums over activities; hours in hours, people may be the same ones from an activity to another."""

    nb_activites: int = 0
    nb_personnes: int = 0
    nb_personnes_estimees: int = 0  # part of nb_personnes that was estimated, not counted
    nb_citoyens_responsables: int = 0
    nb_benevoles: int = 0
    heures_citoyennes: Decimal = ZERO
    heures_partenaires: Decimal = ZERO

    @property
    def a_des_estimes(self) -> bool:
        return self.nb_personnes_estimees > 0


AUCUNE_ACTIVITE = TotauxActivites()
SOMMES_ACTIVITES = {
    "nb_activites": Count("pk"),
    "nb_personnes": Coalesce(Sum("nb_personnes"), 0),
    "nb_personnes_estimees": Coalesce(Sum("nb_personnes", filter=Q(fiabilite=FiabiliteNombre.ESTIME)), 0),
    "nb_citoyens_responsables": Coalesce(Sum("nb_citoyens_responsables"), 0),
    "nb_benevoles": Coalesce(Sum("nb_benevoles"), 0),
    "heures_citoyennes": Coalesce(Sum("heures_citoyennes"), ZERO, output_field=MontantField()),
    "heures_partenaires": Coalesce(Sum("heures_partenaires"), ZERO, output_field=MontantField()),
}


def totaux_activites(activites: ActiviteQuerySet) -> TotauxActivites:
    """Return the sums over these activities, in one query."""
    return TotauxActivites(**activites.order_by().aggregate(**SOMMES_ACTIVITES))


def _totaux_groupes(activites: ActiviteQuerySet, cle: str) -> dict[int | None, TotauxActivites]:
    lignes = activites.order_by().values(cle).annotate(**SOMMES_ACTIVITES)
    return {ligne.pop(cle): TotauxActivites(**ligne) for ligne in lignes}


def _activites(exercice: Exercice, *, publiques: bool) -> ActiviteQuerySet:
    activites = Activite.objects.de_l_exercice(exercice)
    return activites.publiques() if publiques else activites


def totaux_par_action(exercice: Exercice, *, publiques: bool = False) -> dict[int | None, TotauxActivites]:
    """Return what each action did in the exercice, in one query.

    Shape:  ActionCollective.pk -> TotauxActivites; an action without activity is absent (use AUCUNE_ACTIVITE).
    """
    return _totaux_groupes(_activites(exercice, publiques=publiques), "action_collective")


def totaux_par_chantier(exercice: Exercice, *, publiques: bool = False) -> dict[int | None, TotauxActivites]:
    """Return what each chantier did in the exercice, in one query.

    Shape:  Chantier.pk -> TotauxActivites; None holds the actions without chantier; without activity, absent.
    """
    return _totaux_groupes(_activites(exercice, publiques=publiques), "action_collective__chantier")


def totaux_exercice(exercice: Exercice, *, publiques: bool = False) -> TotauxActivites:
    """Return what all actions did in the exercice, in one query."""
    return totaux_activites(_activites(exercice, publiques=publiques))


@dataclass(frozen=True)
class TotauxBudget:
    """Sums over budget lines, in CAD; a line whose real amount is unknown counts for zero in the real sums."""

    nb_lignes: int = 0
    nb_sans_reel: int = 0
    revenus_prevus: Decimal = ZERO
    revenus_reels: Decimal = ZERO
    depenses_prevues: Decimal = ZERO
    depenses_reelles: Decimal = ZERO

    @property
    def solde_prevu(self) -> Decimal:
        return self.revenus_prevus - self.depenses_prevues

    @property
    def solde_reel(self) -> Decimal:
        return self.revenus_reels - self.depenses_reelles

    @property
    def ecart_revenus(self) -> Decimal:
        """Real minus planned: positive when more came in than planned."""
        return self.revenus_reels - self.revenus_prevus

    @property
    def ecart_depenses(self) -> Decimal:
        """Planned minus real: positive when less was spent than planned."""
        return self.depenses_prevues - self.depenses_reelles


AUCUN_BUDGET = TotauxBudget()


def _somme(champ: str, nature: NatureLigne) -> Coalesce:
    return Coalesce(Sum(champ, filter=Q(nature=nature)), ZERO, output_field=MontantField())


SOMMES_BUDGET = {
    "nb_lignes": Count("pk"),
    "nb_sans_reel": Count("pk", filter=Q(montant_reel__isnull=True)),
    "revenus_prevus": _somme("montant_prevu", NatureLigne.REVENU),
    "revenus_reels": _somme("montant_reel", NatureLigne.REVENU),
    "depenses_prevues": _somme("montant_prevu", NatureLigne.DEPENSE),
    "depenses_reelles": _somme("montant_reel", NatureLigne.DEPENSE),
}


def totaux_budget(lignes: QuerySet[LigneBudgetaire]) -> TotauxBudget:
    """Return the sums over these lines, in one query."""
    return TotauxBudget(**lignes.order_by().aggregate(**SOMMES_BUDGET))


def _budgets_groupes(exercice: Exercice, cle: str) -> dict[int | None, TotauxBudget]:
    lignes = LigneBudgetaire.objects.filter(exercice=exercice).order_by().values(cle).annotate(**SOMMES_BUDGET)
    return {ligne.pop(cle): TotauxBudget(**ligne) for ligne in lignes}


def budget_par_action(exercice: Exercice) -> dict[int | None, TotauxBudget]:
    """Return the budget of each action in the exercice, in one query.

    Shape:  ActionCollective.pk -> TotauxBudget; None holds the démarche's own lines; without line, absent.
    """
    return _budgets_groupes(exercice, "action_collective")


def budget_exercice(exercice: Exercice) -> TotauxBudget:
    """Return the whole budget of the exercice, actions and démarche together, in one query."""
    return totaux_budget(LigneBudgetaire.objects.filter(exercice=exercice))


@dataclass(frozen=True)
class SommesResiduelles:
    """What is set aside on the last day of an exercice, and what it is meant for; amounts in CAD (R9)."""

    exercice: Exercice
    solde_ouverture: Decimal
    resultats: tuple[ResultatFinancier, ...]  # oldest first, up to this exercice
    affectations: tuple[AffectationSurplus, ...]

    @property
    def total(self) -> Decimal:
        return self.solde_ouverture + sum((r.montant for r in self.resultats), ZERO)

    @property
    def total_affecte(self) -> Decimal:
        return sum((a.montant for a in self.affectations if a.montant is not None), ZERO)

    @property
    def reste(self) -> Decimal:
        """What no planned use accounts for; negative when the uses exceed what there is."""
        return self.total - self.total_affecte

    @property
    def resultat_connu(self) -> bool:
        """Whether the exercice itself has its financial result."""
        return any(r.exercice_id == self.exercice.pk for r in self.resultats)


def sommes_residuelles(exercice: Exercice) -> SommesResiduelles:
    """Return what is set aside on the last day of the exercice, and its planned uses, in two queries.

    Rule:   opening balance (of the first exercice recorded) + the surplus or deficit of each exercice so far.
    Source: R9; bilan 2023-2024, Utilisation des sommes résiduelles.
    """
    resultats = tuple(
        ResultatFinancier.objects.filter(exercice__debut__lte=exercice.debut)
        .select_related("exercice")
        .order_by("exercice__debut")
    )
    return SommesResiduelles(
        exercice=exercice,
        solde_ouverture=resultats[0].solde_ouverture if resultats else ZERO,
        resultats=resultats,
        affectations=tuple(AffectationSurplus.objects.filter(exercice=exercice)),
    )


def actions_visibles(visiteur: Visiteur) -> ActionCollectiveQuerySet:
    """Return the actions this person may read: all for those who see decisions, else public ones and one's own."""
    if peut_voir_decisions(visiteur):
        return ActionCollective.objects.all()
    if not isinstance(visiteur, Utilisateur):
        return ActionCollective.objects.publiques()
    siennes = Organisation.objects.filter(
        pk__in=Affiliation.objects.filter(personne__utilisateur=visiteur)
        .en_vigueur(timezone.localdate())
        .values("organisation")
    )
    return ActionCollective.objects.filter(Q(est_publique=True) | Q(porteur__in=siennes))


def demandes_visibles(
    visiteur: Utilisateur, *, toutes: bool, brouillons: bool, organisations: Iterable[int]
) -> QuerySet[DemandeFonds]:
    """Return the requests a person may list, ready to show in one query.

    `toutes`: every submitted request; `brouillons`: the drafts of others as well. One's own, and those of one's
    organisations, are always there.
    """
    visibles = Q(demandeur=visiteur) | Q(organisation__in=organisations)
    if toutes:
        visibles |= Q(pk__isnull=False) if brouillons else ~Q(etat=EtatDemande.BROUILLON)
    return DemandeFonds.objects.filter(visibles).select_related(
        "action_collective", "organisation", "demandeur", "instance_gouvernance", "exercice", "resolution"
    )


@dataclass(frozen=True)
class Participation:
    """One seat called to a ballot: whether it took part, never how it voted (R5)."""

    siege: str
    nom: str
    organisation: str
    etat: str  # « a_vote », « recuse », « attendu », « absent » once the ballot is closed


def participations(scrutin: Scrutin) -> list[Participation]:
    """Return who took part in a ballot, seat by seat, in two queries."""
    electeurs = list(
        scrutin.electeurs.select_related("siege", "utilisateur", "vote", "recusation").order_by("siege__numero")
    )
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

    return [
        Participation(str(e.siege), str(e.utilisateur), organisations.get(e.siege_id, ""), etat(e)) for e in electeurs
    ]


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
    montant = demande.montant_accorde if demande.montant_accorde is not None else demande.montant_demande
    return ApresDecision(demande.enveloppe, disponible(demande.enveloppe, sauf=demande), montant)
