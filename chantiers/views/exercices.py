"""Which exercice a page is about."""

from django.http import Http404, HttpRequest

from demarche.models import Exercice, Utilisateur
from demarche.queries import exercice_choisi


def exercice_de(request: HttpRequest) -> Exercice:
    """Return the exercice asked for by `?exercice=`, else the current one; 404 when the démarche has none yet."""
    exercice = exercice_choisi(request.GET.get("exercice"))
    if exercice is None:
        raise Http404
    return exercice


def auteur_de(request: HttpRequest) -> Utilisateur:
    """Return the account that writes; the middleware and the permission let nobody else come this far."""
    assert isinstance(request.user, Utilisateur)  # noqa: S101 - for the type checker
    return request.user
