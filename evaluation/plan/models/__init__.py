"""Models of the room `evaluation.plan`."""

from evaluation.plan.models.effets import DomaineAction, EffetConstate, ResultatTransitoire
from evaluation.plan.models.mesures import Indicateur, Mesure
from evaluation.plan.models.plans import (
    Cible,
    Contribution,
    Objectif,
    Orientation,
    PlanStrategique,
    Resultat,
    Strategie,
)
from evaluation.plan.models.plans_evaluation import MomentEvaluation, PlanEvaluation

__all__ = [
    "Cible",
    "Contribution",
    "DomaineAction",
    "EffetConstate",
    "Indicateur",
    "Mesure",
    "MomentEvaluation",
    "Objectif",
    "Orientation",
    "PlanEvaluation",
    "PlanStrategique",
    "Resultat",
    "ResultatTransitoire",
    "Strategie",
]
