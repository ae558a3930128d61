"""Models of the room `demarche.socle`."""

from demarche.socle.models.courriels import Courriel
from demarche.socle.models.documents import Document
from demarche.socle.models.jetons import JetonFormulaire
from demarche.socle.models.periodes import Periode

__all__ = ["Courriel", "Document", "JetonFormulaire", "Periode"]
