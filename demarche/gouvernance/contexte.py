"""What every page knows: the démarche, the navigation, the exercice."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from demarche.comptes.models import Utilisateur
from demarche.comptes.protocoles import PAGES, EntreeMenu
from demarche.gouvernance.queries.demarche import exercice_courant, la_demarche

CLE_CADRE = "_cadre"


@dataclass(frozen=True)
class LienMenu:
    """One link of the navigation, ready to write."""

    libelle: str
    url: str
    icone: str
    actif: bool


def lien(entree: EntreeMenu, chemin: str) -> LienMenu:
    """Return the link of one entry; active on its own page and on the pages below it."""
    url = reverse(entree.route)
    racines = (*((url,) if len(url) > 1 else ()), *entree.aussi)
    return LienMenu(entree.libelle, url, entree.icone, chemin == url or chemin.startswith(racines))


def contexte_courriel() -> dict[str, Any]:
    """Return what every e-mail knows; named by the setting COURRIELS_CONTEXTE."""
    return {"demarche": la_demarche()}


def cadre(request: HttpRequest) -> dict[str, Any]:
    """Return the variables of the shell, read once a request for this person; context processor.

    Each card and section of the registry is a template of its own: none of them reads the shell again.
    """
    utilisateur = getattr(request, "user", None)
    pour, variables = getattr(request, CLE_CADRE, (None, {}))
    if not variables or pour != utilisateur:
        variables = composer_cadre(request, utilisateur)
        setattr(request, CLE_CADRE, (utilisateur, variables))
    return variables


def composer_cadre(request: HttpRequest, utilisateur: Any) -> dict[str, Any]:
    """Return the variables of the shell for one person."""
    menu = []
    if isinstance(utilisateur, Utilisateur):
        entrees = PAGES.menu_de(utilisateur)
        groupes = list(dict.fromkeys(entree.groupe for entree in entrees))
        entrees.sort(key=lambda entree: groupes.index(entree.groupe))
        menu = [
            (groupe, [lien(entree, request.path) for entree in lot])
            for groupe, lot in groupby(entrees, key=lambda entree: entree.groupe)
        ]
    return {
        "demarche": la_demarche(),
        "exercice_courant": exercice_courant(),
        "menu": menu,
        "menu_public": [lien(entree, request.path) for entree in PAGES.menu_public()],
        "mode_demo": settings.DEMO,
    }
