"""Models of the room `demarche.scrutins`."""

from demarche.scrutins.models.scrutins import Electeur, Rappel, Recusation, Scrutin, Vote

__all__ = ["Electeur", "Rappel", "Recusation", "Scrutin", "Vote"]
