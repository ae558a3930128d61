"""Ballots: open, vote, stand aside, close, count in a meeting (R3 to R6)."""

import datetime

from django.db import transaction
from django.utils import timezone

from demarche.decompte import Decompte, depouiller
from demarche.enums import Choix, EtatScrutin, Issue, ModeDecision
from demarche.erreurs import ErreurMetier
from demarche.models import (
    Electeur,
    InstanceGouvernance,
    Mandat,
    Recusation,
    Rencontre,
    Scrutin,
    Utilisateur,
    Vote,
)
from demarche.signals import scrutin_clos


@transaction.atomic
def ouvrir_scrutin(
    *,
    instance_gouvernance: InstanceGouvernance,
    question: str,
    texte: str,
    echeance: datetime.datetime,
    auteur: Utilisateur,
    demandeur: Utilisateur | None = None,
) -> Scrutin:
    """Open an online ballot and freeze its electors: the seats filled today.

    `demandeur`, who asks, never decides: holding a seat, that person stands aside at once (R4).
    Errors: ErreurMetier when no seat is filled, or when the deadline has passed.
    """
    maintenant = timezone.now()
    if echeance <= maintenant:
        raise ErreurMetier("L’échéance du scrutin doit être dans l’avenir.")
    mandats = list(
        Mandat.objects.en_vigueur(timezone.localdate(maintenant))
        .filter(siege__instance_gouvernance=instance_gouvernance, siege__est_actif=True)
        .filter(utilisateur__is_active=True)
        .select_related("siege", "utilisateur")
        .order_by("siege__numero", "-du")
    )
    titulaires = {mandat.siege_id: mandat for mandat in reversed(mandats)}
    if not titulaires:
        raise ErreurMetier(f"Aucun siège n’est pourvu : nommez les titulaires de « {instance_gouvernance} ».")
    scrutin = Scrutin.objects.create(
        instance_gouvernance=instance_gouvernance,
        mode=ModeDecision.EN_LIGNE,
        question=question,
        texte=texte,
        ouvert_le=maintenant,
        ouvert_par=auteur,
        demandeur=demandeur,
        echeance=echeance,
    )
    for mandat in sorted(titulaires.values(), key=lambda m: m.siege.numero):
        electeur = Electeur.objects.create(scrutin=scrutin, siege=mandat.siege, utilisateur=mandat.utilisateur)
        if mandat.utilisateur == demandeur:
            Recusation.objects.create(
                electeur=electeur, utilisateur=mandat.utilisateur, motif="A déposé la demande.", declaree_le=maintenant
            )
    return scrutin


def electeur_de(scrutin: Scrutin, utilisateur: Utilisateur) -> Electeur | None:
    """Return the elector this person is today: the seat was called at opening and the mandate holds now (R3)."""
    sieges = Mandat.objects.en_vigueur(timezone.localdate()).filter(utilisateur=utilisateur).values("siege")
    return (
        scrutin.electeurs.filter(siege__in=sieges).select_related("siege", "vote", "recusation").order_by("pk").first()
    )


def decompte_de(scrutin: Scrutin) -> Decompte:
    """Return the count of an online ballot as it stands; callers show it only once the ballot is closed (R5)."""
    return depouiller(
        Vote.objects.filter(electeur__scrutin=scrutin).values_list("choix", flat=True),
        nb_electeurs=scrutin.electeurs.count(),
        nb_recusations=Recusation.objects.filter(electeur__scrutin=scrutin).count(),
    )


def _scrutin_ouvert(pk: int) -> Scrutin:
    """Lock the ballot and return it, provided it can still receive a vote."""
    scrutin = Scrutin.objects.select_for_update(of=("self",)).select_related("instance_gouvernance").get(pk=pk)
    if not scrutin.est_ouvert or scrutin.mode != ModeDecision.EN_LIGNE:
        raise ErreurMetier("Ce scrutin est clos : il ne reçoit plus de vote.", code="clos")
    if scrutin.est_echu(timezone.now()):
        raise ErreurMetier("L’échéance de ce scrutin est passée : il ne reçoit plus de vote.", code="clos")
    return scrutin


def _electeur_appele(scrutin: Scrutin, auteur: Utilisateur) -> Electeur:
    electeur = electeur_de(scrutin, auteur)
    if electeur is None:
        raise ErreurMetier("Vous n’avez pas de siège à ce scrutin aujourd’hui.", code="sans_siege")
    return electeur


def _exiger_vote_permis(scrutin: Scrutin, electeur: Electeur, auteur: Utilisateur) -> None:
    """Refuse who asks, even named to the seat after the opening, and a seat that stood aside (R4)."""
    if scrutin.demandeur_id == auteur.pk:
        raise ErreurMetier("Vous avez déposé cette demande : vous ne votez pas sur elle.", code="demandeur")
    if Recusation.objects.filter(electeur=electeur).exists():
        raise ErreurMetier("Votre siège s’est récusé de ce scrutin : il n’y vote plus.", code="recuse")


@transaction.atomic
def voter(scrutin_pk: int, *, auteur: Utilisateur, choix: Choix, commentaire: str = "") -> Vote:
    """Record or change the vote of the author's seat; the ballot closes when nobody is left to vote.

    Sending the same vote again changes nothing.
    Errors: ErreurMetier when the ballot is closed, when the person holds no called seat today, or stood aside.
    """
    scrutin = _scrutin_ouvert(scrutin_pk)
    electeur = _electeur_appele(scrutin, auteur)
    _exiger_vote_permis(scrutin, electeur, auteur)
    vote = Vote.objects.filter(electeur=electeur).first() or Vote(electeur=electeur)
    if vote.pk is None or (vote.choix, vote.commentaire, vote.utilisateur_id) != (choix, commentaire, auteur.pk):
        vote.utilisateur, vote.choix, vote.commentaire, vote.vote_le = auteur, choix, commentaire, timezone.now()
        vote.save()
    _clore_si_complet(scrutin)
    return vote


@transaction.atomic
def recuser(scrutin_pk: int, *, auteur: Utilisateur, motif: str = "") -> Recusation:
    """Record that the author's seat stands aside: its vote, if any, is withdrawn and it leaves the denominator (R4).

    Idempotent. There is no way back: a person who stood aside sees the file, not the ballot.
    """
    scrutin = _scrutin_ouvert(scrutin_pk)
    electeur = _electeur_appele(scrutin, auteur)
    recusation = Recusation.objects.filter(electeur=electeur).first()
    if recusation is None:
        for vote in Vote.objects.filter(electeur=electeur):
            vote.delete()  # its history stays
        recusation = Recusation.objects.create(electeur=electeur, utilisateur=auteur, motif=motif)
    _clore_si_complet(scrutin)
    return recusation


def _clore_si_complet(scrutin: Scrutin) -> None:
    if decompte_de(scrutin).est_complet:
        _clore(scrutin)


def _clore(scrutin: Scrutin) -> None:
    """Close a locked open ballot, write its counts, and announce it upward."""
    decompte = decompte_de(scrutin)
    scrutin.etat, scrutin.clos_le, scrutin.issue = EtatScrutin.CLOS, timezone.now(), decompte.issue
    scrutin.nb_electeurs, scrutin.nb_recusations = decompte.nb_electeurs, decompte.nb_recusations
    scrutin.nb_pour, scrutin.nb_contre = decompte.nb_pour, decompte.nb_contre
    scrutin.nb_abstentions = decompte.nb_abstentions
    scrutin.save()
    scrutin_clos.send(sender=Scrutin, scrutin=scrutin)


@transaction.atomic
def clore_si_echu(scrutin_pk: int) -> bool:
    """Close the ballot if its deadline has passed, and return whether it was closed now; idempotent."""
    scrutin = Scrutin.objects.select_for_update(of=("self",)).select_related("instance_gouvernance").get(pk=scrutin_pk)
    if not scrutin.est_echu(timezone.now()):
        return False
    _clore(scrutin)
    return True


def clore_echus() -> int:
    """Close every ballot whose deadline has passed, each in its own transaction; return how many."""
    echus = Scrutin.objects.echus(timezone.now()).values_list("pk", flat=True)
    return sum(clore_si_echu(pk) for pk in list(echus))


@transaction.atomic
def inscrire_vote_compte(
    *,
    instance_gouvernance: InstanceGouvernance,
    rencontre: Rencontre,
    question: str,
    texte: str,
    nb_presents: int,
    nb_pour: int,
    nb_contre: int,
    nb_abstentions: int,
    auteur: Utilisateur,
) -> Scrutin:
    """Record a vote counted by hands in a meeting (R5, R6); adopted when more for than against.

    Errors: ErreurMetier when more votes are counted than people were present, or when nobody was.
    """
    if nb_presents < 1:
        raise ErreurMetier("Indiquez combien de personnes étaient présentes.")
    if nb_pour + nb_contre + nb_abstentions > nb_presents:
        raise ErreurMetier("Il y a plus de votes comptés que de personnes présentes.")
    maintenant = timezone.now()
    return Scrutin.objects.create(
        instance_gouvernance=instance_gouvernance,
        mode=ModeDecision.MAIN_LEVEE,
        question=question,
        texte=texte,
        etat=EtatScrutin.CLOS,
        ouvert_le=maintenant,
        ouvert_par=auteur,
        clos_le=maintenant,
        issue=Issue.ADOPTEE if nb_pour > nb_contre else Issue.REJETEE,
        rencontre=rencontre,
        nb_electeurs=nb_presents,
        nb_presents=nb_presents,
        nb_pour=nb_pour,
        nb_contre=nb_contre,
        nb_abstentions=nb_abstentions,
    )
