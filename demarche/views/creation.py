"""A creation form received: one record whatever the clicks, errors beside the fields."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect

from demarche.services.jetons import adresse_deja_recue, une_seule_fois


def sans_jeton(donnees: dict[str, Any]) -> dict[str, Any]:
    """Return the clean values of a form without its token."""
    return {nom: valeur for nom, valeur in donnees.items() if nom != "jeton"}


def creer_une_fois(
    request: HttpRequest, form: forms.BaseForm, creer: Callable[[], str], *, succes: str
) -> HttpResponseRedirect | None:
    """Run `creer` once for the token of a valid form and lead to the address it returns.

    Return None when the page is to be shown, for the first time or again with its errors.
    """
    if request.method != "POST":
        return None
    if not form.is_valid():
        deja = adresse_deja_recue(request.POST.get(form.add_prefix("jeton")))
        return redirect(deja) if deja else None
    try:
        adresse, nouveau = une_seule_fois(form.cleaned_data["jeton"], creer)
    except ValidationError as erreur:
        form.add_error(None, erreur)
        return None
    if nouveau:
        messages.success(request, succes)
    return redirect(adresse)
