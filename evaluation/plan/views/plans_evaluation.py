"""The evaluation plan: its drawn calendar, its moments."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from demarche.comptes.permissions import exiger
from demarche.comptes.views.acces import auteur_de
from demarche.socle.views.formulaires import save_form
from evaluation.plan import permissions
from evaluation.plan.forms.plans_evaluation import MomentFormSet, PlanEvaluationForm, moments_remplis, moments_retires
from evaluation.plan.models import PlanEvaluation
from evaluation.plan.queries.evaluations import calendriers
from evaluation.plan.services.plans_evaluation import enregistrer_plan_evaluation
from evaluation.plan.views.formulaires import Etapes


@require_safe
def plan_evaluation(request: HttpRequest) -> HttpResponse:
    """Show each evaluation plan as a calendar and as a table."""
    exiger(permissions.peut_voir_plan(request.user))
    contexte = {"calendriers": calendriers(), "peut_modifier": permissions.peut_modifier_plan(request.user)}
    return render(request, "plan/plan_evaluation.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_evaluation_creer(request: HttpRequest) -> HttpResponse:
    """Start an evaluation plan."""
    return _editer(request, PlanEvaluation(), "Nouveau plan d’évaluation")


@require_http_methods(["GET", "HEAD", "POST"])
def plan_evaluation_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an evaluation plan and its moments, together."""
    return _editer(request, get_object_or_404(PlanEvaluation, pk=pk), "Modifier le plan d’évaluation")


def _editer(request: HttpRequest, plan: PlanEvaluation, titre: str) -> HttpResponse:
    exiger(permissions.peut_modifier_plan(request.user))
    form = PlanEvaluationForm(request.POST or None, instance=plan)
    moments = MomentFormSet(request.POST or None, instance=plan, prefix="moments")
    retour = reverse("plan:plan_evaluation")

    if request.method != "POST" or moments.is_valid():
        reponse = save_form(
            request,
            form,
            lambda: enregistrer_plan_evaluation(
                form.instance,
                auteur=auteur_de(request),
                moments=moments_remplis(moments),
                a_retirer=moments_retires(moments),
            ),
            to=retour,
            message="Le plan d’évaluation est enregistré.",
        )
        if reponse is not None:
            return reponse
    etapes: Etapes = [("Plan d’évaluation", retour), (titre, "")]
    contexte = {"form": form, "moments": moments, "titre": titre, "etapes": etapes, "retour": retour}
    return render(request, "plan/plan_evaluation_formulaire.html", contexte)
