"""Models of the room `evaluation.bilan`."""

from evaluation.bilan.models.bilans import Bilan, Narratif

__all__ = ["Bilan", "Narratif"]
