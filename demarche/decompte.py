"""The arithmetic of a ballot: a pure function, without database or clock (R4, R5)."""

from collections.abc import Iterable
from dataclasses import dataclass

from .enums import Choix, Issue


@dataclass(frozen=True)
class Decompte:
    """What a ballot says once counted; every number is a number of seats."""

    nb_electeurs: int
    nb_recusations: int
    nb_pour: int
    nb_contre: int
    nb_abstentions: int

    @property
    def nb_appeles(self) -> int:
        """Return the denominator: the electors who did not stand aside."""
        return self.nb_electeurs - self.nb_recusations

    @property
    def nb_participants(self) -> int:
        """Return how many took part; an abstention is taking part, an absence is not."""
        return self.nb_pour + self.nb_contre + self.nb_abstentions

    @property
    def quorum(self) -> int:
        """Return how many must take part: more than half of the denominator."""
        return self.nb_appeles // 2 + 1

    @property
    def quorum_atteint(self) -> bool:
        return self.nb_participants >= self.quorum

    @property
    def est_complet(self) -> bool:
        """True when nobody is left to vote."""
        return self.nb_participants >= self.nb_appeles

    @property
    def issue(self) -> Issue:
        if not self.quorum_atteint:
            return Issue.SANS_QUORUM
        return Issue.ADOPTEE if self.nb_pour > self.nb_contre else Issue.REJETEE


def depouiller(choix: Iterable[str], *, nb_electeurs: int, nb_recusations: int) -> Decompte:
    """Count the votes of one ballot.

    Shape:  `choix` holds one value of `Choix` for each seat that voted.
    Source: R4 and R5; the quorum and the majority are ours, to be confirmed by the cadre de référence.
    """
    votes = list(choix)
    return Decompte(
        nb_electeurs=nb_electeurs,
        nb_recusations=nb_recusations,
        nb_pour=votes.count(Choix.POUR),
        nb_contre=votes.count(Choix.CONTRE),
        nb_abstentions=votes.count(Choix.ABSTENTION),
    )
