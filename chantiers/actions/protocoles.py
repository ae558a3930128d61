"""What the rooms above know of the money of the actions: planned, asked, granted, paid."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from chantiers.actions.models import ActionCollective
from chantiers.actions.models.actions import ActionCollectiveQuerySet
from demarche.comptes.permissions import Visiteur
from demarche.gouvernance.models import Exercice
from demarche.socle.protocoles import Extensions

ZERO = Decimal(0)


@dataclass(frozen=True)
class TotauxBudget:
    """Sums over budget lines and over the requests granted in the exercice, in CAD; nothing is counted twice.

    A line that granted requests pay takes its real amount from their payments, whatever was typed; other lines, what
    was typed, zero while it is unknown. Requests tied to no line count as well. All of it stands on the last day of
    the exercice: what is paid or released on its requests afterwards is apart, and still in `engage`.
    """

    nb_lignes: int = 0
    nb_sans_reel: int = 0
    nb_demandes: int = 0  # granted
    revenus_prevus: Decimal = ZERO
    revenus_reels: Decimal = ZERO
    depenses_prevues: Decimal = ZERO
    engage: Decimal = ZERO  # granted, neither paid nor released on the last day
    depenses_reelles: Decimal = ZERO
    paye_depuis: Decimal = ZERO
    libere_depuis: Decimal = ZERO

    @property
    def est_vide(self) -> bool:
        return not (self.nb_lignes or self.nb_demandes)

    @property
    def libre(self) -> Decimal:
        """What is planned and neither committed nor spent; negative when more is."""
        return self.depenses_prevues - self.engage - self.depenses_reelles

    @property
    def a_payer(self) -> Decimal:
        """What is left to pay today of what is committed."""
        return self.engage - self.paye_depuis - self.libere_depuis

    @property
    def solde_prevu(self) -> Decimal:
        return self.revenus_prevus - self.depenses_prevues

    @property
    def solde_reel(self) -> Decimal:
        return self.revenus_reels - self.depenses_reelles

    def __add__(self, autre: "TotauxBudget") -> "TotauxBudget":
        return TotauxBudget(**{c.name: getattr(self, c.name) + getattr(autre, c.name) for c in fields(self)})


AUCUN_BUDGET = TotauxBudget()


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
