"""One way to write a row: checked whole, signed, only when something changed, refused in French."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from demarche.socle.concurrence import verrouiller_pour
from demarche.socle.erreurs import ErreurMetier

M = TypeVar("M", bound=models.Model)


def signer(objet: M, auteur: AbstractBaseUser | None, motif: str = "") -> M:
    """Tell the history who is about to write this row, and why; None when nobody in particular does."""
    objet._history_user = auteur  # type: ignore[attr-defined]
    objet._change_reason = motif or None  # type: ignore[attr-defined]
    return objet


def affecter(objet: M, donnees: Mapping[str, Any]) -> M:
    """Set the fields of one row and check it whole; the caller saves.

    Errors: ErreurMetier, by field, when the model refuses.
    """
    for champ, valeur in donnees.items():
        setattr(objet, champ, valeur)
    try:
        objet.full_clean()
    except ValidationError as erreur:
        raise ErreurMetier(erreur.error_dict) from erreur
    return objet


def a_change(objet: models.Model) -> bool:
    """True when the row is new or differs from what the database holds."""
    champs = [champ.attname for champ in objet._meta.concrete_fields]
    enregistre = type(objet)._default_manager.filter(pk=objet.pk).values(*champs).first() if objet.pk else None
    return enregistre is None or any(enregistre[champ] != getattr(objet, champ) for champ in champs)


def ecrire(objet: M, *, auteur: AbstractBaseUser | None, motif: str = "") -> M:
    """Save a row already checked, with its author and reason in the history.

    Errors: ErreurMetier when another process wrote the conflicting row an instant before.
    """
    try:
        with transaction.atomic():
            signer(objet, auteur, motif).save()
    except IntegrityError as erreur:
        raise ErreurMetier(
            "Quelqu’un vient d’enregistrer la même chose. Rechargez la page, puis vérifiez avant de recommencer."
        ) from erreur
    return objet


def enregistrer(objet: M, *, auteur: AbstractBaseUser | None, motif: str = "") -> M:
    """Check the whole row, save it if it changed, and return it.

    Errors: ErreurMetier with the sentence of the field or of the constraint that refuses, even when another
            process took the same number an instant before.
    """
    try:
        objet.full_clean()
    except ValidationError as erreur:
        raise ErreurMetier(erreur.messages) from erreur
    return ecrire(objet, auteur=auteur, motif=motif) if a_change(objet) else objet


@transaction.atomic
def modifier(
    modele: type[M], pk: int, *, version: int, donnees: Mapping[str, Any], auteur: AbstractBaseUser, motif: str = ""
) -> M:
    """Write these values on one row opened at that version, and return the row as it is now.

    The same form received twice (a double click), or without change, leaves no trace and is not an error.
    Errors: ErreurMetier when somebody else saved since, or, by field, when the row refuses the values.
    """
    objet, change = verrouiller_pour(modele, pk, version=version, donnees=donnees)
    if not change:
        return objet
    objet.version += 1  # type: ignore[attr-defined]
    return ecrire(affecter(objet, donnees), auteur=auteur, motif=motif)


def supprimer(objet: models.Model, *, auteur: AbstractBaseUser | None, motif: str = "") -> None:
    """Delete one row, with its author and reason in the history."""
    signer(objet, auteur, motif).delete()
