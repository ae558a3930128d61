"""Indicators and their dated values (R16)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from demarche.comptes.permissions import exiger
from demarche.comptes.views.acces import auteur_de
from demarche.socle.views.formulaires import run_verb
from evaluation.plan import permissions
from evaluation.plan.forms.mesures import IndicateurForm, MesureForm
from evaluation.plan.models import Indicateur, Mesure
from evaluation.plan.queries.mesures import croissance, dessin_indicateur, evolution, indicateurs_resumes
from evaluation.plan.services.mesures import enregistrer_indicateur, enregistrer_mesure, supprimer_mesure
from evaluation.plan.views.formulaires import Etapes, editer_element


def fil_indicateur(*suite: tuple[str, str]) -> Etapes:
    return [("Indicateurs", reverse("plan:indicateur_liste")), *suite]


def page_indicateur(indicateur: Indicateur) -> str:
    return reverse("plan:indicateur_detail", args=[indicateur.pk])


@require_safe
def indicateur_liste(request: HttpRequest) -> HttpResponse:
    """Show every indicator with its last value and its growth."""
    exiger(permissions.peut_voir_plan(request.user))
    contexte = {
        "indicateurs": indicateurs_resumes(),
        "peut_modifier": permissions.peut_modifier_plan(request.user),
    }
    return render(request, "plan/indicateur_liste.html", contexte)


@require_safe
def indicateur_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an indicator: its curve, its values, each with its change since the one before."""
    exiger(permissions.peut_voir_plan(request.user))
    indicateur = get_object_or_404(Indicateur, pk=pk)
    mesures = list(indicateur.mesures.order_by("date", "pk"))
    contexte = {
        "indicateur": indicateur,
        "lignes": evolution(mesures),
        "croissance": croissance(mesures),
        "dessin": dessin_indicateur(indicateur, mesures),
        "etapes": fil_indicateur((indicateur.nom, "")),
        "peut_modifier": permissions.peut_modifier_plan(request.user),
    }
    return render(request, "plan/indicateur_detail.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def indicateur_creer(request: HttpRequest) -> HttpResponse:
    """Start an indicator."""
    return _editer_indicateur(request, Indicateur(), "Nouvel indicateur")


@require_http_methods(["GET", "HEAD", "POST"])
def indicateur_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the name, the unit or the description of an indicator."""
    return _editer_indicateur(request, get_object_or_404(Indicateur, pk=pk), "Modifier l’indicateur")


@require_http_methods(["GET", "HEAD", "POST"])
def mesure_creer(request: HttpRequest, indicateur_pk: int) -> HttpResponse:
    """Add a dated value to an indicator."""
    nouvelle = Mesure(indicateur=get_object_or_404(Indicateur, pk=indicateur_pk))
    return _editer_mesure(request, nouvelle, "Nouvelle mesure")


@require_http_methods(["GET", "HEAD", "POST"])
def mesure_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a dated value; its history keeps the one before."""
    mesure = get_object_or_404(Mesure.objects.select_related("indicateur"), pk=pk)
    return _editer_mesure(request, mesure, "Modifier la mesure")


@require_POST
def mesure_supprimer(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a dated value."""
    exiger(permissions.peut_modifier_plan(request.user))
    mesure = get_object_or_404(Mesure, pk=pk)
    indicateur_pk = mesure.indicateur_id
    run_verb(request, lambda: supprimer_mesure(mesure, auteur=auteur_de(request)), message="La mesure est retirée.")
    return redirect("plan:indicateur_detail", indicateur_pk)


def _editer_indicateur(request: HttpRequest, indicateur: Indicateur, titre: str) -> HttpResponse:
    exiger(permissions.peut_modifier_plan(request.user))
    form = IndicateurForm(request.POST or None, instance=indicateur)
    return editer_element(
        request,
        form,
        lambda: enregistrer_indicateur(form.instance, auteur=auteur_de(request)),
        to=page_indicateur,
        message="L’indicateur est enregistré.",
        titre=titre,
        etapes=fil_indicateur((titre, "")),
        retour=page_indicateur(indicateur) if indicateur.pk else reverse("plan:indicateur_liste"),
    )


def _editer_mesure(request: HttpRequest, mesure: Mesure, titre: str) -> HttpResponse:
    exiger(permissions.peut_modifier_plan(request.user))
    form = MesureForm(request.POST or None, instance=mesure)
    retour = page_indicateur(mesure.indicateur)
    return editer_element(
        request,
        form,
        lambda: enregistrer_mesure(form.instance, auteur=auteur_de(request)),
        to=retour,
        message="La mesure est enregistrée.",
        titre=titre,
        surtitre=mesure.indicateur.nom,
        etapes=fil_indicateur((mesure.indicateur.nom, retour), (titre, "")),
        retour=retour,
        supprimer_url=reverse("plan:mesure_supprimer", args=[mesure.pk]) if mesure.pk else "",
    )
