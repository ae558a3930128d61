"""Models of the room `chantiers.actions`."""

from chantiers.actions.models.actions import ActionCollective, Activite
from chantiers.actions.models.chantiers import Chantier, ObjectifChantier

__all__ = ["ActionCollective", "Activite", "Chantier", "ObjectifChantier"]
