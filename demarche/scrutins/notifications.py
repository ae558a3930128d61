"""E-mails about ballots, written to the outbox in the transaction that causes them."""

from collections.abc import Sequence
from typing import Any

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import Choix
from demarche.gouvernance.models import Mandat, Resolution
from demarche.registre.services.lignes import tete_du_registre
from demarche.scrutins.models import Electeur, Scrutin
from demarche.scrutins.protocoles import OBJETS
from demarche.scrutins.queries import titulaires_du_jour
from demarche.socle.services.courriels import deposer_courriel


def deposer(destinataire: str, sujet: str, gabarit: str, scrutin: Scrutin, **contexte: Any) -> None:
    """Write one e-mail about a ballot, with the link to its page."""
    deposer_courriel(
        destinataire=destinataire,
        sujet=f"{sujet}\u00a0: {scrutin.question}"[:200],
        gabarit=f"courriels/{gabarit}.txt",
        contexte={"scrutin": scrutin, "chemin": OBJETS.page_du_scrutin(scrutin), **contexte},
    )


def confirmer_vote_telephone(
    scrutin: Scrutin, electeur: Electeur, *, adresse: str, a_un_compte: bool, choix: Choix | None, auteur: Utilisateur
) -> None:
    """Tell the person who voted by phone what was written, by whom, and how to change it (R5)."""
    autres = {
        "electeur": electeur,
        "choix": choix.label if choix else "",
        "auteur": auteur,
        "a_un_compte": a_un_compte,
    }
    deposer(adresse, "Votre vote au téléphone", "vote_telephone", scrutin, **autres)


def annoncer_vote_remplace(electeur: Electeur, *, compte: Utilisateur, auteur: Utilisateur) -> None:
    """Tell the person who answered for a partner that a colleague answered after them: who, never what (R6)."""
    autres = {"electeur": electeur, "compte": compte, "auteur": auteur}
    deposer(compte.email, "Réponse remplacée", "vote_remplace", electeur.scrutin, **autres)


def comptes_appeles(scrutin: Scrutin) -> list[Utilisateur]:
    """Return who speaks today for the voices of a ballot, each person once, in the order of the voices."""
    return list(dict.fromkeys(titulaires_du_jour(scrutin.electeurs.select_related("utilisateur")).values()))


def annoncer_cloture(scrutin: Scrutin) -> None:
    """Send each elector the outcome and the head of the register, which anybody may compare later (R7)."""
    autres = {"tete": tete_du_registre(), "resolution": Resolution.objects.filter(scrutin=scrutin).first()}
    for compte in comptes_appeles(scrutin):
        deposer(compte.email, "Scrutin clos", "scrutin_clos", scrutin, **autres)


def annoncer_annulation(scrutin: Scrutin) -> None:
    """Tell each elector that the ballot is cancelled, and why: a vote already given counts for nothing."""
    for compte in comptes_appeles(scrutin):
        deposer(compte.email, "Scrutin annulé", "scrutin_annule", scrutin)


def convoquer_a_la_question(scrutin: Scrutin) -> None:
    """Write to each voice called to a free ballot, with the link to its page."""
    electeurs = scrutin.electeurs.filter(recusation=None, utilisateur__isnull=False).select_related("utilisateur")
    for electeur in electeurs:
        deposer(electeur.courriel, "À voter", "scrutin_question", scrutin, electeur=electeur)


def annoncer_scrutins_au_titulaire(mandat: Mandat, scrutins: Sequence[Scrutin]) -> None:
    """Tell, in one message, who takes a seat during open ballots which ones wait for it."""
    pages = OBJETS.pages_des_scrutins(scrutins)
    un = len(scrutins) == 1
    deposer_courriel(
        destinataire=mandat.utilisateur.email,
        sujet=f"À voter : {scrutins[0].question}"[:200] if un else f"{len(scrutins)} votes attendent votre siège",
        gabarit="courriels/siege_scrutins.txt",
        contexte={"mandat": mandat, "lignes": [(scrutin, pages[scrutin.pk]) for scrutin in scrutins]},
    )


def rappeler_les_scrutins(compte: Utilisateur, scrutins: Sequence[Scrutin]) -> None:
    """Remind one person, in one message, of all the ballots that wait for their answer."""
    pages = OBJETS.pages_des_scrutins(scrutins)
    premiere = scrutins[0].echeance
    deposer_courriel(
        destinataire=compte.email,
        sujet=f"Rappel : {scrutins[0].question}" if len(scrutins) == 1 else f"Rappel : {len(scrutins)} votes attendus",
        gabarit="courriels/rappel_scrutins.txt",
        contexte={
            "compte": compte,
            "lignes": [(scrutin, pages[scrutin.pk]) for scrutin in scrutins],
            "premiere": premiere,
        },
    )
