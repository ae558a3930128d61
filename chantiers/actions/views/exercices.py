"""Which exercice a page is about."""

from django.http import Http404, HttpRequest

from demarche.gouvernance.models import Exercice
from demarche.gouvernance.queries.demarche import exercice_choisi


def exercice_de(request: HttpRequest) -> Exercice:
    """Return the exercice asked for by `?exercice=`, else the current one; 404 when the démarche has none yet."""
    exercice = exercice_choisi(request.GET.get("exercice"))
    if exercice is None:
        raise Http404
    return exercice
