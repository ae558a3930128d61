"""The evaluation plan and its moments, written together."""

from collections.abc import Sequence

from django.db import transaction

from demarche.comptes.models import Utilisateur
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.ecriture import enregistrer, supprimer
from evaluation.plan.models import MomentEvaluation, PlanEvaluation


@transaction.atomic
def enregistrer_plan_evaluation(
    plan: PlanEvaluation,
    *,
    auteur: Utilisateur,
    moments: Sequence[MomentEvaluation],
    a_retirer: Sequence[MomentEvaluation] = (),
) -> PlanEvaluation:
    """Save an evaluation plan with its moments, all or nothing.

    Errors: ErreurMetier when a moment ends before it starts or falls outside the plan.
    """
    enregistrer(plan, auteur=auteur)
    for moment in a_retirer:
        supprimer(moment, auteur=auteur)
    for moment in moments:
        if moment.collecte_du < plan.debut or moment.collecte_au > plan.fin:
            raise ErreurMetier(f"«\u00a0{moment.dimension}\u00a0» tombe en dehors des dates du plan.")
        moment.plan = plan
        enregistrer(moment, auteur=auteur)
    return plan
