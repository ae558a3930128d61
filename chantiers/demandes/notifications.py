"""E-mails about requests, written to the outbox in the transaction that causes them."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from chantiers.demandes.models import DemandeFonds, PrecisionDemande
from demarche.comptes.enums import Role
from demarche.comptes.models import RoleAttribue, Utilisateur
from demarche.scrutins.models import Scrutin
from demarche.socle.services.courriels import deposer_courriel


def _au_demandeur(demande: DemandeFonds, sujet: str, gabarit: str, **contexte: Any) -> None:
    """Write to the demandeur; unless the context has another `chemin`, the e-mail leads to the request."""
    deposer_courriel(
        destinataire=demande.demandeur.email,
        sujet=sujet + demande.titre,
        gabarit=f"courriels/{gabarit}.txt",
        contexte={"demande": demande, "chemin": demande.get_absolute_url(), **contexte},
    )


def _a_la_coordination(
    demande: DemandeFonds, sujet: str, gabarit: str, *, sauf: Utilisateur | None = None, **contexte: Any
) -> None:
    """Write to the accounts of the coordination that may still sign in, except `sauf`, who caused the e-mail."""
    roles = RoleAttribue.objects.en_vigueur(timezone.localdate()).filter(
        role=Role.COORDONNATEUR, utilisateur__is_active=True
    )
    for role in roles.exclude(utilisateur=sauf).select_related("utilisateur"):
        deposer_courriel(
            destinataire=role.utilisateur.email,
            sujet=sujet + demande.titre,
            gabarit=f"courriels/{gabarit}.txt",
            contexte={"demande": demande, "chemin": demande.get_absolute_url(), **contexte},
        )


def convoquer_au_scrutin(demande: DemandeFonds, scrutin: Scrutin) -> None:
    """Write to each elector who is not récusé, with the link to the decision sheet."""
    electeurs = scrutin.electeurs.filter(recusation__isnull=True, utilisateur__isnull=False)
    deliberation = demande.deliberations.get(scrutin=scrutin)
    for electeur in electeurs.select_related("utilisateur", "siege"):
        deposer_courriel(
            destinataire=electeur.courriel,
            sujet=f"À voter : {demande.titre}",
            gabarit="courriels/scrutin_ouvert.txt",
            contexte={
                "demande": demande,
                "deliberation": deliberation,
                "scrutin": scrutin,
                "electeur": electeur,
                "chemin": reverse("demandes:demande_fiche", args=[demande.pk]),
            },
        )


def annoncer_a_enteriner(demande: DemandeFonds, scrutin: Scrutin) -> None:
    """Tell the coordination that a consultation said yes and must go on the agenda of the next meeting."""
    _a_la_coordination(demande, "À entériner : ", "consultation_a_enteriner", scrutin=scrutin)


def accuser_reception(demande: DemandeFonds, *, promise: datetime.date | None) -> None:
    """Tell the demandeur that the request is received, who decides and by when; tell the coordination it waits."""
    _au_demandeur(demande, "Demande reçue : ", "demande_recue", promise=promise)
    _a_la_coordination(demande, "Nouvelle demande : ", "demande_recue_equipe", sauf=demande.demandeur, promise=promise)


def annoncer_decision(demande: DemandeFonds, *, commentaires: Sequence[str]) -> None:
    """Tell the demandeur the decision, its reason and what was written with the votes."""
    _au_demandeur(demande, "Décision : ", "demande_decidee", commentaires=commentaires)


def annoncer_autre_instance(demande: DemandeFonds, *, cause: str) -> None:
    """Tell the demandeur that another instance decides, and why."""
    _au_demandeur(demande, "Une autre instance décidera : ", "demande_deplacee", cause=cause)


def annoncer_sans_quorum(demande: DemandeFonds, scrutin: Scrutin) -> None:
    """Tell the coordination that a ballot closed without quorum and that the request waits for the next step."""
    _a_la_coordination(demande, "Scrutin sans quorum : ", "scrutin_sans_quorum", scrutin=scrutin)


def annoncer_scrutin_annule(demande: DemandeFonds, *, motif: str, auteur: Utilisateur) -> None:
    """Tell the coordination that the ballot on a request is cancelled, and why."""
    _a_la_coordination(demande, "Scrutin annulé : ", "scrutin_annule_coordination", sauf=auteur, motif=motif)


def annoncer_intervention(demande: DemandeFonds) -> None:
    """Tell the demandeur that the team changed or withdrew the request, and why."""
    _au_demandeur(demande, "L’équipe est intervenue : ", "demande_intervention")


def poser_question(precision: PrecisionDemande, *, rappel: bool = False) -> None:
    """Send the question of the coordination, or its one reminder, to the demandeur, with where to answer."""
    sujet = f"{'Rappel : une' if rappel else 'Une'} précision sur votre demande : "
    _au_demandeur(
        precision.demande,
        sujet,
        "demande_precision",
        precision=precision,
        rappel=rappel,
        chemin=_ou_repondre(precision),
    )


def _ou_repondre(precision: PrecisionDemande) -> str:
    return reverse("demandes:demande_repondre", args=[precision.demande_id])


def annoncer_reponse(precision: PrecisionDemande) -> None:
    """Tell the coordination that the answer to its question has come."""
    _a_la_coordination(precision.demande, "Réponse reçue : ", "demande_reponse", precision=precision)


def annoncer_expiration(precision: PrecisionDemande) -> None:
    """Tell the demandeur and the coordination that a request expired, and how to submit it again."""
    demande, sujet = precision.demande, "Demande expirée, faute de réponse : "
    _au_demandeur(demande, sujet, "demande_expiree", precision=precision, chemin=_ou_repondre(precision))
    _a_la_coordination(demande, sujet, "demande_expiree_equipe", precision=precision)
