"""The frame of the strategic plan: remove a plan, an orientation, an objectif or a strategy."""

from django.db import transaction

from demarche.comptes.models import Utilisateur
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.ecriture import supprimer
from evaluation.plan.models import Objectif, Orientation, PlanStrategique, Strategie

ElementPlan = PlanStrategique | Orientation | Objectif | Strategie


def ce_qui_retient(element: ElementPlan) -> list[str]:
    """Return why this element cannot be removed: what still hangs from it."""
    dependances: list[tuple[bool, str]]
    if isinstance(element, PlanStrategique):
        dependances = [(element.orientations.exists(), "Retirez d’abord ses orientations.")]
    elif isinstance(element, Orientation):
        dependances = [(element.objectifs.exists(), "Retirez d’abord ses objectifs.")]
    elif isinstance(element, Objectif):
        dependances = [(element.strategies.exists(), "Retirez d’abord ses stratégies.")]
    else:
        dependances = [
            (element.cibles.exists(), "Cette stratégie a des cibles, cet exercice ou un autre."),
            (element.effets.exists(), "Les effets de cette stratégie ont été notés."),
            (element.contributions.exists(), "Des actions collectives servent cette stratégie."),
        ]
    return [phrase for retient, phrase in dependances if retient]


@transaction.atomic
def supprimer_element(element: ElementPlan, *, auteur: Utilisateur) -> None:
    """Remove one element of the plan that nothing hangs from; what was said of a year is never lost with it.

    Errors: ErreurMetier with what retains it.
    """
    if manques := ce_qui_retient(element):
        raise ErreurMetier(manques)
    supprimer(element, auteur=auteur)
