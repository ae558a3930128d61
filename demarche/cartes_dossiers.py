"""Where the dossier de siège is reached from: « Mon espace », the page of a seat. Loaded by `cartes`."""

from typing import Any

from django.db.models import Model

from .models import Siege, Utilisateur
from .permissions import peut_lire_dossier_siege
from .registre import Carte, Onglet, registre


def carte_mes_sieges(utilisateur: Utilisateur | None) -> dict[str, Any] | None:
    """Lead whoever holds a seat to its file."""
    mandats = utilisateur.mandats_du_jour if utilisateur else []
    return {"mandats": mandats} if mandats else None


def dossier_du_siege(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Lead to the file of one seat."""
    lisible = isinstance(objet, Siege) and peut_lire_dossier_siege(utilisateur, objet)
    return {"sieges": [objet]} if lisible else None


registre.cartes.append(Carte("espace", "demarche/_carte_sieges.html", 10, carte_mes_sieges))
registre.onglets.append(
    Onglet("demarche.siege", "Dossier de siège", "demarche/_siege_dossiers.html", 40, dossier_du_siege)
)
