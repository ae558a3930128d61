"""What the rooms above know of the money of the actions: planned, asked, granted, paid."""

from collections.abc import Iterable, Mapping
from typing import Any

from chantiers.actions.models import ActionCollective
from chantiers.actions.models.actions import ActionCollectiveQuerySet
from chantiers.actions.queries.argent import AUCUN_BUDGET, TotauxBudget
from demarche.comptes.permissions import Visiteur
from demarche.gouvernance.models import Exercice
from demarche.socle.protocoles import Extensions


class Argent:
    """Protocol: a room's part of the money of actions."""

    def par_action(self, exercice: Exercice) -> Mapping[int | None, TotauxBudget]:
        """Return the sums of each action in the exercice: pk -> totals; None holds what is of no action."""
        return {}

    def sans_budget(self, exercice: Exercice, actions: ActionCollectiveQuerySet) -> ActionCollectiveQuerySet:
        """Keep the actions for which this room has nothing planned in the exercice."""
        return actions

    def exercices_comptes(self, action_collective: ActionCollective) -> Iterable[int]:
        """Yield the exercices (pk) in which this room counts money of an action (R10)."""
        return ()

    def montre(
        self, visiteur: Visiteur, action_collective: ActionCollective, exercice: Exercice
    ) -> tuple[str, dict[str, Any]] | None:
        """Return the template and the context of what the page of the action shows of its money; None: nothing."""
        return None

    def gestes(
        self, visiteur: Visiteur, action_collective: ActionCollective, exercice: Exercice | None
    ) -> Iterable[tuple[str, str]]:
        """Yield what the team may do next about the money of the action: what, where."""
        return ()

    def liens(self, exercice: Exercice, chantier_pk: int | None = None) -> Iterable[tuple[str, str]]:
        """Yield where the money of the exercice, or of one chantier in it, is read: what, where."""
        return ()


class ToutLArgent(Extensions[Argent]):
    """What all rooms know of the money of the actions."""

    def par_action(self, exercice: Exercice) -> dict[int | None, TotauxBudget]:
        """Return the sums of each action in the exercice; without any, absent."""
        totaux: dict[int | None, TotauxBudget] = {}
        for un in self:
            for cle, somme in un.par_action(exercice).items():
                totaux[cle] = totaux.get(cle, AUCUN_BUDGET) + somme
        return totaux

    def exercices_comptes(self, action_collective: ActionCollective) -> set[int]:
        """Return the exercices (pk) in which money of an action is counted."""
        return {pk for un in self for pk in un.exercices_comptes(action_collective)}


ARGENT = ToutLArgent()
