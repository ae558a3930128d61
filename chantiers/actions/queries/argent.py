"""The money of actions, as sums: what is planned, committed, spent; the rooms above fill it."""

from dataclasses import dataclass, fields
from decimal import Decimal

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
