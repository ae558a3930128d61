"""The receipt of a form, the same on every page of this app: parse, one verb, a word, and on to the next page."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from demarche.erreurs import ErreurMetier
from demarche.models import Exercice
from demarche.queries import exercice_courant
from demarche.services.jetons import une_seule_fois

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


def recevoir(
    request: HttpRequest,
    form: forms.BaseForm,
    enregistrer: Callable[[], str],
    *,
    message: str,
    version: Callable[[], int] | None = None,
) -> HttpResponse | None:
    """Run the verb of a valid form and return the redirect to the address it gives; None to show the form.

    A form with a `jeton` makes one record however many times it is received. After a conflict the form carries the
    version of the row as it now stands, so that the person who has compared may save.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    jeton = form.cleaned_data.get("jeton")
    try:
        adresse, fait = une_seule_fois(jeton, enregistrer) if jeton else (enregistrer(), True)
    except ErreurMetier as erreur:
        form.add_error(None, erreur)
        if version is not None and getattr(erreur, "code", "") == "conflit":
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["version"] = str(version())  # type: ignore[index]
        return None
    if fait:
        messages.success(request, message)
    return redirect(adresse)


def agir(request: HttpRequest, verbe: Callable[[], object], *, message: str) -> bool:
    """Run a verb that has no form of its own, say what came of it, and return whether it was done."""
    try:
        verbe()
    except ErreurMetier as erreur:
        for phrase in erreur.messages:
            messages.error(request, phrase)
        return False
    messages.success(request, message)
    return True
