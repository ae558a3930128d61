"""Budget lines, the requests they plan, and allocation rules."""

from collections.abc import Sequence

from django.db import transaction

from chantiers.actions.models import ActionCollective
from chantiers.actions.services.lignes import enregistrer_lot
from chantiers.budget.enums import NatureLigne
from chantiers.budget.models import LigneBudgetaire
from chantiers.demandes.enums import SANS_SUITE
from chantiers.demandes.models import DemandeFonds
from chantiers.demandes.queries.redaction import verifier_ligne
from chantiers.demandes.services.demandes import verrouiller_demande
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.services.exercices import exiger_exercice_ouvert
from demarche.socle.concurrence import verifier_empreinte
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.ecriture import signer

REEL_CALCULE = (
    "Des demandes sont reliées à « {} » : son montant réel est la somme de leurs paiements. Videz la case, ou reliez "
    "d’abord ces demandes à une autre ligne."
)


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

    Errors: ErreurMetier when the exercice is closed (R10) or somebody saved since, for money of a bailleur without
            its manager, for a real amount typed on a line that requests pay, or such a line taken away.
    """
    if action_collective is not None:
        ActionCollective.objects.select_for_update(of=("self",)).get(pk=action_collective.pk)
    else:
        Exercice.objects.select_for_update(of=("self",)).get(pk=exercice.pk)
    exiger_exercice_ouvert(exercice)
    actuelles = LigneBudgetaire.objects.filter(exercice=exercice, action_collective=action_collective)
    verifier_empreinte(actuelles, empreinte)
    _verifier_lignes_reliees(lignes, retirees)
    for ligne in lignes:
        ligne.exercice, ligne.action_collective = exercice, action_collective
    return enregistrer_lot(lignes, retirees, auteur=auteur)


def _verifier_lignes_reliees(lignes: Sequence[LigneBudgetaire], retirees: Sequence[LigneBudgetaire]) -> None:
    reliees = set(
        DemandeFonds.objects.filter(ligne_budgetaire__in=[ligne.pk for ligne in (*lignes, *retirees) if ligne.pk])
        .exclude(etat__in=SANS_SUITE)
        .values_list("ligne_budgetaire", flat=True)
    )
    for ligne in lignes:
        if ligne.pk in reliees and ligne.montant_reel is not None:
            raise ErreurMetier(REEL_CALCULE.format(ligne))
        if ligne.pk in reliees and ligne.nature != NatureLigne.DEPENSE:
            raise ErreurMetier(f"Des demandes sont reliées à « {ligne} » : elle reste une dépense.")
    for ligne in retirees:
        if DemandeFonds.objects.filter(ligne_budgetaire=ligne).exists():
            raise ErreurMetier(f"Des demandes sont reliées à « {ligne} » : reliez-les d’abord à une autre ligne.")


@transaction.atomic
def rattacher_demande(demande_pk: int, *, ligne: LigneBudgetaire | None, auteur: Utilisateur) -> DemandeFonds:
    """Tie one request, at any step, to the planned expense that it pays, or to none; idempotent.

    Errors: ErreurMetier, beside the field, when the line is of another action or exercice, is a revenue, or has a real
            amount typed (the same expense would count twice); when the exercice is closed (R10).
    """
    demande = verrouiller_demande(demande_pk)
    if demande.ligne_budgetaire_id == (ligne.pk if ligne else None):
        return demande
    exiger_exercice_ouvert(demande.exercice)
    if ligne is not None:
        ligne = LigneBudgetaire.objects.select_for_update(of=("self",)).get(pk=ligne.pk)
        verifier_ligne(ligne, demande.action_collective, demande.exercice)
    demande.ligne_budgetaire = ligne
    demande.version += 1
    signer(demande, auteur, f"Reliée à la ligne « {ligne} »" if ligne else "Reliée à aucune ligne du budget").save()
    return demande
