"""The receipt of a form, the same on every page: parse, one verb, a word, and on to the next page."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, resolve_url

from demarche.socle.concurrence import VersionField
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.jetons import JetonField, adresse_deja_recue, une_seule_fois

R = TypeVar("R")


def donnees_de(form: forms.BaseForm) -> dict[str, Any]:
    """Return the clean values of a form without the hidden fields that only receive it."""
    return {
        nom: valeur
        for nom, valeur in form.cleaned_data.items()
        if not isinstance(form.fields[nom], JetonField | VersionField)
    }


def show_refusal(form: forms.BaseForm, erreur: ValidationError, **actuels: Any) -> None:
    """Show on a form why the service refused, and keep what was typed.

    `actuels` are the present values of the hidden fields (version, empreinte), so that the person may save again.
    """
    if hasattr(erreur, "error_dict"):
        for champ, liste in erreur.error_dict.items():
            form.add_error(champ if champ in form.fields else None, liste)
    else:
        form.add_error(None, erreur)
    if actuels:
        donnees = cast(QueryDict, form.data).copy()
        for champ, valeur in actuels.items():
            donnees[form.add_prefix(champ)] = str(valeur)
        form.data = donnees


def save_form(
    request: HttpRequest,
    form: forms.BaseForm,
    verb: Callable[[], R],
    *,
    message: str | Callable[[R], str],
    to: Any = None,
    version: Callable[[], int | str] | None = None,
) -> HttpResponseRedirect | None:
    """Run the verb of a valid form and redirect to what it saved; return None to show the page.

    The redirect leads to `to` (an address, a row, or a function of what was saved), else to what the verb returns.
    A form with a `jeton` makes one record however many times it is received, even when the first reception made the
    second invalid (a name now taken). After a refusal the form carries the `version` of the row as it now stands, so
    that the person who has compared may save.
    """
    if request.method != "POST":
        return None
    if not form.is_valid():
        deja = adresse_deja_recue(request.POST.get(form.add_prefix("jeton")))
        return redirect(deja) if deja else None
    jeton = form.cleaned_data.get("jeton")
    enregistres: list[R] = []

    def enregistrer() -> str:
        saved = verb()
        enregistres.append(saved)
        where: Any = to(saved) if callable(to) else to or saved
        return resolve_url(where)

    try:
        adresse = une_seule_fois(jeton, enregistrer) if jeton else enregistrer()
    except ValidationError as erreur:
        show_refusal(form, erreur, **({"version": version()} if version else {}))
        return None
    if enregistres:  # empty when the same form was received before
        messages.success(request, message(enregistres[0]) if callable(message) else message)
    return redirect(adresse)


def run_verb(request: HttpRequest, verb: Callable[[], R], *, message: str | Callable[[R], str]) -> bool:
    """Run a verb without form, show its message or its refusal, and return whether it was done."""
    try:
        done = verb()
    except ErreurMetier as erreur:
        for phrase in erreur.messages:
            messages.error(request, phrase)
        return False
    messages.success(request, message(done) if callable(message) else message)
    return True
