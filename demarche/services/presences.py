"""Presences at a meeting, seat by seat, and the quorum they make (R3, R5)."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from demarche.concurrence import empreinte, verifier_empreinte
from demarche.decompte import Decompte
from demarche.enums import EtatPresence
from demarche.erreurs import ErreurMetier
from demarche.models import PresenceSiege, Rencontre, Scrutin, Siege, Utilisateur, Vote
from demarche.registre import registre

from .ecriture import enregistrer, supprimer
from .electeurs import sieges_appeles
from .rencontres import verrouiller_rencontre

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


@dataclass(frozen=True)
class Quorum:
    """Where the quorum of a meeting stands: seats present, seats filled, how many the rule of the instance asks."""

    nb_presents: int
    nb_pourvus: int
    voulu: int

    @property
    def est_atteint(self) -> bool:
        return self.nb_presents >= self.voulu

    @property
    def phrase(self) -> str:
        """Return « 5 présents sur 6 sièges pourvus : quorum atteint (il en faut 4) »."""
        presents = f"{self.nb_presents} présent{'s' if self.nb_presents > 1 else ''}"
        sieges = f"{self.nb_pourvus} sièges pourvus" if self.nb_pourvus > 1 else f"{self.nb_pourvus} siège pourvu"
        issue = "quorum atteint" if self.est_atteint else "pas de quorum"
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
    """Return where the quorum stands by the rule of the instance; None when nobody sits (the assemblée)."""
    pourvus = [s for s in sieges if not s.est_vacant]
    if not pourvus:
        return None
    presents = sum(1 for s in pourvus if s.presence is not None and s.presence.etat == EtatPresence.PRESENT)
    decompte = Decompte(
        nb_electeurs=len(pourvus),
        nb_recusations=0,
        nb_pour=0,
        nb_contre=0,
        nb_abstentions=0,
        regle=rencontre.instance_gouvernance.regle,
        nb_presents=presents,
    )
    return Quorum(presents, len(pourvus), decompte.quorum)


def etats_des_sieges(sieges: Sequence[SiegeDuJour]) -> dict[int, str]:
    """Return how the seats noted came, by number of seat."""
    return {s.siege.numero: s.presence.etat for s in sieges if s.presence}


def exiger_presents(rencontre: Rencontre, numeros: Collection[int]) -> None:
    """Refuse the vote of a seat noted absent or excused: either the vote or the presence is wrong."""
    ailleurs = rencontre.presences_sieges.exclude(etat=EtatPresence.PRESENT).filter(siege__numero__in=numeros)
    for presence in ailleurs.select_related("siege"):
        champ = f"siege-{presence.siege.numero}"
        note = presence.get_etat_display().lower()
        raise ErreurMetier({champ: f"Le siège « {presence.siege} » est noté {note} : corrigez d’abord sa présence."})


def exiger_places(scrutin: Scrutin) -> None:
    """Refuse a count of the room above those who, by the presences noted, were there to be counted.

    Where seats sit, a seat not noted may have been there; one that stood aside is not among the hands.
    Errors: ErreurMetier, and the presences are corrected first.
    """
    rencontre = scrutin.rencontre
    assert rencontre is not None  # noqa: S101 - a vote of a room
    sieges = dict(scrutin.electeurs.values_list("siege_id", "recusation"))
    if sieges:
        absents = rencontre.presences_sieges.exclude(etat=EtatPresence.PRESENT).values_list("siege_id", flat=True)
        places = len([pk for pk, recusation in sieges.items() if recusation is None and pk not in set(absents)])
    else:
        assistance = registre.assistance_a(rencontre)
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

    Errors: ErreurMetier when the meeting is frozen, somebody saved since, the seat is vacant or elsewhere, or has
            voted there and would no longer have been there; when a count would exceed who was.
    """
    verrou = verrouiller_rencontre(rencontre.pk)
    verifier_empreinte(verrou.presences_sieges.all(), attendue)
    du_jour = {s.siege.pk: s for s in sieges_du_jour(verrou)}
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
            raise ErreurMetier(f"Le siège « {connu.siege} » a voté à cette rencontre : il y était. {PARTI}")
        _noter(verrou, connu, ligne, auteur=auteur)
    for scrutin in verrou.scrutins.filter(nb_presents__isnull=False):
        exiger_places(scrutin)


def _noter(rencontre: Rencontre, connu: SiegeDuJour, ligne: LignePresence, *, auteur: Utilisateur) -> None:
    present = ligne.etat == EtatPresence.PRESENT
    arrivee, depart = (ligne.arrivee_a, ligne.depart_a) if present else (None, None)
    if arrivee is not None and depart is not None and depart < arrivee:
        raise ErreurMetier(f"Siège « {connu.siege} » : le départ précède l’arrivée.")
    presence = connu.presence or PresenceSiege(rencontre=rencontre, siege=connu.siege, utilisateur=connu.titulaire)
    presence.etat, presence.arrivee_a, presence.depart_a = EtatPresence(ligne.etat), arrivee, depart
    enregistrer(presence, auteur=auteur)
