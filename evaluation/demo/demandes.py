"""Fund requests of the exercice, one in each state, through the same verbs as in the application."""

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from chantiers.budget.models import Enveloppe
from chantiers.demandes.enums import GenreApport
from chantiers.demandes.models import DemandeFonds
from chantiers.demandes.queries.redaction import Apport, Poste
from chantiers.demandes.services import precisions
from chantiers.demandes.services.decisions import ajouter_motifs_proposes, decider_seul
from chantiers.demandes.services.deliberations import ouvrir_deliberation
from chantiers.demandes.services.demandes import soumettre_demande
from chantiers.demandes.services.redaction import enregistrer_demande, retirer_demande
from demarche.gouvernance.enums import Choix
from demarche.gouvernance.queries.reglages import jours_de
from demarche.scrutins.services.votes import recuser, voter
from evaluation.demo.ecriture import Demo
from evaluation.demo.lecture import lire
from evaluation.demo.temps import Histoire, il_y_a, instant

DELAI_OUVERTURE = 2  # days between the submission and the ballot
DELAI_VOTE = 7
JOURS_MOTIFS = 60  # before the first request


def histoires_demandes(demo: Demo, enveloppes: dict[str, Enveloppe]) -> list[Histoire]:
    """Return the story of each request, as far as its data says."""
    donnees = lire("vivant")
    lignes = sorted(donnees["demandes"], key=lambda ligne: -ligne["jours"])
    return [_motifs(demo), *(_histoire(demo, ligne, enveloppes, donnees) for ligne in lignes)]


def _motifs(demo: Demo) -> Histoire:
    yield il_y_a(demo, JOURS_MOTIFS)
    ajouter_motifs_proposes(auteur=demo.auteur)


def _histoire(
    demo: Demo, ligne: dict[str, Any], enveloppes: dict[str, Enveloppe], donnees: dict[str, Any]
) -> Histoire:
    yield _instant_de(demo, ligne, ligne["jours"], 9)
    demande = _deposer(demo, ligne)
    match ligne["etat"]:
        case "retiree":
            yield il_y_a(demo, ligne["jours"] - 3)
            retirer_demande(demande.pk, auteur=demande.demandeur)
        case "accordee_coordination":
            yield il_y_a(demo, ligne["jours"] - 1)
            decider_seul(
                demande.pk,
                auteur=demo.auteur,
                montant=demande.montant_demande,
                enveloppe=enveloppes["bailleur"],
                motif=ligne["reponse"],
            )
        case "accordee_comite" | "refusee_comite":
            echeance = il_y_a(demo, ligne["jours"] - DELAI_OUVERTURE) + datetime.timedelta(days=DELAI_VOTE)
            yield from _deliberer(demo, demande, ligne, enveloppes["bailleur"], echeance)
        case "en_deliberation":
            echeance = instant(demo.jour + datetime.timedelta(days=3), 17)
            yield from _deliberer(demo, demande, ligne, enveloppes["surplus"], echeance)
            yield from _recuser(demo, demande, ligne, donnees["recusation"])
        case "precisions" | "expiree":
            yield from _interroger(demo, demande, ligne)


def _deposer(demo: Demo, ligne: dict[str, Any]) -> DemandeFonds:
    """Write one request and, unless it is a draft, submit it."""
    auteur = demo.comptes[ligne["demandeur"]]
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


def _interroger(demo: Demo, demande: DemandeFonds, ligne: dict[str, Any]) -> Histoire:
    """Ask each question, answer those that were; the last one waits, or was never answered."""
    for question in ligne["questions"]:
        yield _instant_de(demo, ligne, question["il_y_a"])
        precision = precisions.demander_precisions(
            demande.pk,
            auteur=demo.auteur,
            question=question["texte"],
            avant_le=timezone.localdate() + datetime.timedelta(days=question["delai"]),
        )
        if "reponse" in question:
            yield _instant_de(demo, ligne, question["il_y_a"] - 2, 19)
            precisions.repondre_precisions(demande.pk, auteur=demande.demandeur, reponse=question["reponse"])
    if ligne["etat"] == "expiree":
        yield instant(precision.avant_le - jours_de(precisions.AVANT_RAPPEL), 7)
        precisions.rappeler_precisions()
        yield instant(precision.avant_le + datetime.timedelta(days=1), 7)
        precisions.expirer_demandes()


def _deliberer(
    demo: Demo, demande: DemandeFonds, ligne: dict[str, Any], enveloppe: Enveloppe, echeance: datetime.datetime
) -> Histoire:
    """Open the comité's ballot and cast the votes; the last one closes it."""
    ouverture = ligne["jours"] - DELAI_OUVERTURE
    yield il_y_a(demo, ouverture)
    scrutin = ouvrir_deliberation(
        demande.pk,
        auteur=demo.auteur,
        enveloppe=enveloppe,
        echeance=echeance,
        montant=Decimal(ligne["accorde"]) if "accorde" in ligne else None,
        conditions=ligne.get("conditions", ""),
    )
    yield il_y_a(demo, ouverture - 1, 20)
    for compte, (choix, commentaire) in lire("vivant")["votes"][ligne["etat"]].items():
        voter(scrutin.pk, auteur=demo.comptes[compte], choix=Choix(choix), commentaire=commentaire)


def _recuser(demo: Demo, demande: DemandeFonds, ligne: dict[str, Any], donnees: dict[str, str]) -> Histoire:
    yield il_y_a(demo, ligne["jours"] - DELAI_OUVERTURE - 1, 21)
    scrutin = demande.scrutin
    assert scrutin is not None  # noqa: S101 - the ballot has just been opened
    recuser(scrutin.pk, auteur=demo.comptes[donnees["compte"]], motif=donnees["motif"])
