"""Models of the room `demarche.rencontres`."""

from demarche.rencontres.models.rencontres import PointOrdreDuJour, PresenceSiege, ProcesVerbal

__all__ = ["PointOrdreDuJour", "PresenceSiege", "ProcesVerbal"]
