"""Models of the app `evaluation`: what it changed, and the bilan that tells it."""

from .bilans import Bilan, Narratif
from .effets import DomaineAction, EffetConstate, ResultatTransitoire
from .mesures import Indicateur, Mesure
from .plans import Cible, Contribution, Objectif, Orientation, PlanStrategique, Resultat, Strategie
from .plans_evaluation import MomentEvaluation, PlanEvaluation

__all__ = [
    "Bilan",
    "Cible",
    "Contribution",
    "DomaineAction",
    "EffetConstate",
    "Indicateur",
    "Mesure",
    "MomentEvaluation",
    "Narratif",
    "Objectif",
    "Orientation",
    "PlanEvaluation",
    "PlanStrategique",
    "Resultat",
    "ResultatTransitoire",
    "Strategie",
]
