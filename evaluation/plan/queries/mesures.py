"""Indicators: their last value, how they moved, their curve."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from demarche.socle.templatetags.formats import date_longue
from evaluation.plan.comparaisons import Croissance, croissance
from evaluation.plan.enums import Fiabilite, Realite
from evaluation.plan.graphiques import Point, graphique_evolution
from evaluation.plan.models import Indicateur, Mesure
from evaluation.plan.valeurs import ecrire_valeur


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


def indicateurs_resumes() -> tuple[IndicateurResume, ...]:
    """Return every indicator with its last value and growth; two queries."""
    return tuple(_resumer(indicateur) for indicateur in Indicateur.objects.prefetch_related("mesures"))


def _resumer(indicateur: Indicateur) -> IndicateurResume:
    mesures = sorted(indicateur.mesures.all(), key=lambda m: (m.date, m.pk))
    realisees = [mesure for mesure in mesures if mesure.realite == Realite.REALISEE]
    return IndicateurResume(indicateur, realisees[-1] if realisees else None, croissance(mesures), len(mesures))


def evolution(mesures: Sequence[Mesure]) -> tuple[LigneMesure, ...]:
    """Return the values, the newest first, each realised one with its change since the one before (R16)."""
    par_jour = {m.date: m for m in sorted(mesures, key=lambda m: (m.date, m.pk)) if m.realite == Realite.REALISEE}
    variations = {apres.pk: croissance((avant, apres)) for avant, apres in pairwise(par_jour.values())}
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
