"""Two tabs on the same object: the second to save is refused, and nothing is overwritten."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django import forms
from django.db import models

from demarche.socle.erreurs import ErreurMetier

M = TypeVar("M", bound=models.Model)

MESSAGE_CONFLIT = (
    "Quelqu’un a modifié cette fiche pendant que vous l’aviez ouverte. Rien n’a été écrasé : votre saisie est encore "
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
    return verrouiller_pour(modele, pk, version=version, donnees=None)[0]


def verrouiller_pour(modele: type[M], pk: int, *, version: int, donnees: Mapping[str, Any] | None) -> tuple[M, bool]:
    """Lock one row about to be changed and return it with whether these values change it.

    The same form received twice (a double click) finds its values already there: no error, no second trace.
    Errors: ErreurMetier when somebody saved since that version and the values differ (None: always).
    """
    actuel = modele._default_manager.select_for_update(of=("self",)).get(pk=pk)
    if donnees is not None and all(getattr(actuel, champ) == valeur for champ, valeur in donnees.items()):
        return actuel, False
    if actuel.version != version:  # type: ignore[attr-defined]
        raise ErreurMetier(MESSAGE_CONFLIT, code="conflit")
    return actuel, True


class EmpreinteField(forms.CharField):
    """Hidden field that carries what the rows of a page were when it was opened."""

    widget = forms.HiddenInput


def empreinte(lignes: Iterable[models.Model]) -> str:
    """Return a short text that changes as soon as one of these rows does: the version of a page of several rows."""
    valeurs = sorted(
        (ligne.pk, [str(getattr(ligne, champ.attname)) for champ in ligne._meta.concrete_fields]) for ligne in lignes
    )
    return hashlib.sha256(repr(valeurs).encode()).hexdigest()[:32]


def verifier_empreinte(lignes: Iterable[models.Model], attendue: str) -> None:
    """Refuse when the rows are no longer what the page showed; the caller holds the lock of their parent.

    Errors: ErreurMetier when somebody saved since.
    """
    if empreinte(lignes) != attendue:
        raise ErreurMetier(MESSAGE_CONFLIT, code="conflit")
