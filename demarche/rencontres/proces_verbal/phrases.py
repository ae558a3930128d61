"""The plain sentences of a first draft, and the one about the quorum: pure functions over the rows of a meeting."""

from collections.abc import Iterable, Sequence

from demarche.gouvernance import phrases_regle
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import Rencontre
from demarche.rencontres.enums import EtatPoint, GenrePoint
from demarche.rencontres.models import PointOrdreDuJour
from demarche.rencontres.protocoles import Assistance
from demarche.rencontres.services.presences import SiegeDuJour, quorum_de
from demarche.socle.francais import compter, ecrire_date, ecrire_heure

PRESENTE = "Le point est présenté."
PAS_ABORDE = "Le point n’est pas abordé."


def reprend_les_notes(rencontre: Rencontre) -> bool:
    """False at the assemblée, whose minutes its partners read: what was jotted down there stays with the team."""
    return rencontre.instance_gouvernance.genre != GenreInstance.ASSEMBLEE


def ebauche_du_point(point: PointOrdreDuJour, *, avec_notes: bool) -> str:
    """Return a first text for one point: its notes when they may be used, else one sentence on what came of it.

    A point carried over has its notes alone: to which day is a fact, told beside its text.
    """
    if point.etat == EtatPoint.REPORTE:
        phrase = ""
    elif point.etat != EtatPoint.TRAITE and point.scrutin_id is None:
        phrase = PAS_ABORDE
    elif point.genre == GenrePoint.PROCES_VERBAL and point.proces_verbal is not None:
        jour = ecrire_date(point.proces_verbal.rencontre.date)
        phrase = f"Le procès-verbal de la rencontre du {jour} est relu, puis soumis à l’adoption."
    elif point.genre == GenrePoint.ENTERINEMENT:
        phrase = "La décision prise par consultation est présentée; la rencontre est appelée à l’entériner."
    elif point.scrutin_id is not None:
        objet = "La demande" if point.genre == GenrePoint.DEMANDE else "La proposition"
        phrase = f"{objet} est présentée, puis mise aux voix."
    else:
        phrase = PRESENTE
    notes = point.notes.strip() if avec_notes else ""
    if not notes:
        return phrase
    return notes if phrase in ("", PRESENTE, PAS_ABORDE) else f"{notes}\n\n{phrase}"


def ebauche_ouverture(rencontre: Rencontre) -> str:
    """Return the first sentence of the minutes, with what is known."""
    heure = f" à {ecrire_heure(rencontre.ouverte_a)}" if rencontre.ouverte_a else ""
    if rencontre.presidence:
        return f"{rencontre.presidence} ouvre la rencontre{heure} et souhaite la bienvenue."
    return f"La rencontre s’ouvre{heure}."


def ebauche_cloture(rencontre: Rencontre, points: Iterable[PointOrdreDuJour]) -> str:
    """Return the last sentence of the minutes; an agenda is gone through once nothing on it is left to deal with."""
    heure = f" à {ecrire_heure(rencontre.levee_a)}" if rencontre.levee_a else ""
    if all(point.etat in {EtatPoint.TRAITE, EtatPoint.REPORTE} for point in points):
        return f"L’ordre du jour étant épuisé, la rencontre est levée{heure}."
    return f"La rencontre est levée{heure}."


def phrase_quorum(rencontre: Rencontre, sieges: Sequence[SiegeDuJour]) -> str:
    """Return the rule of the quorum, how many it asks and how many were there, as far as presences were noted."""
    regle = phrases_regle.phrase_quorum(rencontre.instance_gouvernance, None)
    quorum = quorum_de(rencontre, sieges)
    if quorum is None:
        return f"Quorum\u00a0: {regle}. Le quorum est vérifié à chaque vote."
    tus = sum(1 for s in sieges if not s.est_vacant and s.presence is None)
    if tus == quorum.nb_pourvus:
        return f"Quorum\u00a0: {regle}. Présences non notées; le quorum est vérifié à chaque vote."
    if tus and not quorum.est_atteint:
        combien = f"{compter(tus, 'siège')} sans présence notée"
        return f"Quorum\u00a0: {regle}. Pour {combien}, le quorum est vérifié à chaque vote."
    pourvus = compter(quorum.nb_pourvus, "siège pourvu", "sièges pourvus")
    presents = compter(quorum.nb_presents, "présent")
    issue = "Le quorum est atteint." if quorum.est_atteint else "Le quorum n’est pas atteint."
    return f"Quorum\u00a0: {regle}, soit {quorum.voulu} sur {pourvus}. {presents}. {issue}"


def phrase_assistance(assistance: Assistance | None) -> str:
    """Return « 34 personnes, de 25 organisations »."""
    if assistance is None:
        return ""
    personnes = compter(assistance.nb_personnes, "personne")
    if not assistance.nb_organisations:
        return f"{personnes}."
    return f"{personnes}; {compter(assistance.nb_organisations, 'organisation')}."


def phrase_invites(assistance: Assistance | None) -> str:
    """Return « Café du coin (2 personnes); 1 autre personne »: organisations by name, people by number (R13)."""
    if assistance is None:
        return ""
    noms = [f"{nom} ({compter(nb, 'personne')})" if nb >= 2 else nom for nom, nb in assistance.organisations]
    autres = assistance.nb_personnes - sum(nb for _, nb in assistance.organisations)
    suite = compter(autres, "autre personne", "autres personnes") if autres else ""
    return "; ".join(partie for partie in (", ".join(noms), suite) if partie)
