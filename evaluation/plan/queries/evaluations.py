"""Evaluation plans, drawn by months."""

from dataclasses import dataclass

from django.db.models import Prefetch

from demarche.socle.templatetags.formats import date_longue
from evaluation.plan.graphiques import Moment, graphique_calendrier
from evaluation.plan.models import MomentEvaluation, PlanEvaluation


@dataclass(frozen=True)
class CalendrierEvaluation:
    """One evaluation plan with its moments in order and its drawing."""

    plan: PlanEvaluation
    moments: tuple[MomentEvaluation, ...]
    svg: str  # empty without moments
    titre: str


def calendriers() -> tuple[CalendrierEvaluation, ...]:
    """Return each evaluation plan, the latest first, with its calendar; two queries."""
    moments = MomentEvaluation.objects.select_related("instance_gouvernance").order_by("collecte_du", "pk")
    plans = PlanEvaluation.objects.prefetch_related(Prefetch("moments", queryset=moments))
    return tuple(calendrier(plan) for plan in plans)


def calendrier(plan: PlanEvaluation) -> CalendrierEvaluation:
    """Return the calendar of one plan: a line a dimension and instance, a bar a moment."""
    moments = tuple(plan.moments.all())
    titre = f"{plan.titre} : collectes du {date_longue(plan.debut)} au {date_longue(plan.fin)}".replace(
        " :", "\u00a0:"
    )
    barres = [Moment(_libelle(moment), moment.collecte_du, moment.collecte_au) for moment in moments]
    svg = graphique_calendrier(titre, barres, debut=plan.debut, fin=plan.fin) if barres else ""
    return CalendrierEvaluation(plan, moments, svg, titre)


def _libelle(moment: MomentEvaluation) -> str:
    instance = moment.instance_gouvernance
    return f"{moment.dimension} ({instance})" if instance else moment.dimension
