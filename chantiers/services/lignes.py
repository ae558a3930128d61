"""Several rows of one page saved at once."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db import models

from demarche.concurrence import verrouiller_version
from demarche.models import Utilisateur

M = TypeVar("M", bound=models.Model)


def affecter(objet: M, donnees: Mapping[str, Any]) -> M:
    """Set the fields of one row and check it whole; the caller saves.

    Errors: ValidationError, by field, when the model refuses.
    """
    for champ, valeur in donnees.items():
        setattr(objet, champ, valeur)
    objet.full_clean()
    return objet


def verrouiller_pour(modele: type[M], pk: int, *, version: int, donnees: Mapping[str, Any]) -> tuple[M, bool]:
    """Lock one row about to be changed and return it with whether these values change it.

    The same form received twice (a double click) finds its values already there: no error, no second trace.
    Errors: ErreurMetier when the values change it and somebody saved since that version.
    """
    actuel = modele._default_manager.select_for_update(of=("self",)).get(pk=pk)
    if all(getattr(actuel, champ) == valeur for champ, valeur in donnees.items()):
        return actuel, False
    return verrouiller_version(modele, pk, version), True


def signer(objet: M, auteur: Utilisateur, motif: str = "") -> M:
    """Tell the history who is about to save this row, and why."""
    objet._history_user = auteur  # type: ignore[attr-defined]
    if motif:
        objet._change_reason = motif  # type: ignore[attr-defined]
    return objet


def enregistrer_lot(lignes: Iterable[models.Model], retirees: Iterable[models.Model], *, auteur: Utilisateur) -> int:
    """Check and save these rows, delete those, and return how many changed; the caller holds the parent's lock.

    Deletions go first, so that a number they held can be taken again.
    Errors: ValidationError when the model refuses a row.
    """
    nombre = 0
    for retiree in retirees:
        signer(retiree, auteur).delete()
        nombre += 1
    for ligne in lignes:
        ligne.full_clean()
        signer(ligne, auteur).save()
        nombre += 1
    return nombre
