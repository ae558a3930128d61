"""Models of the room `partenaires`: who takes part."""

from .adhesions import Adhesion, Consentement
from .organisations import Affiliation, Organisation, Personne
from .participation import CollaborationStructurante, ElecteurPartenaire, Presence, Representation

__all__ = [
    "Adhesion",
    "Affiliation",
    "CollaborationStructurante",
    "Consentement",
    "ElecteurPartenaire",
    "Organisation",
    "Personne",
    "Presence",
    "Representation",
]
