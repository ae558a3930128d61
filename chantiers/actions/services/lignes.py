"""Several rows of one page saved at once."""

from collections.abc import Iterable

from django.db import models

from demarche.comptes.models import Utilisateur
from demarche.socle.services.ecriture import affecter, ecrire, supprimer


def enregistrer_lot(lignes: Iterable[models.Model], retirees: Iterable[models.Model], *, auteur: Utilisateur) -> int:
    """Check and save these rows, delete those, and return how many changed; the caller holds the parent's lock.

    Deletions go first, so that a number they held can be taken again.
    Errors: ErreurMetier, by field, when the model refuses a row.
    """
    nombre = 0
    for retiree in retirees:
        supprimer(retiree, auteur=auteur)
        nombre += 1
    for ligne in lignes:
        ecrire(affecter(ligne, {}), auteur=auteur)
        nombre += 1
    return nombre
