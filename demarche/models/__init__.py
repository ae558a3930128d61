"""Models of the app `demarche`: the démarche, its people and how it decides."""

from .courriels import Courriel
from .demarche import CadreReference, Demarche, Exercice, Territoire
from .documents import Document
from .gouvernance import InstanceGouvernance, Mandat, Siege
from .jetons import JetonFormulaire
from .rencontres import Rencontre, Resolution
from .scrutins import Electeur, Recusation, Scrutin, Vote
from .utilisateurs import RoleAttribue, Utilisateur

__all__ = [
    "CadreReference",
    "Courriel",
    "Demarche",
    "Document",
    "Electeur",
    "Exercice",
    "InstanceGouvernance",
    "JetonFormulaire",
    "Mandat",
    "Recusation",
    "Rencontre",
    "Resolution",
    "RoleAttribue",
    "Scrutin",
    "Siege",
    "Territoire",
    "Utilisateur",
    "Vote",
]
