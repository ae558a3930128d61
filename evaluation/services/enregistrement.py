"""One way to write a row of this app: whole, checked, with its author, and only when something changed."""

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from demarche.erreurs import ErreurMetier
from demarche.models import Utilisateur

M = TypeVar("M", bound=models.Model)


def a_change(objet: models.Model) -> bool:
    """True when the row is new or differs from what the database holds."""
    champs = [champ.attname for champ in objet._meta.concrete_fields]
    enregistre = type(objet)._default_manager.filter(pk=objet.pk).values(*champs).first() if objet.pk else None
    return enregistre is None or any(enregistre[champ] != getattr(objet, champ) for champ in champs)


def enregistrer(objet: M, *, auteur: Utilisateur | None, motif: str = "") -> M:
    """Check the whole row, save it if it changed, and return it.

    Errors: ErreurMetier with the sentence of the field or of the constraint that refuses, even when another
            process took the same number an instant before.
    """
    try:
        objet.full_clean()
    except ValidationError as erreur:
        raise ErreurMetier(erreur.messages) from erreur
    if not a_change(objet):
        return objet
    objet._history_user = auteur  # type: ignore[attr-defined]
    if motif:
        objet._change_reason = motif  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            objet.save()
    except IntegrityError as erreur:
        raise ErreurMetier(
            "Quelqu’un vient d’enregistrer la même chose. Rechargez la page, puis vérifiez avant de recommencer."
        ) from erreur
    return objet


def supprimer(objet: models.Model, *, auteur: Utilisateur | None) -> None:
    """Delete one row, with its author in the history."""
    objet._history_user = auteur  # type: ignore[attr-defined]
    objet.delete()
