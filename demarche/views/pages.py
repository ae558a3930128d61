"""Home pages: the public one and « Mon espace »."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from demarche.models import Utilisateur
from demarche.registre import registre


def personne_connectee(request: HttpRequest) -> Utilisateur | None:
    """Return the account signed in, or None."""
    return request.user if isinstance(request.user, Utilisateur) else None


@login_not_required
def accueil(request: HttpRequest) -> HttpResponse:
    """Show the public home: the mission, and what the apps above offer."""
    return render(request, "demarche/accueil.html", {"cartes": registre.cartes_de("accueil", None)})


def espace(request: HttpRequest) -> HttpResponse:
    """Show « Mon espace »: what waits for this person first, then what moves."""
    utilisateur = personne_connectee(request)
    assert utilisateur is not None  # noqa: S101 - the middleware lets nobody else in
    contexte = {
        "attentes": registre.attentes_de(utilisateur),
        "cartes": registre.cartes_de("espace", utilisateur),
    }
    return render(request, "demarche/espace.html", contexte)
