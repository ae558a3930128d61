"""A target compared with what it obtained (R14)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

from demarche.socle.francais import INSECABLE
from evaluation.plan.enums import StatutCible
from evaluation.plan.valeurs import ecrire_mesure, ecrire_valeur


class Figure(Protocol):
    """A number with its unit: a `Resultat`, or a row of a query."""

    @property
    def valeur(self) -> Decimal | None: ...
    @property
    def unite(self) -> str: ...


@dataclass(frozen=True)
class Comparaison:
    """What the numbers of a target say: the sentence to show, and the status they point to."""

    genre: Literal["sans_nombre", "sans_resultat", "unite_differente", "comparee"]
    phrase: str = ""
    obtenu: Decimal | None = None
    statut_propose: StatutCible | None = None

    @property
    def libelle_propose(self) -> str:
        return str(self.statut_propose.label) if self.statut_propose else ""


def meme_unite(une: str, autre: str) -> bool:
    """True when two units are the same words, whatever the case, the spaces and the plural."""
    return _reduire(une) == _reduire(autre)


def _reduire(unite: str) -> tuple[str, ...]:
    return tuple(mot.rstrip("sx") for mot in re.findall(r"\w+", unite.casefold()))


def comparer(vise: Decimal | None, unite: str, figures: Iterable[Figure]) -> Comparaison:
    """Return what figures say of a number aimed at: those of the same unit add up, the others are only reported.

    Status: more than aimed at, dépassée; as much, atteinte; less, partielle; zero, non atteinte.
    """
    if vise is None:
        return Comparaison("sans_nombre")
    chiffrees = [(figure.valeur, figure.unite) for figure in figures if figure.valeur is not None]
    semblables = [valeur for valeur, autre in chiffrees if meme_unite(autre, unite)]
    if semblables:
        return _comparer_sommes(vise, unite, semblables)
    but = f"une cible de {ecrire_mesure(vise, unite)}"
    if chiffrees:
        valeur, autre = chiffrees[0]
        phrase = f"{ecrire_mesure(valeur, autre)} pour {but} : l’unité n’est pas la même"
        return Comparaison("unite_differente", phrase.replace(" :", f"{INSECABLE}:"), valeur)
    return Comparaison("sans_resultat", f"aucun nombre obtenu pour {but}")


def _comparer_sommes(vise: Decimal, unite: str, valeurs: list[Decimal]) -> Comparaison:
    obtenu = sum(valeurs, Decimal(0))
    if obtenu > vise:
        statut = StatutCible.DEPASSEE
    elif obtenu == vise:
        statut = StatutCible.ATTEINTE
    else:
        statut = StatutCible.PARTIELLE if obtenu else StatutCible.NON_ATTEINTE
    somme = f" (somme de {len(valeurs)}{INSECABLE}résultats)" if len(valeurs) > 1 else ""
    phrase = (
        f"{ecrire_mesure(obtenu, unite)}{somme} pour une cible de {ecrire_valeur(vise)}{INSECABLE}: "
        f"{statut.label.lower()}"
    )
    return Comparaison("comparee", phrase, obtenu, statut)
