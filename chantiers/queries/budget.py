"""With what money: the totals of budget lines, and the sommes résiduelles."""

import datetime
from dataclasses import dataclass, fields
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from chantiers.enums import COMPTEES, NatureLigne
from chantiers.models import (
    ActionCollective,
    AffectationSurplus,
    Chantier,
    DemandeFonds,
    Enveloppe,
    LigneBudgetaire,
    RegleAllocation,
    ResultatFinancier,
)
from demarche.champs import MontantField
from demarche.models import Exercice

ZERO = Decimal(0)
LONGUEUR_CLE = 10  # more digits than any key has


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

    def __add__(self, autre: "TotauxBudget") -> "TotauxBudget":
        return TotauxBudget(**{c.name: getattr(self, c.name) + getattr(autre, c.name) for c in fields(self)})


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
    def total_avant(self) -> Decimal:
        """What was set aside before this exercice."""
        return self.total - sum((r.montant for r in self.resultats if r.exercice_id == self.exercice.pk), ZERO)

    @property
    def total_affecte(self) -> Decimal:
        return sum((a.montant for a in self.affectations if a.montant is not None), ZERO)

    @property
    def reste(self) -> Decimal:
        """What no planned use accounts for; negative when the uses exceed what there is."""
        return self.total - self.total_affecte

    @property
    def arrete_au(self) -> datetime.date:
        """The day the total stands at: the last day of the last exercice whose result is known."""
        jour: datetime.date = (self.resultats[-1].exercice if self.resultats else self.exercice).fin
        return jour

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


def lignes_budgetaires(exercice: Exercice, *, de: str = "", nature: str = "") -> tuple[QuerySet[LigneBudgetaire], str]:
    """Return the lines that make up one total of the exercice, and what that total includes, in a French phrase.

    `de`: « chantier-3 », « action-5 », « sans-chantier », « demarche », or nothing for all.
    An unknown chantier or action has no line.
    """
    lignes = LigneBudgetaire.objects.filter(exercice=exercice).select_related(
        "exercice", "action_collective__chantier"
    )
    if nature in NatureLigne.values:
        lignes = lignes.filter(nature=nature)
    genre, _, cle = de.partition("-")
    cle = cle if cle.isdecimal() and len(cle) < LONGUEUR_CLE else ""
    if de == "demarche":
        return lignes.filter(action_collective__isnull=True), "les lignes propres à la démarche"
    if de == "sans-chantier":
        return lignes.filter(
            action_collective__isnull=False, action_collective__chantier__isnull=True
        ), "les actions qui ne relèvent d’aucun chantier"
    if genre == "chantier" and cle:
        chantier = Chantier.objects.filter(pk=cle).first()
        return lignes.filter(action_collective__chantier=int(cle)), f"les actions du chantier {chantier or 'inconnu'}"
    if genre == "action" and cle:
        action = ActionCollective.objects.filter(pk=cle).first()
        return lignes.filter(action_collective=int(cle)), f"l’action « {action or 'inconnue'} »"
    return lignes, "toutes les actions et les lignes propres à la démarche"


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
    return [SuiviRegle(r, r.pk == en_vigueur, r.en_vigueur_du > jour, r.nb) for r in regles]


def demandes_de_l_enveloppe(enveloppe: Enveloppe) -> QuerySet[DemandeFonds]:
    """Return the requests that this envelope pays or may pay, granted first."""
    return (
        enveloppe.demandes.filter(etat__in=COMPTEES)
        .select_related("action_collective", "organisation", "resolution")
        .order_by("etat", "-soumise_le")
    )
