"""What every check of the house says of an exercice."""

from dataclasses import dataclass

from demarche.models import Exercice
from demarche.registre import registre

GRAVITES = (
    ("bloquant", "À régler avant de publier", "negatif"),
    ("a_corriger", "À corriger", "attente"),
    ("a_verifier", "À vérifier", "info"),
)


@dataclass(frozen=True)
class ConstatTrouve:
    """One thing found, with the check that found it."""

    phrase: str
    url: str
    verification: str


@dataclass(frozen=True)
class GroupeConstats:
    """What was found of one gravity."""

    gravite: str
    libelle: str
    ton: str
    constats: tuple[ConstatTrouve, ...]


@dataclass(frozen=True)
class RapportVerification:
    """Every check run over an exercice: what was found by gravity, and which checks found nothing."""

    groupes: tuple[GroupeConstats, ...]
    sans_constat: tuple[str, ...]

    @property
    def nombre(self) -> int:
        return sum(len(groupe.constats) for groupe in self.groupes)

    @property
    def nb_bloquants(self) -> int:
        return sum(len(groupe.constats) for groupe in self.groupes if groupe.gravite == "bloquant")


def rapport_de_verification(exercice: Exercice) -> RapportVerification:
    """Run every registered check over an exercice and return what they found, the gravest first."""
    par_gravite: dict[str, list[ConstatTrouve]] = {gravite: [] for gravite, _, _ in GRAVITES}
    sans_constat = []
    for verification in registre.verifications:
        constats = list(verification.fonction(exercice))
        for constat in constats:
            par_gravite[constat.gravite].append(ConstatTrouve(constat.phrase, constat.url, verification.libelle))
        if not constats:
            sans_constat.append(verification.libelle)
    groupes = tuple(
        GroupeConstats(gravite, libelle, ton, tuple(par_gravite[gravite]))
        for gravite, libelle, ton in GRAVITES
        if par_gravite[gravite]
    )
    return RapportVerification(groupes, tuple(sans_constat))
