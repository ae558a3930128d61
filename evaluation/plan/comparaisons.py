"""Figures that compare themselves: a target with what it obtained (R14), a measure with an earlier one (R16)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, Protocol

from demarche.socle.francais import INSECABLE
from demarche.socle.templatetags.formats import pourcent
from evaluation.plan.enums import Realite, StatutCible
from evaluation.plan.models import Cible, Mesure
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


@dataclass(frozen=True)
class Croissance:
    """How a measure moved from an earlier one."""

    depart: Mesure
    arrivee: Mesure
    ecart: Decimal
    taux: Decimal | None  # 0.305 for 30,5 %; None from zero

    @property
    def facteur(self) -> Decimal | None:
        """How many times the first value the last one is; None from zero."""
        return None if self.taux is None else self.taux + 1

    @property
    def ecart_ecrit(self) -> str:
        """Return `+542`, with its sign."""
        return _signer(self.ecart, ecrire_valeur(self.ecart))

    @property
    def taux_ecrit(self) -> str:
        """Return `+459,3 %`, with its sign; empty from zero."""
        return "" if self.taux is None else _signer(self.taux, pourcent(self.taux))

    @property
    def multiple_ecrit(self) -> str:
        """Return `5,6 fois la valeur de départ`, when it at least doubled."""
        if self.facteur is None or self.facteur < 2:
            return ""
        arrondi = self.facteur.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
        return f"{ecrire_valeur(arrondi)} fois la valeur de départ"


def _signer(nombre: Decimal, texte: str) -> str:
    return f"+{texte}" if nombre > 0 else texte


def meme_unite(une: str, autre: str) -> bool:
    """True when two units are the same words, whatever the case, the spaces and the plural."""
    return _reduire(une) == _reduire(autre)


def _reduire(unite: str) -> tuple[str, ...]:
    return tuple(mot.rstrip("sx") for mot in re.findall(r"\w+", unite.casefold()))


def comparer_cible(cible: Cible) -> Comparaison:
    """Return what the results of a target say of its number (R14).

    Reads `cible.resultats.all()`: prefetch it in a list.
    """
    return comparer(cible.valeur_visee, cible.unite, cible.resultats.all())


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


def croissance(mesures: Iterable[Mesure]) -> Croissance | None:
    """Return how the realised measures moved from the first to the last day; None with fewer than two (R16).

    A forecast never enters a growth. Two values of the same day: the last entered counts.
    """
    par_jour = {m.date: m for m in sorted(mesures, key=lambda m: (m.date, m.pk)) if m.realite == Realite.REALISEE}
    if len(par_jour) < 2:
        return None
    realisees = list(par_jour.values())
    depart, arrivee = realisees[0], realisees[-1]
    ecart = arrivee.valeur - depart.valeur
    return Croissance(depart, arrivee, ecart, ecart / depart.valeur if depart.valeur else None)
