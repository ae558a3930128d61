"""What a room above writes in the chained register: how it reads there, and what proves it (R7)."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from demarche.socle.protocoles import Extensions


@dataclass(frozen=True)
class Rupture:
    """One fault of the chained register: the line, its subject, and the sentence."""

    ligne: int | None  # None: a row without line, or the head of the register
    objet: str  # « scrutin 12 »
    phrase: str

    def __str__(self) -> str:
        ou = f"ligne {self.ligne}" if self.ligne is not None else "sans ligne"
        return f"{ou} ({self.objet}) : {self.phrase}" if self.objet else f"{ou} : {self.phrase}"


@dataclass(frozen=True)
class ObjetNomme:
    """What lines of the chained register are about, as its page names it: never a person."""

    libelle: str  # « scrutin « Octroi de 3 000,00 $ » »
    url: str = ""
    voix: str = "siège"  # who answers there: a seat, or at the assemblée a « voix »
    motifs: Mapping[int, str] = field(default_factory=dict)  # of its changes, by the row of its history


Nommer = Callable[[Collection[int]], Mapping[int, ObjetNomme]]
Dire = Callable[[Mapping[str, Any], ObjetNomme], str]


class Matiere:
    """Protocol: one room's part of the register."""

    # By first word of `EvenementRegistre.objet`: how the rows with these keys are named.
    nommer: Mapping[str, Nommer] = {}
    # By `GenreEvenement`: what a line says, in plain French, from its content; without one, the label of its kind.
    dire: Mapping[str, Dire] = {}

    # Each yields the differences between the register and the rows of the room.
    controles: Sequence[Callable[[], Iterable[Rupture]]] = ()


MATIERES: Extensions[Matiere] = Extensions()
