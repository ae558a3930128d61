"""Models of the app `chantiers`: what is done together, with what money."""

from .actions import ActionCollective, Activite
from .budget import AffectationSurplus, Enveloppe, LigneBudgetaire, ResultatFinancier
from .chantiers import Chantier, ObjectifChantier
from .decaissements import Decaissement
from .demandes import (
    ApportDemande,
    Deliberation,
    DemandeFonds,
    MotifType,
    PieceDemande,
    PointDemande,
    PosteDemande,
    PrecisionDemande,
    RegleAllocation,
)

__all__ = [
    "ActionCollective",
    "Activite",
    "AffectationSurplus",
    "ApportDemande",
    "Chantier",
    "Decaissement",
    "Deliberation",
    "DemandeFonds",
    "Enveloppe",
    "LigneBudgetaire",
    "MotifType",
    "ObjectifChantier",
    "PieceDemande",
    "PointDemande",
    "PosteDemande",
    "PrecisionDemande",
    "RegleAllocation",
    "ResultatFinancier",
]
