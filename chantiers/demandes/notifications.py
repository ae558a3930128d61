"""E-mails of the app `chantiers`, written to the outbox in the transaction that causes them."""

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


def convoquer_au_scrutin(demande: DemandeFonds, scrutin: Scrutin) -> None:
    """Write to each elector who did not stand aside, with the link to the decision sheet."""
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
    contexte = {"demande": demande, "scrutin": scrutin, "chemin": demande.get_absolute_url()}
    _a_la_coordination(f"À entériner : {demande.titre}", "courriels/consultation_a_enteriner.txt", contexte)


def accuser_reception(demande: DemandeFonds, *, promise: datetime.date | None) -> None:
    """Tell who asked that the request is received, who decides and by when; tell the coordination that it waits."""
    contexte = {"demande": demande, "promise": promise, "chemin": demande.get_absolute_url()}
    deposer_courriel(
        destinataire=demande.demandeur.email,
        sujet=f"Demande reçue : {demande.titre}",
        gabarit="courriels/demande_recue.txt",
        contexte=contexte,
    )
    sujet = f"Nouvelle demande : {demande.titre}"
    _a_la_coordination(sujet, "courriels/demande_recue_equipe.txt", contexte, sauf=demande.demandeur)


def annoncer_decision(demande: DemandeFonds, *, commentaires: Sequence[str]) -> None:
    """Write the decision, its reason and what was written with the votes to the person who asked."""
    deposer_courriel(
        destinataire=demande.demandeur.email,
        sujet=f"Décision : {demande.titre}",
        gabarit="courriels/demande_decidee.txt",
        contexte={"demande": demande, "commentaires": commentaires, "chemin": demande.get_absolute_url()},
    )


def annoncer_autre_instance(demande: DemandeFonds, *, cause: str) -> None:
    """Tell the person who asked that another instance decides, and why."""
    deposer_courriel(
        destinataire=demande.demandeur.email,
        sujet=f"Une autre instance décidera : {demande.titre}",
        gabarit="courriels/demande_deplacee.txt",
        contexte={"demande": demande, "cause": cause, "chemin": demande.get_absolute_url()},
    )


def annoncer_sans_quorum(demande: DemandeFonds, scrutin: Scrutin) -> None:
    """Tell the coordination that a ballot closed without quorum and that the request waits for the next step."""
    contexte = {"demande": demande, "scrutin": scrutin, "chemin": demande.get_absolute_url()}
    _a_la_coordination(f"Scrutin sans quorum : {demande.titre}", "courriels/scrutin_sans_quorum.txt", contexte)


def annoncer_scrutin_annule(demande: DemandeFonds, *, motif: str, auteur: Utilisateur) -> None:
    """Tell the coordination, save who did it, that the ballot on a request is cancelled, and why."""
    contexte = {"demande": demande, "motif": motif, "chemin": demande.get_absolute_url()}
    sujet, gabarit = f"Scrutin annulé : {demande.titre}", "courriels/scrutin_annule_coordination.txt"
    _a_la_coordination(sujet, gabarit, contexte, sauf=auteur)


def annoncer_intervention(demande: DemandeFonds) -> None:
    """Tell the person who asked that the team changed or withdrew the request, and why."""
    deposer_courriel(
        destinataire=demande.demandeur.email,
        sujet=f"L’équipe est intervenue : {demande.titre}",
        gabarit="courriels/demande_intervention.txt",
        contexte={"demande": demande, "chemin": demande.get_absolute_url()},
    )


def _a_la_coordination(sujet: str, gabarit: str, contexte: dict[str, Any], *, sauf: Utilisateur | None = None) -> None:
    """Write to the accounts of the coordination that may still sign in, save to who did what the e-mail says."""
    roles = RoleAttribue.objects.en_vigueur(timezone.localdate()).filter(
        role=Role.COORDONNATEUR, utilisateur__is_active=True
    )
    for role in roles.exclude(utilisateur=sauf).select_related("utilisateur"):
        deposer_courriel(destinataire=role.utilisateur.email, sujet=sujet, gabarit=gabarit, contexte=contexte)


def poser_question(precision: PrecisionDemande, *, rappel: bool = False) -> None:
    """Send the question of the coordination, or its one reminder, to the person who asked, with where to answer."""
    demande = precision.demande
    deposer_courriel(
        destinataire=demande.demandeur.email,
        sujet=f"{'Rappel : une' if rappel else 'Une'} précision sur votre demande : {demande.titre}",
        gabarit="courriels/demande_precision.txt",
        contexte={
            "precision": precision,
            "demande": demande,
            "rappel": rappel,
            "chemin": reverse("demandes:demande_repondre", args=[demande.pk]),
        },
    )


def annoncer_reponse(precision: PrecisionDemande) -> None:
    """Tell the coordination that the answer it waits for has come."""
    demande = precision.demande
    contexte = {"precision": precision, "demande": demande, "chemin": demande.get_absolute_url()}
    _a_la_coordination(f"Réponse reçue : {demande.titre}", "courriels/demande_reponse.txt", contexte)


def annoncer_expiration(precision: PrecisionDemande) -> None:
    """Tell whoever asked, and the coordination, that a request expired, and how to submit it again."""
    demande = precision.demande
    contexte = {"precision": precision, "demande": demande}
    sujet = f"Demande expirée, faute de réponse : {demande.titre}"
    deposer_courriel(
        destinataire=demande.demandeur.email,
        sujet=sujet,
        gabarit="courriels/demande_expiree.txt",
        contexte={**contexte, "chemin": reverse("demandes:demande_repondre", args=[demande.pk])},
    )
    _a_la_coordination(
        sujet, "courriels/demande_expiree_equipe.txt", {**contexte, "chemin": demande.get_absolute_url()}
    )
