"""What apps offer each other through the registry: one small frozen row by kind of offer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Model

from .models import Exercice, Scrutin, Utilisateur


@dataclass(frozen=True)
class EntreeMenu:
    """One line of the navigation, seen by those for whom `visible` says yes."""

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

    page: str
    gabarit: str  # written by `{% fragment gabarit contexte %}`: it sees the keys of its context and the request
    ordre: int
    contexte: Callable[[Utilisateur | None], dict[str, Any] | None]  # None: nothing to show to this person


@dataclass(frozen=True)
class Onglet:
    """One section that an upper app adds to the page of a lower app's object."""

    page: str  # for instance « chantiers.action », « demarche.rencontre », « demarche.instance »
    titre: str
    gabarit: str  # written by `{% fragment gabarit contexte %}`, like that of a card
    ordre: int
    contexte: Callable[[Utilisateur | None, Model], dict[str, Any] | None]


@dataclass(frozen=True)
class Constat:
    """One thing the vérificateur found: the sentence, and the page where it is mended."""

    gravite: str  # « bloquant », « a_corriger », « a_verifier »
    phrase: str
    url: str


@dataclass(frozen=True)
class Verification:
    """One check over the data of an exercice."""

    code: str
    libelle: str
    fonction: Callable[[Exercice], Iterable[Constat]]


@dataclass(frozen=True)
class Assistance:
    """Who was at a meeting besides its seats, as an app counts them: organisations are named, people are counted.

    Everybody, where people come for organisations (the assemblée); the guests, where seats sit.
    """

    nb_personnes: int
    nb_organisations: int
    organisations: tuple[tuple[str, int], ...] = ()  # name, how many people


@dataclass(frozen=True)
class LienReglage:
    """One settings page that an app adds to the hub of « Réglages »."""

    titre: str
    description: str
    route: str
    ordre: int
    visible: Callable[[Utilisateur], bool]


@dataclass(frozen=True)
class ValeurReglee:
    """One rule, threshold or delay in force: what it says, where it comes from (empty: ours), where it is changed."""

    groupe: str
    nom: str
    texte: str
    source: str = ""
    url: str = ""  # empty: it is not changed from a page


@dataclass(frozen=True)
class Defaut:
    """One number of ours that a démarche confirms or changes; `phrase` says it, `{}` being the number.

    Source: none, by definition: a `Reglage` gives the démarche's own number, and where it comes from.
    """

    cle: str
    groupe: str
    nom: str
    phrase: str  # « dans les {} heures avant l’échéance »
    unite: str
    valeur: int
    minimum: int
    maximum: int


@dataclass(frozen=True)
class EtapeInstallation:
    """One thing to set up before the démarche can work here; no `url` for somebody who may not open that page."""

    libelle: str
    texte: str
    url: str
    est_faite: bool


@dataclass(frozen=True)
class Rupture:
    """One thing that does not hold in the chained register: the line, what it is about, and the sentence (R7)."""

    ligne: int | None  # None: a row that no line tells, or the head of the register
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
    voix: str = "siège"  # who answers there: a seat, or at the assemblée a « voix »
    motifs: Mapping[int, str] = field(default_factory=dict)  # of its changes, by the row of its history


@dataclass(frozen=True)
class PointDeCloture:
    """One thing to look at before an exercice is closed (R10)."""

    libelle: str
    est_fait: bool
    est_bloquant: bool = False
    precision: str = ""  # how it stands: how many, how much
    url: str = ""

    @property
    def empeche(self) -> bool:
        """True when the exercice cannot be closed because of it."""
        return self.est_bloquant and not self.est_fait


@dataclass(frozen=True)
class Convoque:
    """One person called to a meeting: the name to greet, the address (maybe empty), on whose behalf."""

    nom: str
    courriel: str
    au_nom_de: str
    membre: bool = False  # holds a seat: reads the whole agenda, not only its public points


@dataclass(frozen=True)
class ActePoint:
    """What there is to do on one point of an agenda, on the page of an app above."""

    libelle: str
    url: str
    est_a_faire: bool  # False: only something to read


@dataclass(frozen=True)
class Ouverture:
    """How an app opens a ballot whose voices it knows; `appeles` gives those who would be called that day."""

    appeles: Callable[[date], Sequence[Any]]
    ouvrir: Callable[..., Scrutin]  # arguments: those of `ouvrir_scrutin`
