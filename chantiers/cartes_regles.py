"""What the app `chantiers` says of the rules of money: thresholds, first steps, who decides on a sum."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from demarche.diagrammes import DiagrammeImpossible, schema_allocation
from demarche.diagrammes_etroits import schema_allocation_etroit
from demarche.enums import GenreInstance
from demarche.models import Demarche, Utilisateur
from demarche.montants import ecrire_dollars
from demarche.permissions import peut_gerer_reglages, peut_voir_decisions
from demarche.queries.gouvernance import noms_des_decideurs
from demarche.registre import EtapeInstallation, LienReglage, Onglet, ValeurReglee, registre

from . import permissions
from .models import Enveloppe, RegleAllocation
from .services.precisions import AVANT_RAPPEL, POUR_REPONDRE


def etape_seuils(utilisateur: Utilisateur) -> EtapeInstallation:
    """Without a rule in force, no request can be submitted."""
    return EtapeInstallation(
        "Inscrire les seuils d’allocation",
        "Qui décide d’une demande de fonds, selon son montant : la coordination, le comité ou l’assemblée.",
        reverse("chantiers:regle_liste") if peut_gerer_reglages(utilisateur) else "",
        RegleAllocation.objects.en_vigueur(timezone.localdate()) is not None,
    )


def etape_enveloppe(utilisateur: Utilisateur) -> EtapeInstallation:
    """Without an envelope, no request can be granted."""
    return EtapeInstallation(
        "Inscrire une enveloppe",
        "L’argent où puiser : une demande accordée est toujours payée par une enveloppe.",
        reverse("chantiers:enveloppe_liste") if permissions.peut_voir_budget(utilisateur) else "",
        Enveloppe.objects.exists(),
    )


def allocation(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Show on the page of governance who decides on a sum: the rule in force, and its drawing."""
    regle = RegleAllocation.objects.en_vigueur(timezone.localdate())
    if utilisateur is None or regle is None:
        return None
    noms = noms_des_decideurs()
    options: dict[str, Any] = {
        "noms": noms,
        "seuil_comite": regle.seuil_comite,
        "seuil_assemblee": regle.seuil_assemblee,
    }
    if isinstance(objet, Demarche) and objet.couleur:
        options["couleur"] = objet.couleur
    contexte: dict[str, Any] = {"regle": regle, "noms": noms, "peut_gerer": peut_gerer_reglages(utilisateur)}
    contexte["etroit"] = schema_allocation_etroit(**options)
    try:
        return contexte | {"diagramme": schema_allocation(**options)}
    except DiagrammeImpossible:
        return contexte | {"diagramme": None}  # the diagram of governance has said why


def seuils_du_cadre(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Show on the page of a version of the cadre de référence the thresholds that cite it."""
    if utilisateur is None or not peut_voir_decisions(utilisateur):
        return None
    regles = list(RegleAllocation.objects.filter(source__startswith=str(objet)))
    return {"regles": regles, "noms": noms_des_decideurs()} if regles else None


def seuils_en_vigueur() -> Iterable[ValeurReglee]:
    """Say who decides on a sum, with the source of the thresholds, and what the tool decides by itself (R1, R4)."""
    regle = RegleAllocation.objects.en_vigueur(timezone.localdate())
    groupe = "Demandes de fonds"
    if regle is not None:
        bas, haut = ecrire_dollars(regle.seuil_comite), ecrire_dollars(regle.seuil_assemblee)
        url = reverse("chantiers:regle_liste")
        noms = noms_des_decideurs()
        for genre, texte in (
            (GenreInstance.COORDINATION, f"sous {bas}"),
            (GenreInstance.COMITE_PILOTAGE, f"de {bas} à {haut} inclusivement"),
            (GenreInstance.ASSEMBLEE, f"au-delà de {haut}"),
        ):
            yield ValeurReglee(groupe, f"«\u00a0{noms[genre]}\u00a0» décide", texte, regle.source, url)
    yield ValeurReglee(groupe, "La demande de la coordination", "va à l’instance suivante, même sous le premier seuil")
    yield ValeurReglee(groupe, "Qui demande", "ne vote pas, ni personne au nom de son organisation")
    yield ValeurReglee(groupe, "Le signe sur un porteur", "ses demandes dépassent un seuil en douze mois")


registre.etapes_installation += [etape_seuils, etape_enveloppe]
registre.valeurs.append(seuils_en_vigueur)
registre.offrir_defauts(POUR_REPONDRE, AVANT_RAPPEL)
registre.reglages += [
    LienReglage(
        "Règles d’allocation",
        "Les seuils qui disent qui décide d’une demande de fonds.",
        "chantiers:regle_liste",
        35,
        peut_gerer_reglages,
    ),
    LienReglage(
        "Motifs de décision",
        "Les phrases toutes prêtes qui expliquent un accord, un refus ou une question.",
        "chantiers:motif_liste",
        37,
        permissions.peut_gerer_motifs,
    ),
]
registre.onglets += [
    Onglet("demarche.cadre", "Seuils qui le citent", "chantiers/_seuils_du_cadre.html", 10, seuils_du_cadre),
    Onglet("demarche.gouvernance", "Qui décide d’une somme", "chantiers/_allocation.html", 10, allocation),
]
