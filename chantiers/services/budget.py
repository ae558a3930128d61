"""Budget lines, envelopes, allocation rules."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from chantiers.models import ActionCollective, Enveloppe, LigneBudgetaire, RegleAllocation
from demarche.concurrence import verifier_empreinte, verrouiller_pour
from demarche.erreurs import ErreurMetier
from demarche.models import Exercice, Utilisateur
from demarche.montants import ecrire_dollars
from demarche.services.ecriture import affecter, ecrire
from demarche.services.exercices import exiger_exercice_ouvert

from .lignes import enregistrer_lot


@transaction.atomic
def enregistrer_budget(
    action_collective: ActionCollective | None,
    *,
    exercice: Exercice,
    empreinte: str,
    lignes: Sequence[LigneBudgetaire],
    retirees: Sequence[LigneBudgetaire],
    auteur: Utilisateur,
) -> int:
    """Save the budget of one action (None: of the démarche itself) for one exercice, and return how many rows changed.

    Errors: ErreurMetier when the exercice is closed (R10) or somebody saved since, or for money of a bailleur without
            its manager.
    """
    if action_collective is None:
        Exercice.objects.select_for_update(of=("self",)).get(pk=exercice.pk)
    else:
        ActionCollective.objects.select_for_update(of=("self",)).get(pk=action_collective.pk)
    exiger_exercice_ouvert(exercice)
    actuelles = LigneBudgetaire.objects.filter(exercice=exercice, action_collective=action_collective)
    verifier_empreinte(actuelles, empreinte)
    for ligne in lignes:
        ligne.exercice, ligne.action_collective = exercice, action_collective
    return enregistrer_lot(lignes, retirees, auteur=auteur)


@transaction.atomic
def creer_enveloppe(*, auteur: Utilisateur, donnees: Mapping[str, Any]) -> Enveloppe:
    """Create one envelope.

    Errors: ErreurMetier, by field, when its name is taken or its period runs backwards.
    """
    return ecrire(affecter(Enveloppe(), donnees), auteur=auteur)


@transaction.atomic
def modifier_enveloppe(
    enveloppe_pk: int, *, version: int, auteur: Utilisateur, donnees: Mapping[str, Any]
) -> Enveloppe:
    """Change one envelope opened at that version.

    Errors: ErreurMetier when somebody saved since, or when its amount would fall under what is committed (R8).
    """
    enveloppe, change = verrouiller_pour(Enveloppe, enveloppe_pk, version=version, donnees=donnees)
    if not change:
        return enveloppe
    if donnees.get("montant", enveloppe.montant) < enveloppe.montant_engage:
        raise ErreurMetier(
            {
                "montant": f"{ecrire_dollars(enveloppe.montant_engage)} de cette enveloppe sont déjà accordés ou "
                "réservés : le montant ne peut pas descendre plus bas."
            },
            code="engage",
        )
    affecter(enveloppe, donnees)
    enveloppe.version += 1
    return ecrire(enveloppe, auteur=auteur)


@transaction.atomic
def ajouter_regle(*, auteur: Utilisateur, donnees: Mapping[str, Any]) -> RegleAllocation:
    """Add the thresholds in force from a day on; a request keeps the rule of the day it was submitted (R1).

    Errors: ErreurMetier, by field, when a rule already starts that day, or when the thresholds do not grow.
    """
    return ecrire(affecter(RegleAllocation(), donnees), auteur=auteur)
