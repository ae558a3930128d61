"""Which actions a person may read, and how each chantier stands in an exercice."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q

from chantiers.models import ActionCollective, Chantier
from chantiers.models.actions import ActionCollectiveQuerySet
from demarche.models import Exercice, Utilisateur
from demarche.permissions import Visiteur, peut_voir_decisions
from partenaires.permissions import organisations_de

from .activites import AUCUNE_ACTIVITE, TotauxActivites, totaux_par_action
from .budget import AUCUN_BUDGET, TotauxBudget, budget_par_action


def actions_visibles(visiteur: Visiteur) -> ActionCollectiveQuerySet:
    """Return the actions this person may read: all for those who see decisions, else public ones and one's own."""
    if peut_voir_decisions(visiteur):
        return ActionCollective.objects.all()
    if not isinstance(visiteur, Utilisateur):
        return ActionCollective.objects.publiques()
    return ActionCollective.objects.filter(Q(est_publique=True) | Q(porteur__in=organisations_de(visiteur)))


@dataclass(frozen=True)
class SuiviAction:
    """One action in an exercice, with what it did and its budget."""

    action_collective: ActionCollective
    totaux: TotauxActivites
    budget: TotauxBudget


@dataclass(frozen=True)
class SuiviChantier:
    """The actions of one chantier in an exercice (None: those of no chantier); its totals are theirs."""

    chantier: Chantier | None
    actions: tuple[SuiviAction, ...]

    @property
    def totaux(self) -> TotauxActivites:
        return sum((suivi.totaux for suivi in self.actions), AUCUNE_ACTIVITE)

    @property
    def budget(self) -> TotauxBudget:
        return sum((suivi.budget for suivi in self.actions), AUCUN_BUDGET)


def suivi_par_chantier(exercice: Exercice, visiteur: Visiteur) -> list[SuiviChantier]:
    """Return the chantiers with the actions this person may read, in a constant number of queries.

    Shape:  every active chantier, even without action; the others when they have one; last, the actions of no chantier.
            An action belongs to the exercice by its dates, by an activity or by a budget line.
    """
    totaux, budgets = totaux_par_action(exercice), budget_par_action(exercice)
    presentes = {cle for cle in (*totaux, *budgets) if cle is not None}
    actions = actions_visibles(visiteur).select_related("chantier", "porteur")
    suivis: dict[int | None, list[SuiviAction]] = defaultdict(list)
    for action in actions.de_l_exercice(exercice) | actions.filter(pk__in=presentes):
        suivis[action.chantier_id].append(
            SuiviAction(action, totaux.get(action.pk, AUCUNE_ACTIVITE), budgets.get(action.pk, AUCUN_BUDGET))
        )
    chantiers = Chantier.objects.filter(Q(est_actif=True) | Q(pk__in=[cle for cle in suivis if cle is not None]))
    groupes = [SuiviChantier(chantier, tuple(suivis[chantier.pk])) for chantier in chantiers]
    return [*groupes, SuiviChantier(None, tuple(suivis[None]))] if suivis[None] else groupes
