"""Ballots: open, vote, stand aside, close, cancel (R3 to R6). Every step is a line of the register (R7)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from demarche import notifications
from demarche.decompte import Decompte, depouiller
from demarche.enums import (
    CanalVote,
    Choix,
    EtatScrutin,
    GenreEvenement,
    Issue,
    ModeDecision,
    RegleMajorite,
    RegleQuorum,
)
from demarche.erreurs import ErreurMetier
from demarche.models import (
    Electeur,
    InstanceGouvernance,
    Mandat,
    Recusation,
    Resolution,
    Scrutin,
    Siege,
    Utilisateur,
    Vote,
)
from demarche.registre import registre
from demarche.signals import scrutin_clos

from .registre_decisions import inscrire_evenement, tenir_registre
from .resolutions import inscrire_resolution_du_scrutin


@dataclass(frozen=True)
class Appele:
    """One voice about to be called to a ballot: a seat and its holder, or a partner (R6)."""

    numero: int
    libelle: str
    siege: Siege | None = None
    utilisateur: Utilisateur | None = None


def sieges_appeles(instance_gouvernance: InstanceGouvernance, jour: datetime.date) -> list[Appele]:
    """Return the seats filled on that day, with who holds them; a vacant seat is not called (R3)."""
    mandats = (
        Mandat.objects.en_vigueur(jour)
        .filter(siege__instance_gouvernance=instance_gouvernance, siege__est_actif=True, utilisateur__is_active=True)
        .select_related("siege", "utilisateur")
        .order_by("siege__numero", "du")
    )
    titulaires = {mandat.siege_id: mandat for mandat in mandats}
    return [Appele(m.siege.numero, m.siege.libelle, m.siege, m.utilisateur) for m in titulaires.values()]


def regle_du_scrutin(instance_gouvernance: InstanceGouvernance, mode: str) -> dict[str, Any]:
    """Return the fields of the rule to freeze: the instance's own; a written resolution needs every signature (R5)."""
    champs = instance_gouvernance.champs_regle
    if mode == ModeDecision.RESOLUTION_ECRITE:
        champs |= {
            "regle_quorum": RegleQuorum.TOUS,
            "quorum_nombre": None,
            "regle_majorite": RegleMajorite.TOUS_POUR,
        }
    return champs


@transaction.atomic
def ouvrir_scrutin(
    *,
    instance_gouvernance: InstanceGouvernance,
    question: str,
    texte: str,
    echeance: datetime.datetime,
    auteur: Utilisateur,
    demandeur: Utilisateur | None = None,
    mode: ModeDecision = ModeDecision.EN_LIGNE,
    appeles: Sequence[Appele] | None = None,
    inscrit_resolution: bool = False,
    corrige: Resolution | None = None,
    faits: dict[str, Any] | None = None,
) -> Scrutin:
    """Open a remote ballot and freeze its rule, its text and its electors: the seats filled today, or `appeles`.

    `demandeur`, who asks, never decides: holding a seat, that person stands aside at once (R4).
    `faits` are what the register tells besides: the request, the amount.
    Errors: ErreurMetier when nobody can be called, or when the deadline has passed.
    """
    tenir_registre()
    maintenant = timezone.now()
    if echeance <= maintenant:
        raise ErreurMetier("L’échéance du scrutin doit être dans l’avenir.")
    if appeles is None:
        appeles = sieges_appeles(instance_gouvernance, timezone.localdate(maintenant))
    if not appeles:
        raise ErreurMetier(f"Aucun siège n’est pourvu : nommez les titulaires de « {instance_gouvernance} ».")
    scrutin = Scrutin.objects.create(
        instance_gouvernance=instance_gouvernance,
        mode=mode,
        question=question,
        texte=texte,
        ouvert_le=maintenant,
        ouvert_par=auteur,
        demandeur=demandeur,
        echeance=echeance,
        inscrit_resolution=inscrit_resolution,
        corrige=corrige,
        **regle_du_scrutin(instance_gouvernance, mode),
    )
    appeler(scrutin, appeles, faits=faits)
    return scrutin


def secret_ouverture(scrutin: Scrutin) -> dict[str, Any]:
    """Return what the line of an opening commits to without saying it."""
    electeurs = scrutin.electeurs.order_by("numero").values_list("numero", "utilisateur_id")
    return {
        "question": scrutin.question,
        "texte": scrutin.texte,
        "electeurs": [[numero, utilisateur] for numero, utilisateur in electeurs],
    }


def appeler(scrutin: Scrutin, appeles: Sequence[Appele], *, faits: dict[str, Any] | None = None) -> None:
    """Write the electors of a ballot just opened and its first line in the register; who asks stands aside at once."""
    for appele in appeles:
        Electeur.objects.create(
            scrutin=scrutin,
            numero=appele.numero,
            libelle=appele.libelle,
            siege=appele.siege,
            utilisateur=appele.utilisateur,
        )
    inscrire_evenement(
        GenreEvenement.OUVERTURE,
        f"scrutin {scrutin.pk}",
        corps={
            "instance": scrutin.instance_gouvernance.prefixe,
            "mode": scrutin.mode,
            "quorum": scrutin.regle_quorum,
            "quorum_nombre": scrutin.quorum_nombre,
            "majorite": scrutin.regle_majorite,
            "echeance": scrutin.echeance.astimezone(datetime.UTC).isoformat() if scrutin.echeance else None,
            "electeurs": [appele.numero for appele in appeles],
            **(faits or {}),
        },
        secret=secret_ouverture(scrutin),
    )
    for electeur in scrutin.electeurs.all():
        if scrutin.demandeur_id is not None and electeur.utilisateur_id == scrutin.demandeur_id:
            inscrire_recusation(electeur, utilisateur=electeur.utilisateur, motif="A déposé la demande.")


def electeur_de(scrutin: Scrutin, utilisateur: Utilisateur) -> Electeur | None:
    """Return the elector this person is today: the seat was called at opening and the mandate holds now (R3).

    At the assemblée the apps above say which partner somebody speaks for (R6).
    """
    sieges = Mandat.objects.en_vigueur(timezone.localdate()).filter(utilisateur=utilisateur).values("siege")
    electeur = (
        scrutin.electeurs.filter(siege__in=sieges).select_related("siege", "vote", "recusation").order_by("pk").first()
    )
    return electeur or registre.voix_de(scrutin, utilisateur)


def decompte_de(scrutin: Scrutin) -> Decompte:
    """Return the count of a ballot as it stands; callers show it only once the ballot is closed (R5)."""
    return depouiller(
        Vote.objects.filter(electeur__scrutin=scrutin).values_list("choix", flat=True),
        nb_electeurs=scrutin.electeurs.count(),
        nb_recusations=Recusation.objects.filter(electeur__scrutin=scrutin).count(),
        regle=scrutin.regle,
    )


def verrouiller_scrutin(pk: int) -> Scrutin:
    """Lock the register, then the ballot, and return the ballot."""
    tenir_registre()
    return Scrutin.objects.select_for_update(of=("self",)).select_related("instance_gouvernance").get(pk=pk)


def _scrutin_ouvert(pk: int) -> Scrutin:
    """Lock the ballot and return it, provided it can still receive a vote; the server's clock alone counts."""
    scrutin = verrouiller_scrutin(pk)
    if scrutin.etat == EtatScrutin.ANNULE:
        raise ErreurMetier("Ce scrutin est annulé : il ne reçoit plus de vote.", code="clos")
    if not scrutin.est_ouvert or not scrutin.est_a_distance:
        raise ErreurMetier("Ce scrutin est clos : il ne reçoit plus de vote.", code="clos")
    if scrutin.est_echu(timezone.now()):
        raise ErreurMetier("L’échéance de ce scrutin est passée : il ne reçoit plus de vote.", code="clos")
    return scrutin


def _electeur_appele(scrutin: Scrutin, auteur: Utilisateur) -> Electeur:
    electeur = electeur_de(scrutin, auteur)
    if electeur is None:
        raise ErreurMetier("Vous n’avez pas de voix à ce scrutin aujourd’hui.", code="sans_siege")
    return electeur


def _exiger_vote_permis(scrutin: Scrutin, electeur: Electeur, utilisateur: Utilisateur | None) -> None:
    """Refuse who asks, even named to the seat after the opening, and a seat that stood aside (R4)."""
    if utilisateur is not None and scrutin.demandeur_id == utilisateur.pk:
        raise ErreurMetier("Cette personne a déposé la demande : elle ne vote pas sur elle.", code="demandeur")
    if Recusation.objects.filter(electeur=electeur).exists():
        raise ErreurMetier("Ce siège s’est récusé de ce scrutin : il n’y vote plus.", code="recuse")


def secret_vote(vote: Vote) -> dict[str, Any]:
    """Return what the line of a vote commits to: who answered what (R5)."""
    return {
        "utilisateur": vote.utilisateur_id,
        "inscrit_par": vote.inscrit_par_id,
        "choix": str(vote.choix),
        "commentaire": vote.commentaire,
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
    return {"utilisateur": recusation.utilisateur_id, "motif": recusation.motif}


def inscrire_recusation(electeur: Electeur, *, utilisateur: Utilisateur | None, motif: str = "") -> Recusation:
    """Write that one elector of a locked ballot stands aside; its vote, if any, is withdrawn (R4). Idempotent."""
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


@transaction.atomic
def voter(scrutin_pk: int, *, auteur: Utilisateur, choix: Choix, commentaire: str = "") -> Vote:
    """Record or change the vote of the author's voice; the ballot closes when nobody is left to vote.

    Sending the same vote again changes nothing.
    Errors: ErreurMetier when the ballot is closed, when the person has no voice today, or stood aside.
    """
    scrutin = _scrutin_ouvert(scrutin_pk)
    electeur = _electeur_appele(scrutin, auteur)
    _exiger_vote_permis(scrutin, electeur, auteur)
    vote, _ = inscrire_vote(electeur, utilisateur=auteur, choix=choix, commentaire=commentaire)
    _clore_si_complet(scrutin)
    return vote


@transaction.atomic
def recuser(scrutin_pk: int, *, auteur: Utilisateur, motif: str = "") -> Recusation:
    """Record that the author's voice stands aside: its vote, if any, is withdrawn and it leaves the denominator (R4).

    Idempotent. There is no way back: a person who stood aside sees the file, not the ballot.
    """
    scrutin = _scrutin_ouvert(scrutin_pk)
    recusation = inscrire_recusation(_electeur_appele(scrutin, auteur), utilisateur=auteur, motif=motif)
    _clore_si_complet(scrutin)
    return recusation


@transaction.atomic
def inscrire_vote_telephone(
    scrutin_pk: int, *, electeur_pk: int, choix: Choix | None, commentaire: str, auteur: Utilisateur
) -> None:
    """Record, for the team, the answer somebody gave by phone; None stands aside. The elector is told by e-mail (R5).

    Errors: ErreurMetier when the ballot is closed, the elector of another ballot, the seat without holder today, the
            voice the author's own, or when the seat stood aside.
    """
    scrutin = _scrutin_ouvert(scrutin_pk)
    electeur = scrutin.electeurs.filter(pk=electeur_pk).select_related("siege", "utilisateur").first()
    if electeur is None:
        raise ErreurMetier("Cette voix n’est pas appelée à ce scrutin.")
    if electeur_de(scrutin, auteur) == electeur:
        raise ErreurMetier("Votez vous-même sur la page du scrutin : on n’inscrit pas sa propre voix au téléphone.")
    titulaire = electeur.utilisateur
    if electeur.siege is not None:
        mandat = electeur.siege.mandats.en_vigueur(timezone.localdate()).select_related("utilisateur").first()
        if mandat is None:
            raise ErreurMetier("Ce siège n’a pas de titulaire aujourd’hui : il ne peut pas voter.")
        titulaire = mandat.utilisateur
    _exiger_vote_permis(scrutin, electeur, titulaire)
    if choix is None:
        inscrire_recusation(electeur, utilisateur=titulaire, motif=commentaire[:250])
        change = True
    else:
        _, change = inscrire_vote(
            electeur,
            utilisateur=titulaire,
            choix=choix,
            commentaire=commentaire,
            canal=CanalVote.TELEPHONE,
            inscrit_par=auteur,
        )
    if change:
        notifications.confirmer_vote_telephone(electeur, titulaire=titulaire, choix=choix, auteur=auteur)
    _clore_si_complet(scrutin)


def _clore_si_complet(scrutin: Scrutin) -> None:
    decompte = decompte_de(scrutin)
    if decompte.est_complet:
        clore(scrutin, decompte)


def clore(scrutin: Scrutin, decompte: Decompte) -> None:
    """Close a locked open ballot, write its counts, draw its consequences, and tell its electors.

    A ballot that reached its deadline closes at its deadline, however late somebody noticed.
    """
    maintenant = timezone.now()
    scrutin.clos_le = scrutin.echeance if scrutin.est_echu(maintenant) else maintenant
    scrutin.etat, scrutin.issue = EtatScrutin.CLOS, decompte.issue
    scrutin.nb_electeurs, scrutin.nb_recusations = decompte.nb_electeurs, decompte.nb_recusations
    scrutin.nb_presents = decompte.nb_presents
    scrutin.nb_pour, scrutin.nb_contre = decompte.nb_pour, decompte.nb_contre
    scrutin.nb_abstentions = decompte.nb_abstentions
    scrutin.save()
    inscrire_evenement(GenreEvenement.CLOTURE, f"scrutin {scrutin.pk}", corps=corps_cloture(scrutin, decompte.quorum))
    scrutin_clos.send(sender=Scrutin, scrutin=scrutin)
    if scrutin.inscrit_resolution and scrutin.issue == Issue.ADOPTEE and scrutin.mode != ModeDecision.CONSULTATION:
        inscrire_resolution_du_scrutin(scrutin)
    if scrutin.est_a_distance:
        notifications.annoncer_cloture(scrutin)


def corps_cloture(scrutin: Scrutin, quorum: int) -> dict[str, Any]:
    """Return what the register says of a closed ballot: its counts, in clear."""
    return {
        "electeurs": scrutin.nb_electeurs,
        "recusations": scrutin.nb_recusations,
        "presents": scrutin.nb_presents,
        "pour": scrutin.nb_pour,
        "contre": scrutin.nb_contre,
        "abstentions": scrutin.nb_abstentions,
        "quorum": quorum,
        "issue": str(scrutin.issue),
    }


@transaction.atomic
def clore_si_echu(scrutin_pk: int) -> bool:
    """Close the ballot if its deadline has passed, and return whether it was closed now; idempotent."""
    scrutin = verrouiller_scrutin(scrutin_pk)
    if not scrutin.est_echu(timezone.now()):
        return False
    clore(scrutin, decompte_de(scrutin))
    return True


def clore_echus() -> int:
    """Close every ballot whose deadline has passed, each in its own transaction; return how many."""
    echus = Scrutin.objects.echus(timezone.now()).order_by("echeance", "pk").values_list("pk", flat=True)
    return sum(clore_si_echu(pk) for pk in list(echus))


@transaction.atomic
def annuler_scrutin(scrutin_pk: int, *, motif: str, auteur: Utilisateur) -> Scrutin:
    """Cancel an open ballot: its votes count for nothing, its electors are told why. Idempotent.

    Errors: ErreurMetier when it is closed: a decision is corrected by another one.
    """
    scrutin = verrouiller_scrutin(scrutin_pk)
    if scrutin.etat == EtatScrutin.ANNULE:
        return scrutin
    if not scrutin.est_ouvert:
        raise ErreurMetier("Ce scrutin est clos : il ne s’annule plus.", code="clos")
    scrutin.etat, scrutin.motif_annulation = EtatScrutin.ANNULE, motif[:250]
    scrutin._history_user = auteur  # type: ignore[attr-defined]
    scrutin.save()
    inscrire_evenement(
        GenreEvenement.ANNULATION, f"scrutin {scrutin.pk}", corps={}, secret={"motif": scrutin.motif_annulation}
    )
    notifications.annoncer_annulation(scrutin)
    return scrutin
