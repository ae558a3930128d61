"""The arithmetic of a ballot: a pure function, without database or clock (R4, R5)."""

from collections.abc import Iterable
from dataclasses import dataclass

from demarche.gouvernance.enums import Choix, Issue, RegleMajorite, RegleQuorum


@dataclass(frozen=True)
class RegleDecompte:
    """How one ballot is counted; `nombre` is the quorum when it is fixed."""

    quorum: RegleQuorum = RegleQuorum.MAJORITE
    majorite: RegleMajorite = RegleMajorite.SIMPLE
    nombre: int | None = None


@dataclass(frozen=True)
class Decompte:
    """What a ballot says once counted; every number is a number of voices: seats, partners, or people in a room."""

    nb_electeurs: int
    nb_recusations: int
    nb_pour: int
    nb_contre: int
    nb_abstentions: int
    regle: RegleDecompte = RegleDecompte()
    nb_presents: int | None = None  # counted in a meeting, without those who are recused

    @property
    def nb_appeles(self) -> int:
        """Return the denominator: the electors who are not recused."""
        return self.nb_electeurs - self.nb_recusations

    @property
    def nb_participants(self) -> int:
        """Return how many took part; an abstention is taking part, an absence is not."""
        return self.nb_pour + self.nb_contre + self.nb_abstentions

    @property
    def quorum(self) -> int:
        """Return how many must take part, never less than one."""
        match self.regle.quorum:
            case RegleQuorum.MAJORITE:
                voulu = self.nb_appeles // 2 + 1
            case RegleQuorum.MAJORITE_POURVUS:
                voulu = self.nb_electeurs // 2 + 1
            case RegleQuorum.NOMBRE:
                voulu = self.regle.nombre or 1
            case RegleQuorum.TOUS:
                voulu = self.nb_appeles
            case RegleQuorum.AUCUN:
                voulu = 1
        return max(voulu, 1)

    @property
    def quorum_possible(self) -> bool:
        """False when too many are recused: no answer can reach the quorum (R4)."""
        return self.nb_appeles >= self.quorum

    @property
    def quorum_atteint(self) -> bool:
        presents = self.nb_participants if self.nb_presents is None else self.nb_presents
        return self.nb_participants > 0 and presents >= self.quorum

    @property
    def est_complet(self) -> bool:
        """True when nothing that comes can change the outcome: nobody left to vote, or the quorum out of reach."""
        return self.nb_participants >= self.nb_appeles or not self.quorum_possible

    @property
    def majorite_atteinte(self) -> bool:
        pour, contre = self.nb_pour, self.nb_contre
        match self.regle.majorite:
            case RegleMajorite.SIMPLE:
                return pour > contre
            case RegleMajorite.ABSOLUE:
                return 2 * pour > self.nb_participants
            case RegleMajorite.DEUX_TIERS:
                return pour > 0 and 3 * pour >= 2 * (pour + contre)
            case RegleMajorite.UNANIMITE:
                return pour > 0 and contre == 0
            case RegleMajorite.TOUS_POUR:
                return 0 < pour == self.nb_appeles

    @property
    def issue(self) -> Issue:
        if not self.quorum_atteint:
            return Issue.SANS_QUORUM
        return Issue.ADOPTEE if self.majorite_atteinte else Issue.REJETEE


def depouiller(
    choix: Iterable[str], *, nb_electeurs: int, nb_recusations: int, regle: RegleDecompte | None = None
) -> Decompte:
    """Count the votes of one ballot.

    Shape:  `choix` holds one value of `Choix` for each elector who voted.
    Source: R4 and R5; without `regle`, the quorum and the majority that are ours by default.
    """
    votes = list(choix)
    return Decompte(
        nb_electeurs=nb_electeurs,
        nb_recusations=nb_recusations,
        nb_pour=votes.count(Choix.POUR),
        nb_contre=votes.count(Choix.CONTRE),
        nb_abstentions=votes.count(Choix.ABSTENTION),
        regle=regle or RegleDecompte(),
    )
