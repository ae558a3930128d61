"""Indicators: their last value, how they moved, their curve."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from demarche.socle.templatetags.formats import date_longue, pourcent
from evaluation.plan.enums import Fiabilite, Realite
from evaluation.plan.graphiques import Point, graphique_evolution
from evaluation.plan.models import Indicateur, Mesure
from evaluation.plan.valeurs import ecrire_valeur


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


@dataclass(frozen=True)
class IndicateurResume:
    """One indicator with its last realised value and its growth since the first."""

    indicateur: Indicateur
    derniere: Mesure | None
    croissance: Croissance | None
    nb_mesures: int


@dataclass(frozen=True)
class LigneMesure:
    """One value with its change since the realised value of an earlier day."""

    mesure: Mesure
    variation: Croissance | None

    @property
    def est_estimee(self) -> bool:
        return self.mesure.fiabilite == Fiabilite.ESTIMEE

    @property
    def est_prevue(self) -> bool:
        return self.mesure.realite == Realite.PREVUE


@dataclass(frozen=True)
class Dessin:
    """A curve and its text equivalent."""

    svg: str
    titre: str
    legende: str


def croissance(mesures: Iterable[Mesure]) -> Croissance | None:
    """Return how the realised measures moved from the first to the last day; None with fewer than two (R16).

    A forecast never enters a growth. Two values of the same day: the last entered counts.
    """
    realisees = _une_par_jour(mesures)
    if len(realisees) < 2:
        return None
    depart, arrivee = realisees[0], realisees[-1]
    ecart = arrivee.valeur - depart.valeur
    return Croissance(depart, arrivee, ecart, ecart / depart.valeur if depart.valeur else None)


def _une_par_jour(mesures: Iterable[Mesure]) -> list[Mesure]:
    """Return the realised measures, the last entered of each day, in order."""
    triees = sorted(mesures, key=lambda m: (m.date, m.pk))
    return list({m.date: m for m in triees if m.realite == Realite.REALISEE}.values())


def indicateurs_resumes() -> tuple[IndicateurResume, ...]:
    """Return every indicator with its last value and growth; two queries."""
    return tuple(_resumer(indicateur) for indicateur in Indicateur.objects.prefetch_related("mesures"))


def _resumer(indicateur: Indicateur) -> IndicateurResume:
    mesures = sorted(indicateur.mesures.all(), key=lambda m: (m.date, m.pk))
    realisees = [mesure for mesure in mesures if mesure.realite == Realite.REALISEE]
    return IndicateurResume(indicateur, realisees[-1] if realisees else None, croissance(mesures), len(mesures))


def evolution(mesures: Sequence[Mesure]) -> tuple[LigneMesure, ...]:
    """Return the values, the newest first, each realised one with its change since the one before (R16)."""
    variations = {apres.pk: croissance((avant, apres)) for avant, apres in pairwise(_une_par_jour(mesures))}
    ordonnees = sorted(mesures, key=lambda m: (m.date, m.pk), reverse=True)
    return tuple(LigneMesure(mesure, variations.get(mesure.pk)) for mesure in ordonnees)


def dessin_indicateur(indicateur: Indicateur, mesures: Sequence[Mesure]) -> Dessin | None:
    """Return the curve of an indicator with what it says in words; None with fewer than two realised days."""
    total = croissance(mesures)
    if total is None:
        return None
    titre = f"{indicateur.nom}, du {date_longue(total.depart.date)} au {date_longue(total.arrivee.date)}"
    points = [Point(m.date, m.valeur, est_prevu=m.realite == Realite.PREVUE) for m in mesures]
    legende = (
        f"De {ecrire_valeur(total.depart.valeur)} à {ecrire_valeur(total.arrivee.valeur)}\u00a0{indicateur.unite}"
        f"{f' : {total.taux_ecrit}' if total.taux is not None else ''}. Toutes les valeurs sont dans le tableau."
    ).replace(" :", "\u00a0:")
    return Dessin(graphique_evolution(titre, points, unite=indicateur.unite), titre, legende)
