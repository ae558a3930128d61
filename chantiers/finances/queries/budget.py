"""With what money: the totals of budget lines, and the sommes résiduelles."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from chantiers.actions.protocoles import AUCUN_BUDGET, TotauxBudget
from chantiers.budget.enums import NatureLigne
from chantiers.budget.models import AffectationSurplus, LigneBudgetaire, ResultatFinancier
from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.models import Decaissement, DemandeFonds
from demarche.gouvernance.models import Exercice
from demarche.socle.champs import MontantField, arrondir

ZERO = Decimal(0)


def somme(expression: Any, condition: Q | None = None) -> Coalesce:
    """Return the sum of an amount, zero over no row."""
    return Coalesce(Sum(expression, filter=condition), ZERO, output_field=MontantField())


REVENU, DEPENSE = Q(nature=NatureLigne.REVENU), Q(nature=NatureLigne.DEPENSE)


# The lines whose real amount is what their granted requests were paid, never what was typed.
SUIVIES = Q(
    pk__in=DemandeFonds.objects.filter(etat=EtatDemande.ACCORDEE, ligne_budgetaire__isnull=False).values(
        "ligne_budgetaire"
    )
)
SOMMES_BUDGET = {
    "nb_lignes": Count("pk"),
    "nb_sans_reel": Count("pk", filter=Q(montant_reel__isnull=True) & ~SUIVIES),
    "revenus_prevus": somme("montant_prevu", REVENU),
    "revenus_reels": somme("montant_reel", REVENU),
    "depenses_prevues": somme("montant_prevu", DEPENSE),
    "depenses_reelles": somme("montant_reel", DEPENSE & ~SUIVIES),
}
A_PAYER = F("montant_accorde") - F("montant_paye") - F("montant_libere")
PAYE_DEPUIS = (
    Decaissement.objects.filter(demande=OuterRef("pk"), date__gt=OuterRef("exercice__fin"))
    .order_by()
    .values("demande")
    .annotate(total=Sum("montant"))
    .values("total")
)
LIBERE_AU_DERNIER_JOUR = (
    DemandeFonds.history.filter(id=OuterRef("pk"), history_date__date__lte=OuterRef("exercice__fin"))
    .order_by("-history_date", "-history_id")
    .values("montant_libere")[:1]
)
SOMMES_DEMANDES = {
    "nb_demandes": Count("pk"),
    "engage": somme(A_PAYER + F("paye_apres") + F("libere_apres")),
    "depenses_reelles": somme(F("montant_paye") - F("paye_apres")),
    "paye_depuis": somme("paye_apres"),
    "libere_depuis": somme("libere_apres"),
}


def _ou_zero(sommes: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(sommes), ZERO, output_field=MontantField())


def avec_suites(demandes: QuerySet[DemandeFonds]) -> QuerySet[DemandeFonds]:
    """Add to these requests what was paid and released after the last day of their exercice."""
    return demandes.annotate(
        paye_apres=_ou_zero(PAYE_DEPUIS), libere_apres=F("montant_libere") - _ou_zero(LIBERE_AU_DERNIER_JOUR)
    )


def paye_pour_un_autre(exercice: Exercice) -> Decimal:
    """Return what the payments of an exercice pay on requests of another: they count in the budget of the request."""
    paiements = Decaissement.objects.filter(exercice=exercice).exclude(demande__exercice=exercice)
    total: Decimal = paiements.aggregate(somme=somme("montant"))["somme"]
    return total


def demandes_accordees(exercice: Exercice) -> QuerySet[DemandeFonds]:
    """Return the requests granted for the exercice, with what followed it: they count in it, even paid later."""
    return avec_suites(DemandeFonds.objects.filter(exercice=exercice, etat=EtatDemande.ACCORDEE))


def totaux_budget(lignes: QuerySet[LigneBudgetaire], demandes: QuerySet[DemandeFonds]) -> TotauxBudget:
    """Return the sums over these lines and these granted requests, in two queries."""
    sommes = TotauxBudget(**lignes.order_by().aggregate(**SOMMES_BUDGET))
    return sommes + TotauxBudget(**demandes.order_by().aggregate(**SOMMES_DEMANDES))


def sommes_par(lignes: QuerySet[Any], cle: str, sommes: dict[str, Any]) -> dict[Any, dict[str, Any]]:
    """Return these sums over rows grouped by one relation, in one query: its key -> {name: sum, to the cent}."""
    return {
        groupe.pop(cle): {nom: arrondir(s) if isinstance(s, Decimal) else s for nom, s in groupe.items() if nom != cle}
        for groupe in lignes.order_by().values(cle).annotate(**sommes)
    }


def budget_par_action(exercice: Exercice) -> dict[int | None, TotauxBudget]:
    """Return the budget of each action in the exercice, in two queries.

    Shape:  ActionCollective.pk -> TotauxBudget; None holds the démarche's own lines; without line nor grant, absent.
    """
    totaux: dict[int | None, TotauxBudget] = {}
    for lignes, sommes in (
        (LigneBudgetaire.objects.filter(exercice=exercice), SOMMES_BUDGET),
        (demandes_accordees(exercice), SOMMES_DEMANDES),
    ):
        for cle, groupe in sommes_par(lignes, "action_collective", sommes).items():
            totaux[cle] = totaux.get(cle, AUCUN_BUDGET) + TotauxBudget(**groupe)
    return totaux


def budget_exercice(exercice: Exercice) -> TotauxBudget:
    """Return the whole budget of the exercice, actions and démarche together, in two queries."""
    return totaux_budget(LigneBudgetaire.objects.filter(exercice=exercice), demandes_accordees(exercice))


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
        affectations=tuple(AffectationSurplus.objects.filter(exercice=exercice).select_related("enveloppe")),
    )
