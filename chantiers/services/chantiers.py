"""Chantiers and their objectives."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from chantiers.models import Chantier, ObjectifChantier
from demarche.concurrence import verifier_empreinte
from demarche.models import Exercice, Utilisateur

from .exercices import exiger_exercice_ouvert
from .lignes import affecter, enregistrer_lot, signer, verrouiller_pour


@transaction.atomic
def creer_chantier(*, auteur: Utilisateur, donnees: Mapping[str, Any]) -> Chantier:
    """Create one chantier, last in the order.

    Errors: ValidationError when its name is taken.
    """
    dernier = Chantier.objects.order_by("-ordre").first()
    chantier = affecter(Chantier(ordre=dernier.ordre + 1 if dernier else 1), donnees)
    signer(chantier, auteur).save()
    return chantier


@transaction.atomic
def modifier_chantier(chantier_pk: int, *, version: int, auteur: Utilisateur, donnees: Mapping[str, Any]) -> Chantier:
    """Change one chantier opened at that version.

    Errors: ErreurMetier when somebody saved since.
    """
    chantier, change = verrouiller_pour(Chantier, chantier_pk, version=version, donnees=donnees)
    if not change:
        return chantier
    affecter(chantier, donnees)
    chantier.version += 1
    signer(chantier, auteur).save()
    return chantier


@transaction.atomic
def enregistrer_objectifs(
    chantier_pk: int,
    *,
    exercice: Exercice,
    empreinte: str,
    lignes: Sequence[ObjectifChantier],
    retirees: Sequence[ObjectifChantier],
    auteur: Utilisateur,
) -> int:
    """Save the objectives of one chantier for one exercice, all at once, and return how many rows changed.

    Errors: ErreurMetier when the exercice is closed or somebody saved since; ValidationError for a number taken.
    """
    chantier = Chantier.objects.select_for_update(of=("self",)).get(pk=chantier_pk)
    exiger_exercice_ouvert(exercice)
    verifier_empreinte(chantier.objectifs.filter(exercice=exercice), empreinte)
    for ligne in lignes:
        ligne.chantier, ligne.exercice = chantier, exercice
    return enregistrer_lot(lignes, retirees, auteur=auteur)
