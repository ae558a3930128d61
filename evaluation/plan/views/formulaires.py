"""What the pages of the plan share: the exercice that the address asks for, the form of one row."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from demarche.gouvernance.models import Exercice
from demarche.gouvernance.queries.demarche import exercice_courant
from demarche.socle.views.formulaires import save_form

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


def editer_element(
    request: HttpRequest,
    form: forms.BaseForm,
    verb: Callable[[], Any],
    *,
    message: str,
    to: Any = None,
    version: Callable[[], int] | None = None,
    **contexte: Any,
) -> HttpResponse:
    """Receive the form of one row and redirect, else show it.

    `contexte` is what the template reads: titre, etapes, retour; maybe surtitre, rappel, supprimer_url.
    """
    reponse = save_form(request, form, verb, to=to, message=message, version=version)
    return reponse or render(request, "plan/element_formulaire.html", {"form": form, **contexte})
