"""How a room gives something to the rooms below it: it extends a protocol that the lower room names.

Each room keeps its protocols in `protocoles.py`, and what it gives to the rooms below in `extensions.py`, which is
imported once, at start. To know all that can be plugged into a room, read its protocols.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

P = TypeVar("P")


class Extensions(Generic[P]):
    """The implementations of one protocol, in the order of the rooms, lowest first."""

    def __init__(self) -> None:
        self._toutes: list[P] = []

    def ajouter(self, classe: type[P]) -> type[P]:
        """Register one implementation; a class decorator."""
        self._toutes.append(classe())
        return classe

    def __iter__(self) -> Iterator[P]:
        return iter(self._toutes)


class Echeances:
    """Protocol: what is overdue in a room and takes effect before any page is shown (R5)."""

    def appliquer(self) -> None:
        """Let every past deadline of the room take effect; nothing is written when nothing is overdue."""


ECHEANCES: Extensions[Echeances] = Extensions()
