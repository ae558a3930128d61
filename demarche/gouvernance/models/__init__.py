"""Models of the room `demarche.gouvernance`."""

from demarche.gouvernance.models.demarche import CadreReference, Demarche, Exercice, Territoire
from demarche.gouvernance.models.gouvernance import InstanceGouvernance, Mandat, Siege
from demarche.gouvernance.models.reglages import Reglage
from demarche.gouvernance.models.regles_decision import RegleDecision
from demarche.gouvernance.models.rencontres import Rencontre
from demarche.gouvernance.models.resolutions import Resolution

__all__ = [
    "CadreReference",
    "Demarche",
    "Exercice",
    "InstanceGouvernance",
    "Mandat",
    "Reglage",
    "RegleDecision",
    "Rencontre",
    "Resolution",
    "Siege",
    "Territoire",
]
