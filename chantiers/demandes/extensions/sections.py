"""What the requests show on the pages of other rooms; each section returns None when there is nothing to show."""

from typing import Any

from django.db.models import Model
from django.utils import timezone

from chantiers.actions.models import ActionCollective
from chantiers.demandes.enums import EN_ATTENTE
from chantiers.demandes.models import Deliberation, DemandeFonds, RegleAllocation
from chantiers.demandes.permissions import (
    demandes_appelees,
    peut_demander,
    peut_voir_demande,
)
from chantiers.demandes.queries.engagements import solde_de
from chantiers.demandes.queries.regles_allocation import totaux_de_l_action
from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import peut_gerer_reglages
from demarche.gouvernance.diagrammes import DiagrammeImpossible, schema_allocation
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import Demarche, Siege
from demarche.gouvernance.permissions import peut_voir_decisions
from demarche.gouvernance.queries.gouvernance import noms_des_decideurs
from demarche.socle.couleurs import COULEUR_PAR_DEFAUT

DECIDENT = frozenset({GenreInstance.ASSEMBLEE, GenreInstance.COMITE_PILOTAGE, GenreInstance.COORDINATION})


def voit_les_demandes(utilisateur: Utilisateur) -> bool:
    return peut_voir_decisions(utilisateur) or peut_demander(utilisateur)


def demandes_de_l_action(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Return the requests of one action, for those who see them."""
    if utilisateur is None or not isinstance(objet, ActionCollective) or not voit_les_demandes(utilisateur):
        return None
    demandes = objet.demandes.select_related("organisation", "instance_gouvernance", "exercice").order_by(
        "-soumise_le", "-pk"
    )
    appelees = demandes_appelees(utilisateur)
    visibles = [d for d in demandes if peut_voir_demande(utilisateur, d, appelees=appelees)]
    return {
        "demandes": visibles,
        "action": objet,
        "peut_demander": peut_demander(utilisateur),
        "voit_tout": peut_voir_decisions(utilisateur),
        "totaux": totaux_de_l_action(visibles) if peut_voir_decisions(utilisateur) else [],
    }


def demande_de_la_resolution(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Return the request a resolution decides on, for those who see it."""
    demande = DemandeFonds.objects.filter(resolution_id=objet.pk).select_related("action_collective").first()
    if demande is None or not peut_voir_demande(utilisateur, demande):
        return None
    return {"demande": demande}


def seuils_du_siege(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Return the thresholds in force, for a seat of an instance that decides on money (R1)."""
    if not isinstance(objet, Siege) or objet.instance_gouvernance.genre not in DECIDENT:
        return None
    regle = RegleAllocation.objects.en_vigueur(timezone.localdate())
    return {"regle": regle, "noms": noms_des_decideurs()} if regle else None


def demandes_du_siege(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Return the requests that wait for the instance of a seat, for who may see each of them."""
    if not isinstance(objet, Siege) or objet.instance_gouvernance.genre not in DECIDENT:
        return None
    demandes = DemandeFonds.objects.filter(etat__in=EN_ATTENTE, instance_gouvernance=objet.instance_gouvernance_id)
    visibles = [
        demande
        for demande in demandes.select_related("action_collective").order_by("soumise_le", "pk")
        if peut_voir_demande(utilisateur, demande)
    ]
    return {"demandes": visibles}


def argent_de_la_consultation(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Return the request that a consultation to ratify is about, and what its envelope has left once granted (R8)."""
    lien = Deliberation.objects.filter(scrutin=objet.pk).select_related("demande__enveloppe").first()
    if lien is None or not peut_voir_demande(utilisateur, lien.demande):
        return None
    reste = solde_de(lien.demande)
    return {"demande": lien.demande, "restes": [reste] if reste else []}


def allocation(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Show on the page of governance who decides on a sum: the rule in force, and its drawing."""
    regle = RegleAllocation.objects.en_vigueur(timezone.localdate())
    if utilisateur is None or regle is None:
        return None
    noms = noms_des_decideurs()
    couleur = (objet.couleur if isinstance(objet, Demarche) else "") or COULEUR_PAR_DEFAUT
    seuils = {"seuil_comite": regle.seuil_comite, "seuil_assemblee": regle.seuil_assemblee}
    try:
        diagramme = schema_allocation(noms=noms, couleur=couleur, **seuils)
    except DiagrammeImpossible:
        diagramme = None  # the diagram of governance has said why
    return {"regle": regle, "noms": noms, "diagramme": diagramme, "peut_gerer": peut_gerer_reglages(utilisateur)}


def seuils_du_cadre(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Show on the page of a version of the cadre de référence the thresholds that cite it."""
    if utilisateur is None or not peut_voir_decisions(utilisateur):
        return None
    regles = list(RegleAllocation.objects.filter(source__startswith=str(objet)))
    return {"regles": regles, "noms": noms_des_decideurs()} if regles else None
