"""Models of the app `demarche`: the démarche, its people and how it decides."""

from .courriels import Courriel
from .demarche import CadreReference, Demarche, Exercice, Territoire
from .documents import Document
from .evenements import EvenementRegistre, SelRegistre, TeteRegistre
from .gouvernance import InstanceGouvernance, Mandat, Siege
from .jetons import JetonFormulaire
from .reglages import Reglage
from .rencontres import PointOrdreDuJour, PresenceSiege, ProcesVerbal, Rencontre
from .resolutions import Resolution
from .scrutins import Electeur, Rappel, Recusation, Scrutin, Vote
from .utilisateurs import RoleAttribue, Utilisateur

__all__ = [
    "CadreReference",
    "Courriel",
    "Demarche",
    "Document",
    "Electeur",
    "EvenementRegistre",
    "Exercice",
    "InstanceGouvernance",
    "JetonFormulaire",
    "Mandat",
    "PointOrdreDuJour",
    "PresenceSiege",
    "ProcesVerbal",
    "Rappel",
    "Recusation",
    "Reglage",
    "Rencontre",
    "Resolution",
    "RoleAttribue",
    "Scrutin",
    "SelRegistre",
    "Siege",
    "Territoire",
    "TeteRegistre",
    "Utilisateur",
    "Vote",
]
