"""Decisions taken on a point in a meeting: a resolution put to the vote, a consultation to ratify (R5, R6, R7)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import Choix, Issue
from demarche.gouvernance.models import Resolution
from demarche.gouvernance.protocoles import MEMBRES
from demarche.registre.services.lignes import Faits, tenir_registre
from demarche.rencontres.enums import GenrePoint
from demarche.rencontres.models import PointOrdreDuJour
from demarche.rencontres.queries.points import consultations_que_peut_enteriner
from demarche.rencontres.services.points import conclure_point, verrouiller_point_a_traiter
from demarche.rencontres.services.presences import exiger_places, exiger_presents
from demarche.rencontres.services.votes_main_levee import (
    CompteSalle,
    clore_par_nombre,
    clore_par_siege,
    ouvrir_vote_en_rencontre,
)
from demarche.rencontres.signals import enterinement_ouvert
from demarche.scrutins.models import Scrutin
from demarche.socle.erreurs import ErreurMetier

SE_VOTENT = frozenset({GenrePoint.RESOLUTION, GenrePoint.ENTERINEMENT})


@dataclass(frozen=True)
class VoteSalle:
    """What a room answered: seat by seat (as in `clore_par_siege`), or its count; never both."""

    reponses: Mapping[int, str] | None = None
    compte: CompteSalle | None = None


@dataclass(frozen=True)
class TexteVote:
    """The text put to the vote, as amended in the room, and who moved and seconded it, when that is said."""

    texte: str = ""
    proposee_par: str = ""
    appuyee_par: str = ""


def clore_vote(scrutin: Scrutin, vote: VoteSalle, *, auteur: Utilisateur) -> Scrutin:
    """Write what the room answered on a vote just opened, and close it; the count is bounded by the voices there are.

    Errors: ErreurMetier when there is neither answers nor count, the count is impossible, or says something else than
            the presences noted: a seat that was not there, more hands than people.
    """
    rencontre = scrutin.rencontre
    if rencontre is None or vote.reponses is None and vote.compte is None:
        raise ErreurMetier("Indiquez le vote, siège par siège ou par son compte.")
    if vote.reponses is not None:
        exiger_presents(rencontre, [n for n, reponse in vote.reponses.items() if reponse in Choix.values])
        return clore_par_siege(scrutin.pk, reponses=vote.reponses, auteur=auteur)
    assert vote.compte is not None  # noqa: S101 - one of the two, just said
    # No partner known yet: nothing bounds the room.
    plafond = MEMBRES.nb_voix_de(scrutin.instance_gouvernance, rencontre.date) or None
    clos = clore_par_nombre(scrutin.pk, compte=vote.compte, plafond=plafond)
    exiger_places(clos)
    return clos


@transaction.atomic
def voter_point(
    point: PointOrdreDuJour, *, vote: VoteSalle, auteur: Utilisateur, texte: TexteVote | None = None
) -> PointOrdreDuJour:
    """Record the vote held on a point, and what follows: a numbered resolution, a ratification, or nothing.

    Rejected, the point is dealt with without a resolution; without quorum, nothing is decided and it stays.
    Errors: ErreurMetier when the point does not vote, is dealt with, or the meeting is to come or frozen.
    """
    tenir_registre()
    verrou = verrouiller_point_a_traiter(point.pk)
    if verrou.genre not in SE_VOTENT:
        raise ErreurMetier("Ce point ne se vote pas ici.")
    if verrou.consultation is not None:
        scrutin = _ouvrir_enterinement(verrou, verrou.consultation, auteur)
    else:
        scrutin = _ouvrir_resolution(verrou, texte, auteur)
    clore_vote(scrutin, vote, auteur=auteur)
    scrutin.refresh_from_db()
    return conclure_point(verrou, scrutin=scrutin, resolution=Resolution.objects.filter(scrutin=scrutin).first())


def _ouvrir_resolution(point: PointOrdreDuJour, texte: TexteVote | None, auteur: Utilisateur) -> Scrutin:
    texte = texte or TexteVote(point.texte, point.proposee_par, point.appuyee_par)
    if not texte.texte.strip():
        raise ErreurMetier({"texte": "Écrivez le texte de la résolution."})
    point.texte, point.proposee_par, point.appuyee_par = texte.texte, texte.proposee_par, texte.appuyee_par
    point._history_user = auteur  # type: ignore[attr-defined]
    point.save()
    return ouvrir_vote_en_rencontre(
        rencontre=point.rencontre,
        question=point.titre,
        texte=point.texte,
        auteur=auteur,
        inscrit_resolution=True,
        corrige=point.corrige,
    )


def _ouvrir_enterinement(point: PointOrdreDuJour, consultation: Scrutin, auteur: Utilisateur) -> Scrutin:
    """Open the vote that ratifies; the rooms above bind it to their request before it closes."""
    if not consultations_que_peut_enteriner(point.rencontre).filter(pk=consultation.pk).exists():
        raise ErreurMetier("Une autre rencontre a déjà répondu à cette consultation, ou celle-ci l’a précédée.")
    scrutin = ouvrir_vote_en_rencontre(
        rencontre=point.rencontre,
        question=consultation.question,
        texte=consultation.texte,
        auteur=auteur,
        demandeur=consultation.demandeur,
        inscrit_resolution=consultation.inscrit_resolution,
        corrige=consultation.corrige,
        faits=Faits({"enterine": consultation.pk}),
    )
    enterinement_ouvert.send(sender=Scrutin, consultation=consultation, scrutin=scrutin)
    return scrutin


def numeros_recuses(scrutin: Scrutin) -> set[int]:
    """Return the numbers of the voices recused at a ballot: proposed again when it is ratified (R4)."""
    return set(scrutin.electeurs.filter(recusation__isnull=False).values_list("numero", flat=True))


def annonce_du_vote(point: PointOrdreDuJour) -> str:
    """Return what to say after the vote on a point."""
    scrutin = point.scrutin
    if scrutin is None:
        return "Le point est à jour."
    match scrutin.issue:
        case Issue.ADOPTEE if point.resolution:
            return f"Adoptée : résolution {point.resolution.code}, inscrite au registre."
        case Issue.ADOPTEE:
            return "Adoptée et inscrite au registre."
        case Issue.REJETEE:
            return "Non adoptée. Le vote est inscrit au registre; aucune résolution n’en sort."
        case _:
            voulu = scrutin.decompte.quorum
            return f"Sans quorum : il fallait {voulu} voix. Rien n’est décidé, et le point reste à traiter."
