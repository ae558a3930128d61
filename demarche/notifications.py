"""E-mails of the app `demarche` about ballots, written to the outbox in the transaction that causes them."""

from django.urls import reverse

from demarche.champs import ecrire_date
from demarche.enums import Choix
from demarche.models import Electeur, Rencontre, Scrutin, Utilisateur
from demarche.registre import Convoque, registre
from demarche.services.courriels import deposer_courriel
from demarche.services.registre_decisions import tete_du_registre


def confirmer_vote_telephone(
    electeur: Electeur, *, titulaire: Utilisateur | None, choix: Choix | None, auteur: Utilisateur
) -> None:
    """Tell whoever voted by phone what was written, by whom, and how to change it (R5)."""
    if titulaire is None:
        return
    deposer_courriel(
        destinataire=titulaire.email,
        sujet=f"Votre vote au téléphone : {electeur.scrutin.question}"[:200],
        gabarit="courriels/vote_telephone.txt",
        contexte={
            "electeur": electeur,
            "scrutin": electeur.scrutin,
            "choix": choix.label if choix else "",
            "auteur": auteur,
            "chemin": registre.page_du_scrutin(electeur.scrutin),
        },
    )


def annoncer_cloture(scrutin: Scrutin) -> None:
    """Send each elector the outcome and the head of the register, which anybody may compare later (R7)."""
    tete = tete_du_registre()
    for electeur in scrutin.electeurs.exclude(utilisateur=None).select_related("utilisateur"):
        deposer_courriel(
            destinataire=electeur.courriel,
            sujet=f"Scrutin clos : {scrutin.question}"[:200],
            gabarit="courriels/scrutin_clos.txt",
            contexte={"scrutin": scrutin, "tete": tete, "chemin": registre.page_du_scrutin(scrutin)},
        )


def annoncer_annulation(scrutin: Scrutin) -> None:
    """Tell each elector that the ballot is cancelled, and why: a vote already given counts for nothing."""
    for electeur in scrutin.electeurs.exclude(utilisateur=None).select_related("utilisateur"):
        deposer_courriel(
            destinataire=electeur.courriel,
            sujet=f"Scrutin annulé : {scrutin.question}"[:200],
            gabarit="courriels/scrutin_annule.txt",
            contexte={"scrutin": scrutin, "chemin": registre.page_du_scrutin(scrutin)},
        )


def convoquer_a_la_rencontre(rencontre: Rencontre, convoque: Convoque) -> None:
    """Call one person to a meeting, with its agenda: whole for a member, its public points for the others."""
    points = list(rencontre.points.all()) if convoque.membre else rencontre.points_publics
    deposer_courriel(
        destinataire=convoque.courriel,
        sujet=f"Convocation : {rencontre.titre}, {ecrire_date(rencontre.date)}"[:200],
        gabarit="courriels/convocation.txt",
        contexte={
            "rencontre": rencontre,
            "convoque": convoque,
            "points": points,
            "chemin": rencontre.get_absolute_url(),
            "chemin_pdf": reverse("demarche:ordre_du_jour_pdf", args=[rencontre.pk]),
        },
    )
