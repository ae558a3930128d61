"""What a room above shows on the pages that all rooms share, and which documents it opens."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model

from demarche.comptes.models import Utilisateur
from demarche.socle.models import Document
from demarche.socle.protocoles import Extensions


def toujours(utilisateur: Utilisateur) -> bool:
    """True for every person signed in."""
    return True


@dataclass(frozen=True)
class EntreeMenu:
    """One line of the navigation, shown when `visible` accepts the person."""

    groupe: str
    libelle: str
    route: str
    icone: str
    ordre: int
    visible: Callable[[Utilisateur], bool]
    aussi: tuple[str, ...] = ()  # other first parts of an address where the entry is the current one: « /actions/ »


@dataclass(frozen=True)
class Attente:
    """One thing that waits for this person: what to do, where, until when."""

    verbe: str  # « À voter », « À décider », « À compléter », « À payer », « À traiter »
    libelle: str
    url: str
    echeance: date | datetime | None = None
    precision: str = ""


@dataclass(frozen=True)
class Carte:
    """One card of a home page (`espace` for people signed in, `accueil` for everybody)."""

    page: str  # « espace », « accueil », or « accueil.cote »: beside it
    gabarit: str  # written by `{% fragment gabarit contexte %}`: it sees the keys of its context and the request
    ordre: int
    contexte: Callable[[Utilisateur | None], dict[str, Any] | None]  # None: nothing to show to this person


@dataclass(frozen=True)
class Section:
    """One section that a room adds to the page of an object of a room below."""

    page: str  # room and object: « actions.action », « gouvernance.instance »
    titre: str
    gabarit: str  # written by `{% fragment gabarit contexte %}`, like that of a card
    ordre: int
    contexte: Callable[[Utilisateur | None, Model], dict[str, Any] | None]


@dataclass(frozen=True)
class LienReglage:
    """One settings page in the hub of « Réglages »."""

    titre: str
    description: str
    route: str
    ordre: int
    visible: Callable[[Utilisateur], bool]


class Pages:
    """Protocol: what a room shows in the navigation, on « Mon espace », on the home page, on pages of other rooms."""

    menu: Sequence[EntreeMenu] = ()
    menu_public: Sequence[EntreeMenu] = ()  # seen by everybody, `visible` not asked
    cartes: Sequence[Carte] = ()
    sections: Sequence[Section] = ()
    reglages: Sequence[LienReglage] = ()

    def attentes(self, utilisateur: Utilisateur) -> Iterable[Attente]:
        """Yield what waits for this person."""
        return ()

    def sieges(self, comptes: Collection[Utilisateur]) -> Mapping[int, Sequence[str]]:
        """Return what these accounts hold today beside their roles: account pk -> « Comité de pilotage, Ville »."""
        return {}

    def qualite(self, utilisateur: Utilisateur) -> str | None:
        """Return what this person is here, other than its roles: « Partenaire : Café du coin », or None."""
        return None


class ToutesLesPages(Extensions[Pages]):
    """The pages of all rooms, ready for one person."""

    def menu_de(self, utilisateur: Utilisateur) -> list[EntreeMenu]:
        """Return the entries this person sees, in order."""
        return sorted((e for une in self for e in une.menu if e.visible(utilisateur)), key=lambda e: e.ordre)

    def menu_public(self) -> list[EntreeMenu]:
        """Return the entries of the public pages, in order."""
        return sorted((e for une in self for e in une.menu_public), key=lambda e: e.ordre)

    def attentes_de(self, utilisateur: Utilisateur) -> list[Attente]:
        """Return what waits for this person, the nearest date first, the undated last."""
        trouvees = [attente for une in self for attente in une.attentes(utilisateur)]
        return sorted(trouvees, key=lambda a: (a.echeance is None, str(a.echeance or ""), a.libelle))

    def reglages_de(self, utilisateur: Utilisateur) -> list[LienReglage]:
        """Return the settings pages this person may open, in order."""
        return sorted((r for une in self for r in une.reglages if r.visible(utilisateur)), key=lambda r: r.ordre)

    def qualites_de(self, utilisateur: Utilisateur) -> list[str]:
        """Return what this person is, other than its roles and seats."""
        return [libelle for une in self if (libelle := une.qualite(utilisateur))]

    def sieges_de(self, comptes: Collection[Utilisateur]) -> dict[int, list[str]]:
        """Return what each of these accounts holds today beside its roles, in a constant number of queries."""
        tenus: dict[int, list[str]] = {compte.pk: [] for compte in comptes}
        for une in self:
            for pk, libelles in une.sieges(comptes).items():
                tenus[pk] += libelles
        return tenus

    def cartes_de(self, page: str, utilisateur: Utilisateur | None) -> list[tuple[str, dict[str, Any]]]:
        """Return the (template, context) pairs of one home page."""
        choisies = sorted((c for une in self for c in une.cartes if c.page == page), key=lambda c: c.ordre)
        return [(c.gabarit, ctx) for c in choisies if (ctx := c.contexte(utilisateur)) is not None]

    def sections_de(
        self, page: str, utilisateur: Utilisateur | None, objet: Model
    ) -> list[tuple[str, str, dict[str, Any]]]:
        """Return the (title, template, context) triples that upper rooms add to this object's page."""
        choisies = sorted((s for une in self for s in une.sections if s.page == page), key=lambda s: s.ordre)
        return [(s.titre, s.gabarit, ctx) for s in choisies if (ctx := s.contexte(utilisateur, objet)) is not None]


PAGES = ToutesLesPages()


class AccesDocuments:
    """Protocol: who reads the documents that a room keeps, and where."""

    def lisible(self, utilisateur: Utilisateur | None, document: Document) -> bool:
        """Return whether this room lets this person (None: not signed in) read the document; one yes is enough."""
        return False

    def adresse(self, document: Document) -> str:
        """Return the address that alone serves this document; empty when it is served like any other."""
        return ""


DOCUMENTS: Extensions[AccesDocuments] = Extensions()
