"""Fund requests of the exercice, one in each state, through the same verbs as in the application."""

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from chantiers.enums import GenreApport
from chantiers.models import DemandeFonds, Enveloppe
from chantiers.services.contenus import Apport, Poste
from chantiers.services.decisions import decider_seul
from chantiers.services.deliberations import ouvrir_deliberation
from chantiers.services.demandes import soumettre_demande
from chantiers.services.motifs import ajouter_motifs_proposes
from chantiers.services.precisions import (
    JOURS_AVANT_RAPPEL,
    demander_precisions,
    expirer_demandes,
    rappeler_precisions,
    repondre_precisions,
)
from chantiers.services.redaction import enregistrer_demande, retirer_demande
from demarche.enums import Choix
from demarche.services.votes import recuser, voter

from .ecriture import Demo
from .lecture import lire
from .temps import a_l_instant, il_y_a, instant

DELAI_OUVERTURE = 2  # days between the submission and the ballot
DELAI_VOTE = 7
JOURS_MOTIFS = 60  # before the first request


def charger_demandes(demo: Demo, enveloppes: dict[str, Enveloppe]) -> None:
    """File the requests, oldest first, and take each one as far as its data says; those still open come later."""
    donnees = lire("vivant")
    with a_l_instant(il_y_a(demo, JOURS_MOTIFS)):
        ajouter_motifs_proposes(auteur=demo.auteur)
    for ligne in sorted(donnees["demandes"], key=lambda ligne: -ligne["jours"]):
        demande = _deposer(demo, ligne)
        match ligne["etat"]:
            case "retiree":
                with a_l_instant(il_y_a(demo, ligne["jours"] - 3)):
                    retirer_demande(demande.pk, auteur=demande.demandeur)
            case "accordee_coordination":
                _accorder_seule(demo, demande, ligne, enveloppes["bailleur"])
            case "accordee_comite" | "refusee_comite":
                echeance = il_y_a(demo, ligne["jours"] - DELAI_OUVERTURE) + datetime.timedelta(days=DELAI_VOTE)
                _deliberer(
                    demo, demande, ligne, enveloppe=enveloppes["bailleur"], echeance=echeance, votes=donnees["votes"]
                )
            case "precisions" | "expiree":
                _interroger(demo, demande, ligne)


def charger_deliberations(demo: Demo, enveloppes: dict[str, Enveloppe]) -> None:
    """Open the ballots that are not closed on the day: the last lines of the register, in their order."""
    donnees = lire("vivant")
    for ligne in (ligne for ligne in donnees["demandes"] if ligne["etat"] == "en_deliberation"):
        demande = DemandeFonds.objects.get(exercice=demo.courant, titre=ligne["titre"])
        echeance = instant(demo.jour + datetime.timedelta(days=3), 17)
        _deliberer(demo, demande, ligne, enveloppe=enveloppes["surplus"], echeance=echeance, votes=donnees["votes"])
        _recuser(demo, demande, ligne, donnees["recusation"])


def _deposer(demo: Demo, ligne: dict[str, Any]) -> DemandeFonds:
    """Write one request and, unless it is a draft, submit it."""
    auteur = demo.comptes[ligne["demandeur"]]
    with a_l_instant(_instant_de(demo, ligne, ligne["jours"], 9)):
        demande = enregistrer_demande(
            None,
            auteur=auteur,
            action_collective=demo.actions[ligne["action"]],
            exercice=demo.courant,
            titre=ligne["titre"],
            motif=ligne["motif"],
            organisation=demo.organisations.get(ligne.get("organisation", "")),
            postes=[Poste(libelle, Decimal(montant)) for libelle, montant in ligne["postes"]],
            apports=[
                Apport(GenreApport(genre), source, Decimal(montant), confirme)
                for genre, source, montant, confirme in ligne.get("apports", [])
            ],
        )
        if ligne["etat"] == "brouillon":
            return demande
        return soumettre_demande(demande.pk, auteur=auteur)


def _instant_de(demo: Demo, ligne: dict[str, Any], jours: int, heure: int = 10) -> datetime.datetime:
    """Return that hour so many days ago; a request that expired was written before the exercice if it had to be."""
    if ligne["etat"] == "expiree":
        return instant(demo.jour - datetime.timedelta(days=jours), heure)
    return il_y_a(demo, jours, heure)


def _interroger(demo: Demo, demande: DemandeFonds, ligne: dict[str, Any]) -> None:
    """Ask each question, answer those that were; the last one waits, or was never answered."""
    for question in ligne["questions"]:
        with a_l_instant(_instant_de(demo, ligne, question["il_y_a"])):
            precision = demander_precisions(
                demande.pk,
                auteur=demo.auteur,
                question=question["texte"],
                avant_le=timezone.localdate() + datetime.timedelta(days=question["delai"]),
            )
        if "reponse" in question:
            with a_l_instant(_instant_de(demo, ligne, question["il_y_a"] - 2, 19)):
                repondre_precisions(demande.pk, auteur=demande.demandeur, reponse=question["reponse"])
    if ligne["etat"] == "expiree":
        with a_l_instant(instant(precision.avant_le - datetime.timedelta(days=JOURS_AVANT_RAPPEL), 7)):
            rappeler_precisions()
        with a_l_instant(instant(precision.avant_le + datetime.timedelta(days=1), 7)):
            expirer_demandes()


def _accorder_seule(demo: Demo, demande: DemandeFonds, ligne: dict[str, Any], enveloppe: Enveloppe) -> None:
    with a_l_instant(il_y_a(demo, ligne["jours"] - 1)):
        decider_seul(
            demande.pk,
            auteur=demo.auteur,
            montant=demande.montant_demande,
            enveloppe=enveloppe,
            motif=ligne["reponse"],
        )


def _deliberer(
    demo: Demo,
    demande: DemandeFonds,
    ligne: dict[str, Any],
    *,
    enveloppe: Enveloppe,
    echeance: datetime.datetime,
    votes: dict[str, dict[str, list[str]]],
) -> None:
    """Open the comité's ballot and cast the votes; the last one closes it."""
    ouverture = ligne["jours"] - DELAI_OUVERTURE
    with a_l_instant(il_y_a(demo, ouverture)):
        scrutin = ouvrir_deliberation(
            demande.pk,
            auteur=demo.auteur,
            enveloppe=enveloppe,
            echeance=echeance,
            montant=Decimal(ligne["accorde"]) if "accorde" in ligne else None,
            conditions=ligne.get("conditions", ""),
        )
    with a_l_instant(il_y_a(demo, ouverture - 1, 20)):
        for compte, (choix, commentaire) in votes[ligne["etat"]].items():
            voter(scrutin.pk, auteur=demo.comptes[compte], choix=Choix(choix), commentaire=commentaire)


def _recuser(demo: Demo, demande: DemandeFonds, ligne: dict[str, Any], donnees: dict[str, str]) -> None:
    scrutin = demande.scrutin
    assert scrutin is not None  # noqa: S101 - the ballot has just been opened
    with a_l_instant(il_y_a(demo, ligne["jours"] - DELAI_OUVERTURE - 1, 21)):
        recuser(scrutin.pk, auteur=demo.comptes[donnees["compte"]], motif=donnees["motif"])
