"""What the rooms above tell of the démarche: its rules, its years, who makes up its instances."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Exercice, InstanceGouvernance, Mandat, Rencontre, Siege
from demarche.socle.protocoles import Extensions


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


class Regles:
    """Protocol: the rules, thresholds and delays of a room, and what it needs to be set up."""

    defauts: Sequence[Defaut] = ()

    def valeurs(self) -> Iterable[ValeurReglee]:
        """Yield what is in force, for the page « Valeurs par défaut » (R4, R5)."""
        return ()

    def etapes(self, utilisateur: Utilisateur) -> Iterable[EtapeInstallation]:
        """Yield what this room adds to the « Premiers pas » of a new installation, in order."""
        return ()


class ToutesLesRegles(Extensions[Regles]):
    """The rules of all rooms."""

    def defauts_reglables(self) -> dict[str, Defaut]:
        """Return the numbers of ours that the démarche confirms or changes, by their key."""
        return {defaut.cle: defaut for une in self for defaut in une.defauts}


REGLES = ToutesLesRegles()


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


class Annee:
    """Protocol: what a room checks in an exercice."""

    verifications: Sequence[Verification] = ()

    def points_de_cloture(self, exercice: Exercice) -> Iterable[PointDeCloture]:
        """Yield what to look at before the exercice is closed; the page shows it, the service refuses with it."""
        return ()


class ToutesLesAnnees(Extensions[Annee]):
    """The checks of all rooms."""

    def cloture_de(self, exercice: Exercice) -> list[PointDeCloture]:
        """Return what to look at before this exercice is closed, what stands in the way first, what is done last."""
        points = [point for une in self for point in une.points_de_cloture(exercice)]
        return sorted(points, key=lambda point: (not point.empeche, point.est_fait))


ANNEES = ToutesLesAnnees()


@dataclass(frozen=True)
class Convoque:
    """One person called to a meeting: the name to greet, the address (maybe empty), on whose behalf."""

    nom: str
    courriel: str
    au_nom_de: str
    membre: bool = False  # holds a seat: reads the whole agenda, not only its public points


class Membres:
    """Protocol: who makes up the instances, besides the holders of seats: the partners, at the assemblée (R6)."""

    def nb_voix(self, instance_gouvernance: InstanceGouvernance, jour: date) -> int | None:
        """Return how many voices an instance without seats has on a day; None: not this room's."""
        return None

    def convoques(self, rencontre: Rencontre) -> Iterable[Convoque]:
        """Yield who is called to a meeting besides the holders of seats."""
        return ()

    def organisations_des_sieges(self, sieges: Iterable[int], jour: date) -> Mapping[int, str]:
        """Return the organisation that each of these seats stood for on that day: seat pk -> name."""
        return {}

    def siege_a_l_assemblee(self, utilisateur: Utilisateur) -> bool:
        """Return whether this person takes part in the assemblée today."""
        return False


class TousLesMembres(Extensions[Membres]):
    """What the rooms know of who makes up the instances."""

    def nb_voix_de(self, instance_gouvernance: InstanceGouvernance, jour: date) -> int | None:
        """Return how many voices an instance without seats has that day; None when no room knows."""
        return next((n for un in self if (n := un.nb_voix(instance_gouvernance, jour)) is not None), None)

    def convoques_de(self, rencontre: Rencontre) -> list[Convoque]:
        """Return who is called to a meeting besides the holders of seats."""
        return [convoque for un in self for convoque in un.convoques(rencontre)]

    def organisations_de(self, sieges: Iterable[int], jour: date) -> dict[int, str]:
        """Return the organisation each seat stood for on that day."""
        cles = list(sieges)
        return {cle: nom for un in self for cle, nom in un.organisations_des_sieges(cles, jour).items()}

    def siege_a_l_assemblee(self, utilisateur: Utilisateur) -> bool:
        """Return whether this person takes part in the assemblée today."""
        return any(un.siege_a_l_assemblee(utilisateur) for un in self)


MEMBRES = TousLesMembres()


class Suites:
    """Protocol: what hangs, in a room above, on an instance, a seat or a resolution."""

    def attendus(self, instance_gouvernance: InstanceGouvernance) -> Iterable[str]:
        """Yield what still waits for a decision of this instance, as French phrases: « 2 demandes de fonds »."""
        return ()

    def siege_pourvu(self, mandat: Mandat) -> None:
        """Do what follows from a seat just filled, in the same transaction."""

    def scrutins_ouverts(self, instance_gouvernance: InstanceGouvernance, siege: Siege | None = None) -> Iterable[Any]:
        """Yield the open ballots of an instance; with a seat, those that call it, each with `a_vote`: it answered."""
        return ()

    def dossiers(self, utilisateur: Utilisateur, sieges: Iterable[Siege]) -> Mapping[int, str]:
        """Return where this person reads the files of these seats: siege.pk -> address."""
        return {}

    def resolutions_lisibles(self, utilisateur: Utilisateur) -> Q | None:
        """Return which resolutions this person may read though they do not see every decision, or None."""
        return None


class ToutesLesSuites(Extensions[Suites]):
    """What all rooms hang on the instances."""

    def attendus_de(self, instance_gouvernance: InstanceGouvernance) -> list[str]:
        """Return what still waits for a decision of this instance."""
        return [phrase for une in self for phrase in une.attendus(instance_gouvernance)]

    def siege_pourvu(self, mandat: Mandat) -> None:
        """Tell every room that a seat has just been filled."""
        for une in self:
            une.siege_pourvu(mandat)

    def scrutins_ouverts(self, instance_gouvernance: InstanceGouvernance, siege: Siege | None = None) -> list[Any]:
        """Return the open ballots of an instance, or those that call one of its seats."""
        return [scrutin for une in self for scrutin in une.scrutins_ouverts(instance_gouvernance, siege)]

    def dossiers(self, utilisateur: Utilisateur, sieges: Iterable[Siege]) -> dict[int, str]:
        """Return where this person reads the files of these seats."""
        tous = list(sieges)
        return {pk: adresse for une in self for pk, adresse in une.dossiers(utilisateur, tous).items()}

    def resolutions_lisibles_par(self, utilisateur: Utilisateur) -> Q | None:
        """Return the condition of the resolutions opened to this person; None when no room opens any."""
        conditions = [q for une in self if (q := une.resolutions_lisibles(utilisateur)) is not None]
        return reduce(or_, conditions) if conditions else None


SUITES = ToutesLesSuites()
