"""Two tabs on the same object: the second is told, nothing is overwritten silently."""

from typing import TypeVar

from django import forms
from django.db import models

from .erreurs import ErreurMetier

M = TypeVar("M", bound=models.Model)

MESSAGE_CONFLIT = (
    "Quelqu’un a modifié cette fiche pendant que vous l’aviez ouverte. Rien n’a été écrasé : votre saisie est encore "
    "ci-dessous. Ouvrez la fiche dans un autre onglet, comparez, puis enregistrez de nouveau."
)


class VersionField(forms.IntegerField):
    """Hidden field that carries the version a form was opened on."""

    widget = forms.HiddenInput


def verrouiller_version(modele: type[M], pk: int, version: int) -> M:
    """Lock one row and return it, provided it is still at that version.

    The caller adds one to `version` when it saves.
    Errors: ErreurMetier when somebody saved since; the row must exist.
    """
    objet = modele._default_manager.select_for_update(of=("self",)).get(pk=pk)
    if objet.version != version:  # type: ignore[attr-defined]
        raise ErreurMetier(MESSAGE_CONFLIT, code="conflit")
    return objet
