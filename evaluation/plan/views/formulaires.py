"""What the pages of this app ask of the request: the exercice; and the steps that lead to a form."""

from django.http import Http404, HttpRequest

from demarche.gouvernance.models import Exercice
from demarche.gouvernance.queries.demarche import exercice_courant

Etapes = list[tuple[str, str]]


def exercice_de(request: HttpRequest) -> Exercice | None:
    """Return the exercice of the page (`?exercice=2023-2024`), else the current one; 404 for an unknown code."""
    code = request.GET.get("exercice")
    if not code:
        return exercice_courant()
    exercice = Exercice.objects.filter(code=code).first()
    if exercice is None:
        raise Http404("exercice inconnu")
    return exercice


def exercice_exige(request: HttpRequest) -> Exercice:
    """Return the exercice of the page; 404 when there is none yet."""
    exercice = exercice_de(request)
    if exercice is None:
        raise Http404("aucun exercice")
    return exercice
