"""Models of the app `chantiers`: what is done together, with what money."""

from .actions import ActionCollective, Activite
from .budget import AffectationSurplus, Enveloppe, LigneBudgetaire, ResultatFinancier
from .chantiers import Chantier, ObjectifChantier
from .demandes import Deliberation, DemandeFonds, PieceDemande, PosteDemande, RegleAllocation

__all__ = [
    "ActionCollective",
    "Activite",
    "AffectationSurplus",
    "Chantier",
    "Deliberation",
    "DemandeFonds",
    "Enveloppe",
    "LigneBudgetaire",
    "ObjectifChantier",
    "PieceDemande",
    "PosteDemande",
    "RegleAllocation",
    "ResultatFinancier",
]
