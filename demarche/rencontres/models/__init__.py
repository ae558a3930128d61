"""Models of the room `demarche.rencontres`."""

from demarche.rencontres.models.points import PointOrdreDuJour
from demarche.rencontres.models.presences import PresenceSiege
from demarche.rencontres.models.proces_verbaux import ProcesVerbal

__all__ = ["PointOrdreDuJour", "PresenceSiege", "ProcesVerbal"]
