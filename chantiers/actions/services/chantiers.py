"""Chantiers and their objectives."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from chantiers.actions.models import Chantier, ObjectifChantier
from chantiers.actions.services.lignes import enregistrer_lot
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.services.exercices import exiger_exercice_ouvert
from demarche.socle.concurrence import verifier_empreinte
from demarche.socle.services.ecriture import affecter, ecrire, modifier


@transaction.atomic
def creer_chantier(*, auteur: Utilisateur, donnees: Mapping[str, Any]) -> Chantier:
    """Create one chantier, last in the order.

    Errors: ErreurMetier, by field, when its name is taken.
    """
    dernier = Chantier.objects.order_by("-ordre").first()
    return ecrire(affecter(Chantier(ordre=dernier.ordre + 1 if dernier else 1), donnees), auteur=auteur)


def modifier_chantier(chantier_pk: int, *, version: int, auteur: Utilisateur, donnees: Mapping[str, Any]) -> Chantier:
    """Change one chantier opened at that version.

    Errors: ErreurMetier when somebody saved since.
    """
    return modifier(Chantier, chantier_pk, version=version, donnees=donnees, auteur=auteur)


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

    The number of an objective is its place: those that stay close the ranks, new ones come last.
    Errors: ErreurMetier when the exercice is closed (R10) or somebody saved since.
    """
    chantier = Chantier.objects.select_for_update(of=("self",)).get(pk=chantier_pk)
    exiger_exercice_ouvert(exercice)
    actuels = {objectif.pk: objectif for objectif in chantier.objectifs.filter(exercice=exercice)}
    verifier_empreinte(actuels.values(), empreinte)
    changes = {ligne.pk: ligne for ligne in lignes if ligne.pk}
    otes = {ligne.pk for ligne in retirees}
    gardes = [changes.get(pk, objectif) for pk, objectif in actuels.items() if pk not in otes]
    suite = [*gardes, *(ligne for ligne in lignes if not ligne.pk)]
    a_ecrire = []
    for numero, ligne in enumerate(suite, start=1):
        if ligne.pk in actuels and ligne.pk not in changes and ligne.numero == numero:
            continue
        ligne.chantier, ligne.exercice, ligne.numero = chantier, exercice, numero
        a_ecrire.append(ligne)
    return enregistrer_lot(a_ecrire, retirees, auteur=auteur)
