"""Models of the app `chantiers`: what is done together, with what money."""

from .actions import ActionCollective, Activite
from .budget import AffectationSurplus, Enveloppe, LigneBudgetaire, ResultatFinancier
from .chantiers import Chantier, ObjectifChantier
from .contenus import (
    ApportDemande,
    MotifType,
    OrganisationConcernee,
    PieceDemande,
    PosteDemande,
    PrecisionDemande,
)
from .decaissements import Decaissement
from .deliberations import Deliberation, PointDemande
from .demandes import DemandeFonds
from .regles import RegleAllocation

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
    "OrganisationConcernee",
    "PieceDemande",
    "PointDemande",
    "PosteDemande",
    "PrecisionDemande",
    "RegleAllocation",
    "ResultatFinancier",
]
