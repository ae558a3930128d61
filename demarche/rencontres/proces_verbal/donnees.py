"""What minutes say, as frozen dataclasses: plain values only, no model, no HTML.

The whole is written as JSON when the minutes are adopted, and read back from it ever after; SCHEMA grows by one when
a field is added, removed or changes its meaning. No field says how a seat voted.
"""

import dataclasses
import datetime
import hashlib
import types
import typing
from dataclasses import dataclass
from typing import Any

from demarche.gouvernance.enums import Issue, ModeDecision
from demarche.socle.francais import compter

SCHEMA = 2


@dataclass(frozen=True)
class Identite:
    """The démarche and the instance, at the head of the document."""

    demarche: str
    couleur: str
    instance: str


@dataclass(frozen=True)
class Seance:
    """When and where the meeting was held, and who ran it."""

    titre: str
    date: datetime.date
    heure: datetime.time | None
    ouverte_a: datetime.time | None
    levee_a: datetime.time | None
    lieu: str
    presidence: str
    secretariat: str


@dataclass(frozen=True)
class PresencePV:
    """One seat at the meeting; `etat` is present, excuse, absent, vacant, or empty when nothing was noted."""

    numero: int
    siege: str
    nom: str
    organisation: str
    etat: str
    arrivee_a: datetime.time | None
    depart_a: datetime.time | None


@dataclass(frozen=True)
class RecusationPV:
    """A person recused from one decision, and the moment of the recusal (R4)."""

    qui: str
    moment: datetime.datetime | None  # None at the vote of a room, whose hour is not noted


@dataclass(frozen=True)
class VotePV:
    """The counts of one ballot, never who answered what (R5)."""

    mode: str
    clos_le: datetime.datetime
    nb_pour: int
    nb_contre: int
    nb_abstentions: int
    nb_recusations: int
    nb_absents: int
    quorum: int
    issue: str

    @property
    def est_adopte(self) -> bool:
        return self.issue == Issue.ADOPTEE

    @property
    def mode_libelle(self) -> str:
        return ModeDecision(self.mode).label

    @property
    def phrase(self) -> str:
        """Return « 4 pour, 1 contre, 1 abstention, 1 récusation, 1 absence »."""
        comptes = [
            f"{self.nb_pour}\u00a0pour",
            f"{self.nb_contre}\u00a0contre",
            compter(self.nb_abstentions, "abstention"),
            compter(self.nb_recusations, "récusation"),
            compter(self.nb_absents, "absence"),
        ]
        return ", ".join(comptes)

    @property
    def conclusion(self) -> str:
        """Return what the vote decides, in one sentence."""
        if self.issue == Issue.SANS_QUORUM:
            return f"Le quorum de {self.quorum} n’est pas atteint\u00a0: rien n’est décidé."
        if not self.est_adopte:
            return f"Le quorum de {self.quorum} est atteint; la proposition n’est pas adoptée."
        unanime = self.nb_contre == 0 and self.nb_abstentions == 0
        voix = "à l’unanimité des voix" if unanime else "à la majorité"
        return f"Le quorum de {self.quorum} est atteint; la proposition est adoptée {voix}."


@dataclass(frozen=True)
class ResolutionPV:
    """One resolution in full."""

    code: str
    titre: str
    texte: str
    proposee_par: str
    appuyee_par: str


@dataclass(frozen=True)
class DecisionPV:
    """One question put to the vote: the recusals, the counts, the resolution if it was adopted."""

    question: str
    texte: str  # what was put to the vote, printed when no resolution says it
    recusations: tuple[RecusationPV, ...]
    vote: VotePV | None
    resolution: ResolutionPV | None


@dataclass(frozen=True)
class PointPV:
    """One point of the agenda, in order."""

    numero: int
    titre: str
    compte_rendu: str
    decision: DecisionPV | None
    reporte_au: datetime.date | None  # said once, from the row of the other meeting, never by `compte_rendu`


@dataclass(frozen=True)
class RegistrePV:
    """Where the chained register stood when these minutes were composed (R7)."""

    numero: int
    empreinte: str
    releve_le: datetime.datetime


@dataclass(frozen=True)
class AdoptionPV:
    """The later meeting that adopted these minutes, and its resolution."""

    date: datetime.date
    rencontre: str
    resolution: str
    vote: VotePV


@dataclass(frozen=True)
class ProcesVerbalCompose:
    """The whole document; without `adoption`, it is a draft."""

    schema: int
    identite: Identite
    seance: Seance
    presences: tuple[PresencePV, ...]
    assistance: str  # « 34 personnes de 25 organisations », where seats do not sit
    invites: str  # where seats sit: the organisations that also came, and how many people
    quorum: str
    ouverture: str
    points: tuple[PointPV, ...]
    autres: tuple[DecisionPV, ...]  # decided at the meeting, on no point of its agenda
    entre_rencontres: tuple[DecisionPV, ...]
    depuis: datetime.date | None  # the meeting before
    cloture: str
    registre: RegistrePV
    adoption: AdoptionPV | None

    @property
    def empreinte(self) -> str:
        """Return a short text that changes as soon as what these minutes say does, whatever the register adds."""
        dit = dataclasses.replace(self, registre=RegistrePV(0, "", datetime.datetime.min), adoption=None)
        return hashlib.sha256(repr(dit).encode()).hexdigest()[:32]

    def presences_en(self, etat: str) -> tuple[PresencePV, ...]:
        return tuple(presence for presence in self.presences if presence.etat == etat)


def _lire(forme: Any, valeur: Any) -> Any:
    origine, arguments = typing.get_origin(forme), typing.get_args(forme)
    if origine is types.UnionType:
        return None if valeur is None else _lire(arguments[0], valeur)
    if origine is tuple:
        return tuple(_lire(arguments[0], element) for element in valeur)
    if dataclasses.is_dataclass(forme):
        formes = typing.get_type_hints(forme)
        champs = {champ.name: _lire(formes[champ.name], valeur[champ.name]) for champ in dataclasses.fields(forme)}
        return typing.cast(Any, forme)(**champs)
    if forme in (datetime.date, datetime.time, datetime.datetime):
        return forme.fromisoformat(valeur)
    return valeur


def lire_donnees(donnees: dict[str, Any]) -> ProcesVerbalCompose:
    """Return the adopted minutes as they were frozen."""
    compose: ProcesVerbalCompose = _lire(ProcesVerbalCompose, donnees)
    return compose
