"""Models of the room `chantiers.demandes`."""

from chantiers.demandes.models.decaissements import Decaissement
from chantiers.demandes.models.decisions import MotifType
from chantiers.demandes.models.deliberations import Deliberation, PointDemande
from chantiers.demandes.models.demandes import DemandeFonds
from chantiers.demandes.models.precisions import PrecisionDemande
from chantiers.demandes.models.redaction import ApportDemande, OrganisationConcernee, PieceDemande, PosteDemande
from chantiers.demandes.models.regles_allocation import RegleAllocation

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
