"""What every check of the house says of an exercice."""

import re
from dataclasses import dataclass, replace

from demarche.gouvernance.models import Exercice
from demarche.gouvernance.protocoles import ANNEES, Constat
from demarche.socle.francais import INSECABLE

GRAVITES = (
    ("bloquant", "À régler avant de publier", "negatif"),
    ("a_corriger", "À corriger", "attente"),
    ("a_verifier", "À vérifier", "info"),
)


@dataclass(frozen=True)
class LotConstats:
    """What one check found of one gravity."""

    verification: str
    constats: tuple[Constat, ...]


@dataclass(frozen=True)
class GroupeConstats:
    """What was found of one gravity, check by check."""

    gravite: str
    libelle: str
    ton: str
    lots: tuple[LotConstats, ...]

    @property
    def nombre(self) -> int:
        return sum(len(lot.constats) for lot in self.lots)


@dataclass(frozen=True)
class RapportVerification:
    """Every check run over an exercice: what was found by gravity, and which checks found nothing."""

    groupes: tuple[GroupeConstats, ...]
    sans_constat: tuple[str, ...]

    @property
    def nombre(self) -> int:
        return sum(groupe.nombre for groupe in self.groupes)

    @property
    def nb_bloquants(self) -> int:
        return sum(groupe.nombre for groupe in self.groupes if groupe.gravite == "bloquant")


def rapport_de_verification(exercice: Exercice) -> RapportVerification:
    """Run every registered check over an exercice and return what they found, the gravest first."""
    lots: dict[str, list[LotConstats]] = {gravite: [] for gravite, _, _ in GRAVITES}
    sans_constat = []
    for verification in (une for annee in ANNEES for une in annee.verifications):
        constats = list(verification.fonction(exercice))
        for gravite, deja in lots.items():
            trouves = tuple(replace(c, phrase=_lier(c.phrase)) for c in constats if c.gravite == gravite)
            if trouves:
                deja.append(LotConstats(verification.libelle, trouves))
        if not constats:
            sans_constat.append(verification.libelle)
    groupes = tuple(
        GroupeConstats(gravite, libelle, ton, tuple(lots[gravite]))
        for gravite, libelle, ton in GRAVITES
        if lots[gravite]
    )
    return RapportVerification(groupes, tuple(sans_constat))


def _lier(phrase: str) -> str:
    """Return the sentence with no-break spaces where French typography wants them."""
    return re.sub(r"(?<=«) | (?=[:;?!»])", INSECABLE, phrase)
