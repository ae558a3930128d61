"""Models of the room `chantiers.demandes`."""

from chantiers.demandes.models.contenus import (
    ApportDemande,
    MotifType,
    OrganisationConcernee,
    PieceDemande,
    PosteDemande,
    PrecisionDemande,
)
from chantiers.demandes.models.decaissements import Decaissement
from chantiers.demandes.models.deliberations import Deliberation, PointDemande
from chantiers.demandes.models.demandes import DemandeFonds
from chantiers.demandes.models.regles import RegleAllocation

__all__ = [
    "ApportDemande",
    "Decaissement",
    "Deliberation",
    "DemandeFonds",
    "MotifType",
    "OrganisationConcernee",
    "PieceDemande",
    "PointDemande",
    "PosteDemande",
    "PrecisionDemande",
    "RegleAllocation",
]
