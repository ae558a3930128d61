"""Presences at a meeting, seat by seat, and the quorum they make (R3, R5)."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.decompte import Decompte
from demarche.gouvernance.enums import RegleQuorum
from demarche.gouvernance.models import Rencontre, Siege
from demarche.rencontres.enums import EtatPresence
from demarche.rencontres.models import PresenceSiege
from demarche.rencontres.protocoles import AGENDAS
from demarche.rencontres.services.rencontres import verrouiller_rencontre
from demarche.scrutins.models import Scrutin, Vote
from demarche.scrutins.services.electeurs import sieges_appeles
from demarche.socle.concurrence import empreinte, verifier_empreinte
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.francais import compter, ecrire_heure
from demarche.socle.services.ecriture import enregistrer, supprimer

PARTI = "S’il est parti ensuite, notez l’heure de son départ."


@dataclass(frozen=True)
class SiegeDuJour:
    """One seat of the instance on the day of a meeting; without holder it is vacant, and never counted."""

    siege: Siege
    titulaire: Utilisateur | None
    presence: PresenceSiege | None

    @property
    def est_vacant(self) -> bool:
        return self.titulaire is None

    def est_la(self, heure: datetime.time | None) -> bool:
        """True for a seat noted present, at that hour of the meeting; None: at any."""
        note = self.presence
        if note is None or note.etat != EtatPresence.PRESENT or heure is None:
            return note is not None and note.etat == EtatPresence.PRESENT
        return (note.arrivee_a is None or note.arrivee_a <= heure) and (note.depart_a is None or heure < note.depart_a)


@dataclass(frozen=True)
class Quorum:
    """Where the quorum of a meeting stands: seats present, seats filled, how many the rule of the instance asks.

    Where no seat is filled (the assemblée), the people noted, and `nb_pourvus` is zero.
    """

    nb_presents: int
    nb_pourvus: int
    voulu: int

    @property
    def est_atteint(self) -> bool:
        return self.nb_presents >= self.voulu

    @property
    def phrase(self) -> str:
        """Return « 5 présents sur 6 sièges pourvus : quorum atteint (il en faut 4) »."""
        issue = "quorum atteint" if self.est_atteint else "pas de quorum"
        if not self.nb_pourvus:
            notees = compter(self.nb_presents, "personne notée", "personnes notées")
            return f"{notees}\u00a0: {issue} (il en faut {self.voulu})"
        presents = compter(self.nb_presents, "présent")
        sieges = compter(self.nb_pourvus, "siège pourvu", "sièges pourvus")
        return f"{presents} sur {sieges} : {issue} (il en faut {self.voulu})"


def sieges_du_jour(rencontre: Rencontre) -> list[SiegeDuJour]:
    """Return every seat of the instance, with who held it on the day of the meeting and how it came.

    Queries: three, whatever the seats. A seat noted then abolished stays, as it was noted.
    """
    appeles = sieges_appeles(rencontre.instance_gouvernance, rencontre.date)
    titulaires = {appele.siege.pk: appele.utilisateur for appele in appeles if appele.siege}
    presences = {p.siege_id: p for p in rencontre.presences_sieges.select_related("siege", "utilisateur")}
    sieges = Siege.objects.filter(instance_gouvernance=rencontre.instance_gouvernance_id).order_by("numero")
    return [
        SiegeDuJour(siege, _titulaire(presences.get(siege.pk)) or titulaires.get(siege.pk), presences.get(siege.pk))
        for siege in sieges
        if siege.est_actif or siege.pk in presences
    ]


def _titulaire(presence: PresenceSiege | None) -> Utilisateur | None:
    return presence.utilisateur if presence else None


def quorum_de(rencontre: Rencontre, sieges: Sequence[SiegeDuJour]) -> Quorum | None:
    """Return where the quorum of the seats stands, late and early leavers counted; None without filled seats."""
    pourvus = [s for s in sieges if not s.est_vacant]
    presents = sum(1 for s in pourvus if s.est_la(None))
    return Quorum(presents, len(pourvus), _voulu(rencontre, len(pourvus))) if pourvus else None


def quorum_du_moment(rencontre: Rencontre, sieges: Sequence[SiegeDuJour]) -> Quorum | None:
    """Return where the quorum stands now, as far as presences were noted; None while nothing is.

    While the meeting runs, who left, or is still to arrive, is not there. Without seats, the people noted are compared
    with a fixed number; a part of those present is always reached.
    """
    pourvus = [s for s in sieges if not s.est_vacant]
    if pourvus:
        presents = sum(1 for s in pourvus if s.est_la(heure_de(rencontre)))
        notees = any(s.presence for s in sieges)
        return Quorum(presents, len(pourvus), _voulu(rencontre, len(pourvus))) if notees else None
    assistance = AGENDAS.assistance_a(rencontre)
    if assistance is None or rencontre.instance_gouvernance.regle.quorum != RegleQuorum.NOMBRE:
        return None
    return Quorum(assistance.nb_personnes, 0, _voulu(rencontre, assistance.nb_personnes))


def _voulu(rencontre: Rencontre, nb_electeurs: int) -> int:
    """Return how many the rule of the instance asks, nobody standing aside."""
    regle = rencontre.instance_gouvernance.regle
    return Decompte(nb_electeurs, nb_recusations=0, nb_pour=0, nb_contre=0, nb_abstentions=0, regle=regle).quorum


def heure_de(rencontre: Rencontre) -> datetime.time | None:
    """Return the hour it is in a meeting that runs today; None once it is over: each seat that came counts."""
    runs = rencontre.date == timezone.localdate() and rencontre.levee_a is None
    return timezone.localtime().time() if runs else None


def etats_des_sieges(rencontre: Rencontre, sieges: Sequence[SiegeDuJour]) -> dict[int, str]:
    """Return how the seats noted are there, by number of seat; one that left, while the meeting runs, is absent."""
    heure = heure_de(rencontre)
    etats = {s.siege.numero: s.presence.etat for s in sieges if s.presence}
    parties = {s.siege.numero for s in sieges if s.presence and s.est_la(None) and not s.est_la(heure)}
    return etats | dict.fromkeys(parties, EtatPresence.ABSENT)


def exiger_presents(rencontre: Rencontre, numeros: Collection[int]) -> None:
    """Refuse the vote of a seat noted absent or excused: either the vote or the presence is wrong."""
    ailleurs = rencontre.presences_sieges.exclude(etat=EtatPresence.PRESENT).filter(siege__numero__in=numeros)
    for presence in ailleurs.select_related("siege"):
        champ, note = f"siege-{presence.siege.numero}", presence.get_etat_display()
        phrase = f"Le siège « {presence.siege} » est noté « {note} » : corrigez d’abord sa présence."
        raise ErreurMetier({champ: phrase})


def exiger_places(scrutin: Scrutin) -> None:
    """Raise if the count exceeds the people recorded as present.

    Where seats vote, a seat whose presence is not noted may have voted; a recused seat is not counted.
    Errors: ErreurMetier, and the presences are corrected first.
    """
    rencontre = scrutin.rencontre
    assert rencontre is not None  # noqa: S101 - a vote of a room
    sieges = dict(scrutin.electeurs.values_list("siege_id", "recusation"))
    if sieges:
        absents = rencontre.presences_sieges.exclude(etat=EtatPresence.PRESENT).values_list("siege_id", flat=True)
        places = len([pk for pk, recusation in sieges.items() if recusation is None and pk not in set(absents)])
    else:
        assistance = AGENDAS.assistance_a(rencontre)
        if assistance is None:
            return
        places = assistance.nb_personnes - scrutin.nb_recusations
    if scrutin.nb_presents is not None and scrutin.nb_presents > places:
        raise ErreurMetier(
            {
                "nb_presents": f"Le compte est de {scrutin.nb_presents}; d’après les présences notées, "
                f"{places} au plus pouvaient voter. Corrigez d’abord les présences."
            }
        )


@dataclass(frozen=True)
class LignePresence:
    """How one seat came, as typed."""

    etat: str
    arrivee_a: datetime.time | None = None
    depart_a: datetime.time | None = None


def empreinte_presences(rencontre: Rencontre) -> str:
    """Return the version of the page of presences."""
    return empreinte(rencontre.presences_sieges.all())


@transaction.atomic
def enregistrer_presences(
    rencontre: Rencontre, lignes: Mapping[int, LignePresence], *, attendue: str, auteur: Utilisateur
) -> None:
    """Write how each seat came: `lignes` by seat; a seat with an empty state is no longer noted.

    The holder of the seat that day, by the mandates as they stand now, is kept with it.
    Errors: ErreurMetier when the meeting is frozen, the presences changed since, the seat is vacant or of another
            instance, a seat that voted would be absent, or a count would exceed the people present.
    """
    verrou = verrouiller_rencontre(rencontre.pk)
    verifier_empreinte(verrou.presences_sieges.all(), attendue)
    du_jour = {s.siege.pk: s for s in sieges_du_jour(verrou)}
    tenus = {a.siege.pk: a.utilisateur for a in sieges_appeles(verrou.instance_gouvernance, verrou.date) if a.siege}
    votants = set(
        Vote.objects.filter(electeur__scrutin__rencontre=verrou).values_list("electeur__siege_id", flat=True)
    )
    for siege_pk, ligne in lignes.items():
        connu = du_jour.get(siege_pk)
        if connu is None or connu.est_vacant:
            raise ErreurMetier("Ce siège n’est pas pourvu ce jour-là : il ne peut pas être présent.")
        if not ligne.etat:
            if connu.presence is not None:
                supprimer(connu.presence, auteur=auteur)
            continue
        if ligne.etat != EtatPresence.PRESENT and siege_pk in votants:
            raise ErreurMetier(f"Le siège « {connu.siege} » a voté à cette rencontre : il y était. {PARTI}")
        _noter(verrou, connu, ligne, tenus, auteur=auteur)
    for scrutin in verrou.scrutins.filter(nb_presents__isnull=False):
        exiger_places(scrutin)


def _erreur_d_heure(rencontre: Rencontre, arrivee: datetime.time | None, depart: datetime.time | None) -> str:
    """Return what is wrong with two hours, between themselves and with those of the meeting; empty when nothing is."""
    ouverte, levee = rencontre.ouverte_a, rencontre.levee_a
    if arrivee and depart and depart < arrivee:
        return "le départ précède l’arrivée."
    if ouverte and arrivee and arrivee < ouverte:
        return f"la rencontre s’est ouverte à {ecrire_heure(ouverte)} : laissez vide une arrivée d’avant."
    if ouverte and depart and depart < ouverte:
        return f"la rencontre s’est ouverte à {ecrire_heure(ouverte)} : le départ la précède."
    if levee and any(heure and heure > levee for heure in (arrivee, depart)):
        return f"la rencontre a été levée à {ecrire_heure(levee)} : l’heure la dépasse."
    return ""


def _noter(
    rencontre: Rencontre,
    connu: SiegeDuJour,
    ligne: LignePresence,
    tenus: Mapping[int, Utilisateur | None],
    *,
    auteur: Utilisateur,
) -> None:
    present = ligne.etat == EtatPresence.PRESENT
    arrivee, depart = (ligne.arrivee_a, ligne.depart_a) if present else (None, None)
    if erreur := _erreur_d_heure(rencontre, arrivee, depart):
        raise ErreurMetier(f"Siège « {connu.siege} » : {erreur}")
    presence = connu.presence or PresenceSiege(rencontre=rencontre, siege=connu.siege)
    presence.utilisateur = tenus.get(connu.siege.pk, connu.titulaire)
    presence.etat, presence.arrivee_a, presence.depart_a = EtatPresence(ligne.etat), arrivee, depart
    enregistrer(presence, auteur=auteur)
