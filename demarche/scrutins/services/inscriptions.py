"""Write a vote or a recusal on a locked ballot, with its line in the register (R4, R5, R7)."""

from typing import Any

from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import Choix
from demarche.registre.enums import GenreEvenement
from demarche.registre.services.lignes import ecrire_instant, inscrire_evenement
from demarche.scrutins.enums import CanalVote
from demarche.scrutins.models import Electeur, Recusation, Vote


def secret_vote(vote: Vote) -> dict[str, Any]:
    """Return what the line of a vote commits to: who answered what (R5)."""
    return {
        "utilisateur": vote.utilisateur_id,
        "inscrit_par": vote.inscrit_par_id,
        "choix": str(vote.choix),
        "commentaire": vote.commentaire,
        "vote_le": ecrire_instant(vote.vote_le),
    }


def inscrire_vote(
    electeur: Electeur,
    *,
    utilisateur: Utilisateur | None,
    choix: Choix,
    commentaire: str = "",
    canal: CanalVote = CanalVote.EN_LIGNE,
    inscrit_par: Utilisateur | None = None,
) -> tuple[Vote, bool]:
    """Write or change the vote of one elector of a locked ballot; return it with whether anything changed."""
    vote = Vote.objects.filter(electeur=electeur).first() or Vote(electeur=electeur)
    voulu = {
        "utilisateur_id": utilisateur.pk if utilisateur else None,
        "choix": choix,
        "commentaire": commentaire,
        "canal": canal,
        "inscrit_par_id": inscrit_par.pk if inscrit_par else None,
    }
    nouveau = vote.pk is None
    if not nouveau and all(getattr(vote, nom) == valeur for nom, valeur in voulu.items()):
        return vote, False
    for nom, valeur in voulu.items():
        setattr(vote, nom, valeur)
    vote.vote_le = timezone.now()
    vote.save()
    inscrire_evenement(
        GenreEvenement.VOTE if nouveau else GenreEvenement.CHANGEMENT,
        f"scrutin {electeur.scrutin_id}",
        corps={"siege": electeur.numero, "canal": str(canal)},
        secret=secret_vote(vote),
    )
    return vote, True


def secret_recusation(recusation: Recusation) -> dict[str, Any]:
    """Return what the line of a recusal commits to."""
    return {
        "utilisateur": recusation.utilisateur_id,
        "motif": recusation.motif,
        "declaree_le": ecrire_instant(recusation.declaree_le),
    }


def inscrire_recusation(electeur: Electeur, *, utilisateur: Utilisateur | None, motif: str = "") -> Recusation:
    """Write the recusal of one elector of a locked ballot; its vote, if any, is withdrawn (R4). Idempotent."""
    recusation = Recusation.objects.filter(electeur=electeur).first()
    if recusation is not None:
        return recusation
    for vote in Vote.objects.filter(electeur=electeur):
        vote.delete()  # its history stays
    recusation = Recusation.objects.create(electeur=electeur, utilisateur=utilisateur, motif=motif)
    inscrire_evenement(
        GenreEvenement.RECUSATION,
        f"scrutin {electeur.scrutin_id}",
        corps={"siege": electeur.numero},
        secret=secret_recusation(recusation),
    )
    return recusation
