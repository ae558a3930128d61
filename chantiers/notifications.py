"""E-mails of the app `chantiers`, written to the outbox in the transaction that causes them."""

from django.urls import reverse
from django.utils import timezone

from chantiers.models import DemandeFonds
from demarche.enums import Role
from demarche.models import RoleAttribue, Scrutin
from demarche.services.courriels import deposer_courriel


def convoquer_au_scrutin(demande: DemandeFonds, scrutin: Scrutin) -> None:
    """Write to each elector who did not stand aside, with the link to the decision sheet."""
    electeurs = scrutin.electeurs.filter(recusation__isnull=True, utilisateur__isnull=False)
    for electeur in electeurs.select_related("utilisateur", "siege"):
        deposer_courriel(
            destinataire=electeur.courriel,
            sujet=f"À voter : {demande.titre}",
            gabarit="courriels/scrutin_ouvert.txt",
            contexte={
                "demande": demande,
                "scrutin": scrutin,
                "electeur": electeur,
                "chemin": reverse("chantiers:demande_fiche", args=[demande.pk]),
            },
        )


def annoncer_a_enteriner(demande: DemandeFonds, scrutin: Scrutin) -> None:
    """Tell the coordination that a consultation said yes and must go on the agenda of the next meeting."""
    roles = RoleAttribue.objects.en_vigueur(timezone.localdate()).filter(role=Role.COORDONNATEUR)
    for role in roles.select_related("utilisateur"):
        deposer_courriel(
            destinataire=role.utilisateur.email,
            sujet=f"À entériner : {demande.titre}",
            gabarit="courriels/consultation_a_enteriner.txt",
            contexte={"demande": demande, "scrutin": scrutin, "chemin": demande.get_absolute_url()},
        )


def annoncer_decision(demande: DemandeFonds) -> None:
    """Write the decision and its reason to the person who asked."""
    deposer_courriel(
        destinataire=demande.demandeur.email,
        sujet=f"Décision : {demande.titre}",
        gabarit="courriels/demande_decidee.txt",
        contexte={"demande": demande, "chemin": demande.get_absolute_url()},
    )


def annoncer_autre_instance(demande: DemandeFonds) -> None:
    """Tell the person who asked that the total of the action changed, and with it who decides."""
    deposer_courriel(
        destinataire=demande.demandeur.email,
        sujet=f"Une autre instance décidera : {demande.titre}",
        gabarit="courriels/demande_deplacee.txt",
        contexte={"demande": demande, "chemin": demande.get_absolute_url()},
    )


def annoncer_sans_quorum(demande: DemandeFonds, scrutin: Scrutin) -> None:
    """Tell the coordination that a ballot closed without quorum and that the request waits for the next step."""
    roles = RoleAttribue.objects.en_vigueur(timezone.localdate()).filter(role=Role.COORDONNATEUR)
    for role in roles.select_related("utilisateur"):
        deposer_courriel(
            destinataire=role.utilisateur.email,
            sujet=f"Scrutin sans quorum : {demande.titre}",
            gabarit="courriels/scrutin_sans_quorum.txt",
            contexte={"demande": demande, "scrutin": scrutin, "chemin": demande.get_absolute_url()},
        )
