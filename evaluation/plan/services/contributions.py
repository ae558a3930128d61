"""Which strategies a collective action serves."""

from collections.abc import Collection

from django.db import transaction

from chantiers.actions.models import ActionCollective
from demarche.comptes.models import Utilisateur
from demarche.socle.services.ecriture import enregistrer, supprimer
from evaluation.plan.models import Contribution, Strategie


@transaction.atomic
def choisir_strategies(
    action_collective: ActionCollective, *, auteur: Utilisateur, strategies: Collection[Strategie], parmi: set[int]
) -> None:
    """Have an action serve exactly these strategies, among those that the page offered (`parmi`, their keys).

    Guarantees: a link to a strategy of another plan, that the page did not show, stays; done twice, nothing changes.
    """
    ActionCollective.objects.select_for_update(of=("self",)).get(pk=action_collective.pk)
    actuelles = {
        contribution.strategie_id: contribution
        for contribution in Contribution.objects.filter(action_collective=action_collective, strategie__in=parmi)
    }
    voulues = {strategie.pk: strategie for strategie in strategies if strategie.pk in parmi}
    for cle, contribution in actuelles.items():
        if cle not in voulues:
            supprimer(contribution, auteur=auteur)
    for cle, strategie in voulues.items():
        if cle not in actuelles:
            enregistrer(Contribution(strategie=strategie, action_collective=action_collective), auteur=auteur)
