"""Indicators and their dated values (R16)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from demarche.comptes.permissions import exiger
from demarche.comptes.views.acces import auteur_de
from demarche.socle.views.formulaires import run_verb, save_form
from evaluation.plan import permissions
from evaluation.plan.comparaisons import croissance
from evaluation.plan.forms.mesures import IndicateurForm, MesureForm
from evaluation.plan.models import Indicateur, Mesure
from evaluation.plan.queries.mesures import dessin_indicateur, evolution, indicateurs_resumes
from evaluation.plan.services.mesures import enregistrer_indicateur, enregistrer_mesure, supprimer_mesure
from evaluation.plan.views.formulaires import Etapes


def fil_indicateur(*suite: tuple[str, str]) -> Etapes:
    return [("Indicateurs", reverse("plan:indicateur_liste")), *suite]


def indicateur_liste(request: HttpRequest) -> HttpResponse:
    """Show every indicator with its last value and its growth."""
    exiger(permissions.peut_voir_plan(request.user))
    contexte = {
        "indicateurs": indicateurs_resumes(),
        "peut_modifier": permissions.peut_modifier_plan(request.user),
    }
    return render(request, "plan/indicateur_liste.html", contexte)


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


def indicateur_creer(request: HttpRequest) -> HttpResponse:
    """Start an indicator."""
    return _editer_indicateur(request, Indicateur(), "Nouvel indicateur")


def indicateur_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the name, the unit or the description of an indicator."""
    return _editer_indicateur(request, get_object_or_404(Indicateur, pk=pk), "Modifier l’indicateur")


def mesure_creer(request: HttpRequest, indicateur_pk: int) -> HttpResponse:
    """Add a dated value to an indicator."""
    nouvelle = Mesure(indicateur=get_object_or_404(Indicateur, pk=indicateur_pk))
    return _editer_mesure(request, nouvelle, "Nouvelle mesure")


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

    def enregistrer() -> str:
        enregistre = enregistrer_indicateur(form.instance, auteur=auteur_de(request))
        return reverse("plan:indicateur_detail", args=[enregistre.pk])

    if reponse := save_form(request, form, enregistrer, message="L’indicateur est enregistré."):
        return reponse
    retour = (
        reverse("plan:indicateur_detail", args=[indicateur.pk]) if indicateur.pk else reverse("plan:indicateur_liste")
    )
    contexte = {"form": form, "titre": titre, "etapes": fil_indicateur((titre, "")), "retour": retour}
    return render(request, "plan/element_formulaire.html", contexte)


def _editer_mesure(request: HttpRequest, mesure: Mesure, titre: str) -> HttpResponse:
    exiger(permissions.peut_modifier_plan(request.user))
    form = MesureForm(request.POST or None, instance=mesure)
    retour = reverse("plan:indicateur_detail", args=[mesure.indicateur_id])

    if reponse := save_form(
        request,
        form,
        lambda: enregistrer_mesure(form.instance, auteur=auteur_de(request)),
        to=retour,
        message="La mesure est enregistrée.",
    ):
        return reponse
    contexte = {
        "form": form,
        "titre": titre,
        "surtitre": mesure.indicateur.nom,
        "etapes": fil_indicateur((mesure.indicateur.nom, retour), (titre, "")),
        "retour": retour,
    }
    if mesure.pk:
        contexte["supprimer_url"] = reverse("plan:mesure_supprimer", args=[mesure.pk])
    return render(request, "plan/element_formulaire.html", contexte)
