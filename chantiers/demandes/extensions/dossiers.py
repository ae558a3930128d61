"""What the file of a seat says of requests: who decides according to the amount, and those that wait."""

from typing import Any

from django.db.models import Model
from django.utils import timezone

from chantiers.demandes.enums import EN_ATTENTE
from chantiers.demandes.models import DemandeFonds, RegleAllocation
from chantiers.demandes.permissions import peut_voir_demande
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import Siege
from demarche.gouvernance.queries.gouvernance import noms_des_decideurs

DECIDENT = frozenset({GenreInstance.ASSEMBLEE, GenreInstance.COMITE_PILOTAGE, GenreInstance.COORDINATION})


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
