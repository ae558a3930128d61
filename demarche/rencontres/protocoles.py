"""What a room above adds to a meeting: something to do on a point of its agenda, who was there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Rencontre
from demarche.rencontres.models import PointOrdreDuJour
from demarche.socle.protocoles import Extensions


@dataclass(frozen=True)
class ActePoint:
    """What there is to do on one point of an agenda, on the page of a room above."""

    libelle: str
    url: str
    est_a_faire: bool  # False: only something to read


@dataclass(frozen=True)
class Assistance:
    """Who was at a meeting besides its seats: organisations are named, people are counted.

    Everybody, where people come for organisations (the assemblée); the guests, where seats sit.
    """

    nb_personnes: int
    nb_organisations: int
    organisations: tuple[tuple[str, int], ...] = ()  # name, how many people


class Agenda:
    """Protocol: what a room knows of a meeting and of its points."""

    def actes(self, utilisateur: Utilisateur, points: Sequence[PointOrdreDuJour]) -> Mapping[int, ActePoint]:
        """Return what this person may do on these points of one agenda: point.pk -> act; one call a page."""
        return {}

    def assistance(self, rencontre: Rencontre) -> Assistance | None:
        """Return who was there, when this room keeps it otherwise than by seat; None: nothing was noted."""
        return None


class TousLesAgendas(Extensions[Agenda]):
    """What all rooms know of a meeting."""

    def actes_de(self, utilisateur: Utilisateur, points: Sequence[PointOrdreDuJour]) -> dict[int, ActePoint]:
        """Return what there is to do on these points."""
        return {pk: acte for un in self for pk, acte in un.actes(utilisateur, points).items()}

    def assistance_a(self, rencontre: Rencontre) -> Assistance | None:
        """Return who was at this meeting besides its seats."""
        return next((a for un in self if (a := un.assistance(rencontre)) is not None), None)


AGENDAS = TousLesAgendas()
