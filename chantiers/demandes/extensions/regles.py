"""What the requests say of the rules of money: thresholds, first step, who decides on a sum."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from chantiers.demandes.models import RegleAllocation
from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import peut_gerer_reglages
from demarche.gouvernance.diagrammes import DiagrammeImpossible, schema_allocation
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import Demarche
from demarche.gouvernance.permissions import peut_voir_decisions
from demarche.gouvernance.protocoles import EtapeInstallation, ValeurReglee
from demarche.gouvernance.queries.gouvernance import noms_des_decideurs
from demarche.socle.couleurs import COULEUR_PAR_DEFAUT
from demarche.socle.montants import ecrire_dollars


def etape_seuils(utilisateur: Utilisateur) -> EtapeInstallation:
    """Without a rule in force, no request can be submitted."""
    return EtapeInstallation(
        "Inscrire les seuils d’allocation",
        "Qui décide d’une demande de fonds, selon son montant : la coordination, le comité ou l’assemblée.",
        reverse("demandes:regle_liste") if peut_gerer_reglages(utilisateur) else "",
        RegleAllocation.objects.en_vigueur(timezone.localdate()) is not None,
    )


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


def seuils_en_vigueur() -> Iterable[ValeurReglee]:
    """Say who decides on a sum, with the source of the thresholds, and what the tool decides by itself (R1, R4)."""
    regle = RegleAllocation.objects.en_vigueur(timezone.localdate())
    groupe = "Demandes de fonds"
    if regle is not None:
        bas, haut = ecrire_dollars(regle.seuil_comite), ecrire_dollars(regle.seuil_assemblee)
        url = reverse("demandes:regle_liste")
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
