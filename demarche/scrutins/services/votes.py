"""Vote at a remote ballot, declare a recusal, record an answer given by phone (R3, R4, R5)."""

from django.db import transaction
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import Choix, ModeDecision
from demarche.scrutins import notifications
from demarche.scrutins.enums import CanalVote, Empechement, EtatScrutin
from demarche.scrutins.models import Electeur, Recusation, Scrutin, Vote
from demarche.scrutins.protocoles import ELECTORATS, OBJETS
from demarche.scrutins.services.electeurs import electeur_de
from demarche.scrutins.services.inscriptions import inscrire_recusation, inscrire_vote
from demarche.scrutins.services.scrutins import clore, decompte_de, verrouiller_scrutin
from demarche.socle.erreurs import ErreurMetier

DEMANDEUR_AU_TELEPHONE = (
    "Vous, ou votre organisation, demandez ce que ce scrutin décide : "
    "une autre personne de l’équipe inscrit les votes reçus au téléphone."
)


def _scrutin_ouvert(pk: int) -> Scrutin:
    """Lock the ballot and return it, provided it can still receive a vote."""
    scrutin = verrouiller_scrutin(pk)
    if scrutin.est_recevable:
        return scrutin
    if scrutin.etat == EtatScrutin.ANNULE:
        raise ErreurMetier("Ce scrutin est annulé : il ne reçoit plus de vote.", code="clos")
    if scrutin.est_echu(timezone.now()):
        raise ErreurMetier("L’échéance de ce scrutin est passée : il ne reçoit plus de vote.", code="clos")
    raise ErreurMetier("Ce scrutin est clos : il ne reçoit plus de vote.", code="clos")


def _electeur_appele(scrutin: Scrutin, auteur: Utilisateur) -> Electeur:
    electeur = electeur_de(scrutin, auteur)
    if electeur is None:
        raise ErreurMetier("Vous n’avez pas de voix à ce scrutin aujourd’hui.", code="sans_siege")
    return electeur


def empechement_de(scrutin: Scrutin, electeur: Electeur, utilisateur: Utilisateur | None) -> Empechement | None:
    """Return why this voice does not vote when this person answers for it; None when it may. The page shows it.

    The demandeur and the members of the organisation that asks do not vote, nor does a recused person, even named to
    another seat since (R4). One person answers for one seat (R3).
    """
    if utilisateur is not None and OBJETS.est_demandeur(scrutin, utilisateur):
        return Empechement.DEMANDEUR
    recusations = set(
        Recusation.objects.filter(electeur__scrutin=scrutin).values_list("electeur_id", "utilisateur_id")
    )
    if utilisateur is not None and any(compte == utilisateur.pk for _, compte in recusations):
        return Empechement.RECUSE
    if any(voix == electeur.pk for voix, _ in recusations):
        return Empechement.RECUSE_SIEGE
    if utilisateur is None or electeur.siege_id is None:
        return None
    autres = Vote.objects.filter(electeur__scrutin=scrutin, utilisateur=utilisateur).exclude(electeur=electeur)
    return Empechement.DEJA if autres.exists() else None


def _exiger_vote_permis(scrutin: Scrutin, electeur: Electeur, utilisateur: Utilisateur | None) -> None:
    empechement = empechement_de(scrutin, electeur, utilisateur)
    if empechement is not None:
        raise ErreurMetier(empechement.label, code=empechement)


def _exiger_reponse_offerte(scrutin: Scrutin, choix: Choix) -> None:
    """Refuse an abstention to a written resolution: it is signed or not (R5)."""
    if scrutin.mode == ModeDecision.RESOLUTION_ECRITE and choix == Choix.ABSTENTION:
        raise ErreurMetier("Une résolution écrite se signe ou non : on ne s’y abstient pas.", code="choix")


@transaction.atomic
def voter(scrutin_pk: int, *, auteur: Utilisateur, choix: Choix, commentaire: str = "") -> Vote:
    """Record or change the vote of the author's voice; the ballot closes when nobody is left to vote.

    Sending the same vote again changes nothing. At the assemblée, the colleague whose answer is replaced is notified.
    Errors: ErreurMetier when the ballot is closed, when the person has no voice today, or is recused.
    """
    scrutin = _scrutin_ouvert(scrutin_pk)
    electeur = _electeur_appele(scrutin, auteur)
    _exiger_vote_permis(scrutin, electeur, auteur)
    _exiger_reponse_offerte(scrutin, choix)
    avant = Vote.objects.filter(electeur=electeur).exclude(utilisateur=auteur).select_related("utilisateur").first()
    vote, change = inscrire_vote(electeur, utilisateur=auteur, choix=choix, commentaire=commentaire)
    if change and electeur.siege_id is None and avant is not None and avant.utilisateur is not None:
        notifications.annoncer_vote_remplace(electeur, compte=avant.utilisateur, auteur=auteur)
    _clore_si_complet(scrutin)
    return vote


@transaction.atomic
def recuser(scrutin_pk: int, *, auteur: Utilisateur, motif: str = "") -> Recusation:
    """Record the recusal of the author's voice: its vote, if any, is withdrawn and it leaves the denominator (R4).

    Idempotent. There is no way back: a recused person sees the file, not the ballot.
    """
    scrutin = _scrutin_ouvert(scrutin_pk)
    recusation = inscrire_recusation(_electeur_appele(scrutin, auteur), utilisateur=auteur, motif=motif)
    _clore_si_complet(scrutin)
    return recusation


@transaction.atomic
def inscrire_vote_telephone(
    scrutin_pk: int, *, electeur_pk: int, choix: Choix | None, commentaire: str, auteur: Utilisateur
) -> str:
    """Record, for the team, the answer given by phone; None is a recusal. The elector is notified by e-mail (R5).

    Return the address told, empty when none is known: then the team tells the person.
    Errors: ErreurMetier when the ballot is closed, the elector of another ballot, the seat without holder today, the
            voice the author's own, when the seat is recused, or when the author asks for what the ballot decides.
    """
    scrutin = _scrutin_ouvert(scrutin_pk)
    if OBJETS.est_demandeur(scrutin, auteur):
        raise ErreurMetier(DEMANDEUR_AU_TELEPHONE, code="demandeur")
    electeur = scrutin.electeurs.filter(pk=electeur_pk).select_related("siege", "utilisateur").first()
    if electeur is None:
        raise ErreurMetier("Cette voix n’est pas appelée à ce scrutin.")
    if electeur_de(scrutin, auteur) == electeur or (
        electeur.siege is None and ELECTORATS.parle_pour(electeur, auteur)
    ):
        raise ErreurMetier("Votez vous-même sur la page du scrutin : on n’inscrit pas sa propre voix au téléphone.")
    titulaire = electeur.utilisateur
    if electeur.siege is not None:
        mandats = electeur.siege.mandats.en_vigueur(timezone.localdate()).filter(utilisateur__is_active=True)
        mandat = mandats.select_related("utilisateur").first()
        if mandat is None:
            raise ErreurMetier("Ce siège n’a pas de titulaire aujourd’hui : il ne peut pas voter.")
        titulaire = mandat.utilisateur
    elif not ELECTORATS.voix_tient(electeur):
        raise ErreurMetier(f"« {electeur.libelle} » n’est plus en règle : son adhésion a pris fin.")
    elif titulaire is not None and not ELECTORATS.parle_pour(electeur, titulaire):
        titulaire = None  # called at the opening, this account left the partner since: it is told nothing
    _exiger_vote_permis(scrutin, electeur, titulaire)
    if choix is None:
        inscrire_recusation(electeur, utilisateur=titulaire, motif=commentaire[:250])
        change = True
    else:
        _exiger_reponse_offerte(scrutin, choix)
        _, change = inscrire_vote(
            electeur,
            utilisateur=titulaire,
            choix=choix,
            commentaire=commentaire,
            canal=CanalVote.TELEPHONE,
            inscrit_par=auteur,
        )
    _clore_si_complet(scrutin)
    adresse = titulaire.email if titulaire else ELECTORATS.adresse_de(electeur)
    if change and adresse:
        notifications.confirmer_vote_telephone(
            scrutin, electeur, adresse=adresse, a_un_compte=titulaire is not None, choix=choix, auteur=auteur
        )
    return adresse


def _clore_si_complet(scrutin: Scrutin) -> None:
    decompte = decompte_de(scrutin)
    if decompte.est_complet:
        clore(scrutin, decompte)
