"""Home pages: the public one and « Mon espace »."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from demarche.comptes.permissions import peut_gerer_reglages
from demarche.comptes.protocoles import PAGES
from demarche.comptes.views.acces import auteur_de, personne_connectee
from demarche.gouvernance.queries.demarche import etapes_installation, la_demarche


@login_not_required
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """Show the public home: the mission, what the rooms above offer; or the first steps."""
    if la_demarche() is None:
        visiteur = personne_connectee(request)
        gere = peut_gerer_reglages(visiteur)
        etapes = etapes_installation(visiteur) if visiteur and gere else []
        return render(request, "gouvernance/premiers_pas.html", {"etapes": etapes, "gere": gere})
    contexte = {"cartes": PAGES.cartes_de("accueil", None), "cote": PAGES.cartes_de("accueil.cote", None)}
    return render(request, "gouvernance/accueil.html", contexte)


@require_safe
def espace(request: HttpRequest) -> HttpResponse:
    """Show « Mon espace »: what waits for this person first, then what moves."""
    utilisateur = auteur_de(request)
    etapes = etapes_installation(utilisateur) if peut_gerer_reglages(utilisateur) else []
    contexte = {
        "attentes": PAGES.attentes_de(utilisateur),
        "cartes": PAGES.cartes_de("espace", utilisateur),
        "etapes": etapes if not all(etape.est_faite for etape in etapes) else [],
    }
    return render(request, "gouvernance/espace.html", contexte)
