"""With what money: the totals of budget lines, and the sommes résiduelles."""

from dataclasses import dataclass, fields
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from chantiers.enums import NatureLigne
from chantiers.models import AffectationSurplus, LigneBudgetaire, ResultatFinancier
from demarche.champs import MontantField
from demarche.models import Exercice

ZERO = Decimal(0)


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
