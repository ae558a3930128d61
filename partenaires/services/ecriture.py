"""How every service of this app writes one row: checked, signed, and refused in French."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from demarche.erreurs import ErreurMetier
from demarche.models import Utilisateur


def enregistrer(objet: models.Model, *, auteur: Utilisateur | None, raison: str = "") -> None:
    """Validate one tracked row with its constraints, then save it with its author and reason in the history.

    Errors: ErreurMetier with the French message of the field or of the constraint, also when another process
            wrote the conflicting row a moment ago.
    """
    objet._history_user = auteur  # type: ignore[attr-defined]
    objet._change_reason = raison or None  # type: ignore[attr-defined]
    try:
        objet.full_clean()
        with transaction.atomic():
            objet.save()
    except ValidationError as erreur:
        raise ErreurMetier(erreur.messages) from erreur
    except IntegrityError as erreur:
        raise ErreurMetier(
            "Quelqu’un vient d’enregistrer la même chose. Rechargez la page pour voir où en est la fiche."
        ) from erreur


def supprimer(objet: models.Model, *, auteur: Utilisateur, raison: str = "") -> None:
    """Delete one tracked row, with its author and reason in the history."""
    objet._history_user = auteur  # type: ignore[attr-defined]
    objet._change_reason = raison or None  # type: ignore[attr-defined]
    objet.delete()
