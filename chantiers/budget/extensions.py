"""What the budget gives to the rooms below: which actions have lines in an exercice."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from chantiers.actions.models import ActionCollective
from chantiers.actions.models.actions import ActionCollectiveQuerySet
from chantiers.actions.protocoles import ARGENT, Argent
from chantiers.budget.models import LigneBudgetaire
from demarche.gouvernance.models import Exercice


@ARGENT.ajouter
class ArgentBudget(Argent):
    def sans_budget(self, exercice: Exercice, actions: ActionCollectiveQuerySet) -> ActionCollectiveQuerySet:
        return actions.exclude(
            Exists(LigneBudgetaire.objects.filter(action_collective=OuterRef("pk"), exercice=exercice))
        )

    def exercices_comptes(self, action_collective: ActionCollective) -> Iterable[int]:
        lignes = LigneBudgetaire.objects.filter(action_collective=action_collective)
        return lignes.values_list("exercice", flat=True)
