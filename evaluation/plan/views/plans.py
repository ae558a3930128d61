"""The strategic plan: the page of the exercice, and its frame."""

from typing import Any

from django import forms
from django.db.models import Model, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from demarche.comptes.permissions import exiger
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.models import Exercice
from demarche.socle.services.ecriture import enregistrer
from demarche.socle.views.formulaires import run_verb
from evaluation.plan import permissions
from evaluation.plan.forms.plans import ObjectifForm, OrientationForm, PlanForm, StrategieForm
from evaluation.plan.models import Objectif, Orientation, PlanStrategique, Strategie
from evaluation.plan.queries.plans import compte_statuts, filtrer_synthese, plan_de, synthese
from evaluation.plan.services.plans import ElementPlan, supprimer_element
from evaluation.plan.views.formulaires import editer_element, exercice_de

FILTRES = [("a_statuer", "À statuer (en cours)"), ("sans_preuve", "Sans preuve")]


@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """Show the plan of the exercice: strategies, targets, where each stands."""
    exiger(permissions.peut_voir_plan(request.user))
    exercice = exercice_de(request)
    if exercice is None:
        return render(request, "plan/plan_vide.html", {"exercice": None, "plan": None, "peut_modifier": False})
    plan_en_vigueur = plan_de(exercice)
    lignes = synthese(exercice)
    statut, attention = request.GET.get("statut", ""), request.GET.get("attention", "")
    contexte = {
        "exercice": exercice,
        "exercices": Exercice.objects.all(),
        "plan": plan_en_vigueur,
        "comptes": compte_statuts(exercice),
        "lignes": filtrer_synthese(lignes, statut=statut, attention=attention),
        "statut": statut,
        "attention": attention,
        "filtres": FILTRES,
        "a_surveiller": sum(ligne.est_a_surveiller for ligne in lignes),
        "peut_modifier": permissions.peut_modifier_plan(request.user),
        "peut_saisir": permissions.peut_saisir_resultats(request.user, exercice),
    }
    return render(request, "plan/plan_detail.html" if lignes else "plan/plan_vide.html", contexte)


@require_safe
def plan_structure(request: HttpRequest) -> HttpResponse:
    """Show the frame of every plan, each element with its « modifier »."""
    exiger(permissions.peut_modifier_plan(request.user))
    strategies = Strategie.objects.order_by("numero").select_related("objectif__orientation")
    objectifs = Objectif.objects.order_by("numero").select_related("orientation")
    plans = PlanStrategique.objects.prefetch_related(
        Prefetch("orientations", queryset=Orientation.objects.order_by("numero")),
        Prefetch("orientations__objectifs", queryset=objectifs),
        Prefetch("orientations__objectifs__strategies", queryset=strategies),
    )
    return render(request, "plan/plan_structure.html", {"plans": plans})


@require_http_methods(["GET", "HEAD", "POST"])
def plan_creer(request: HttpRequest) -> HttpResponse:
    """Start a strategic plan."""
    return _editer(request, PlanForm, PlanStrategique(), titre="Nouveau plan stratégique")


@require_http_methods(["GET", "HEAD", "POST"])
def plan_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the title and the dates of a plan."""
    return _editer(request, PlanForm, get_object_or_404(PlanStrategique, pk=pk), titre="Modifier le plan stratégique")


@require_http_methods(["GET", "HEAD", "POST"])
def orientation_creer(request: HttpRequest, plan_pk: int) -> HttpResponse:
    """Add an orientation to a plan."""
    nouvelle = Orientation(plan=get_object_or_404(PlanStrategique, pk=plan_pk))
    return _editer(request, OrientationForm, nouvelle, titre="Nouvelle orientation")


@require_http_methods(["GET", "HEAD", "POST"])
def orientation_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an orientation, its number included."""
    return _editer(request, OrientationForm, get_object_or_404(Orientation, pk=pk), titre="Modifier l’orientation")


@require_http_methods(["GET", "HEAD", "POST"])
def objectif_creer(request: HttpRequest, orientation_pk: int) -> HttpResponse:
    """Add an objectif to an orientation."""
    nouvel = Objectif(orientation=get_object_or_404(Orientation, pk=orientation_pk))
    return _editer(
        request, ObjectifForm, nouvel, titre="Nouvel objectif", surtitre=f"Orientation {nouvel.orientation}"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def objectif_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an objectif, its number included."""
    objectif = get_object_or_404(Objectif.objects.select_related("orientation"), pk=pk)
    surtitre = f"Orientation {objectif.orientation}"
    return _editer(request, ObjectifForm, objectif, titre="Modifier l’objectif", surtitre=surtitre)


@require_http_methods(["GET", "HEAD", "POST"])
def strategie_creer(request: HttpRequest, objectif_pk: int) -> HttpResponse:
    """Add a strategy to an objectif."""
    objectif = get_object_or_404(Objectif.objects.select_related("orientation"), pk=objectif_pk)
    nouvelle = Strategie(objectif=objectif)
    return _editer(request, StrategieForm, nouvelle, titre="Nouvelle stratégie", surtitre=f"Objectif {objectif}")


@require_http_methods(["GET", "HEAD", "POST"])
def strategie_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a strategy, its number included."""
    strategie = get_object_or_404(Strategie.objects.select_related("objectif__orientation"), pk=pk)
    surtitre = f"Objectif {strategie.objectif}"
    return _editer(request, StrategieForm, strategie, titre="Modifier la stratégie", surtitre=surtitre)


MODELES: dict[str, type[PlanStrategique | Orientation | Objectif | Strategie]] = {
    "plans": PlanStrategique,
    "orientations": Orientation,
    "objectifs": Objectif,
    "strategies": Strategie,
}


@require_POST
def element_supprimer(request: HttpRequest, genre: str, pk: int) -> HttpResponse:
    """Remove an element of the plan that nothing hangs from."""
    exiger(permissions.peut_modifier_plan(request.user))
    element: Any = MODELES[genre]._default_manager.filter(pk=pk).first()
    if element is not None:
        run_verb(
            request, lambda: supprimer_element(element, auteur=auteur_de(request)), message="C’est retiré du plan."
        )
    return redirect("plan:plan_structure")


def _genre(element: Model) -> str:
    return next(nom for nom, modele in MODELES.items() if isinstance(element, modele))


def _editer(
    request: HttpRequest, classe: type[forms.ModelForm[Any]], element: ElementPlan, *, titre: str, surtitre: str = ""
) -> HttpResponse:
    """Show and receive the form of one element of the plan."""
    exiger(permissions.peut_modifier_plan(request.user))
    form = classe(request.POST or None, instance=element)
    structure = reverse("plan:plan_structure")
    return editer_element(
        request,
        form,
        lambda: enregistrer(form.instance, auteur=auteur_de(request)),
        to=lambda enregistre: f"{structure}#{_genre(enregistre)}-{enregistre.pk}",
        message="Le plan est enregistré.",
        titre=titre,
        surtitre=surtitre,
        etapes=[("Plan stratégique", reverse("plan:plan")), ("Structure du plan", structure), (titre, "")],
        retour=structure,
        supprimer_url=reverse(f"plan:{_genre(element)}_supprimer", args=[element.pk]) if element.pk else "",
    )
