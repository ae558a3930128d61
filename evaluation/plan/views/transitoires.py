"""Settings: the domaines d’action and the résultats transitoires (R15)."""

from typing import Any

from django import forms
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from demarche.comptes.permissions import exiger, peut_gerer_reglages
from demarche.comptes.views.acces import auteur_de
from demarche.socle.services.ecriture import enregistrer
from evaluation.plan.forms.effets import DomaineForm, ResultatTransitoireForm
from evaluation.plan.models import DomaineAction, ResultatTransitoire
from evaluation.plan.views.formulaires import editer_element


@require_safe
def transitoire_liste(request: HttpRequest) -> HttpResponse:
    """Show the domaines and their résultats transitoires, as the annex of the bilan prints them."""
    exiger(peut_gerer_reglages(request.user))
    domaines = DomaineAction.objects.prefetch_related("resultats_transitoires")
    return render(request, "plan/transitoire_liste.html", {"domaines": domaines})


@require_http_methods(["GET", "HEAD", "POST"])
def domaine_creer(request: HttpRequest) -> HttpResponse:
    return _editer(request, DomaineForm, DomaineAction(), "Nouveau domaine d’action")


@require_http_methods(["GET", "HEAD", "POST"])
def domaine_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    return _editer(request, DomaineForm, get_object_or_404(DomaineAction, pk=pk), "Modifier le domaine d’action")


@require_http_methods(["GET", "HEAD", "POST"])
def transitoire_creer(request: HttpRequest, domaine_pk: int) -> HttpResponse:
    nouveau = ResultatTransitoire(domaine=get_object_or_404(DomaineAction, pk=domaine_pk))
    return _editer(request, ResultatTransitoireForm, nouveau, "Nouveau résultat transitoire")


@require_http_methods(["GET", "HEAD", "POST"])
def transitoire_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    resultat = get_object_or_404(ResultatTransitoire, pk=pk)
    return _editer(request, ResultatTransitoireForm, resultat, "Modifier le résultat transitoire")


def _editer(request: HttpRequest, classe: type[forms.ModelForm[Any]], reference: Model, titre: str) -> HttpResponse:
    exiger(peut_gerer_reglages(request.user))
    form = classe(request.POST or None, instance=reference)
    retour = reverse("plan:transitoire_liste")
    return editer_element(
        request,
        form,
        lambda: enregistrer(form.instance, auteur=auteur_de(request)),
        to=retour,
        message="C’est enregistré.",
        titre=titre,
        etapes=[("Résultats transitoires", retour), (titre, "")],
        retour=retour,
    )
