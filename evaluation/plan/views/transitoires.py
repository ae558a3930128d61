"""Settings: the domaines d’action and the résultats transitoires (R15)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from demarche.comptes.permissions import exiger, peut_gerer_reglages
from demarche.comptes.views.acces import auteur_de
from demarche.socle.views.formulaires import save_form
from evaluation.plan.forms.transitoires import DomaineForm, ResultatTransitoireForm
from evaluation.plan.models import DomaineAction, ResultatTransitoire
from evaluation.plan.services.transitoires import enregistrer_reference
from evaluation.plan.views.formulaires import Etapes


def transitoire_liste(request: HttpRequest) -> HttpResponse:
    """Show the domaines and their résultats transitoires, as the annex of the bilan prints them."""
    exiger(peut_gerer_reglages(request.user))
    domaines = DomaineAction.objects.prefetch_related("resultats_transitoires")
    return render(request, "plan/transitoire_liste.html", {"domaines": domaines})


def domaine_creer(request: HttpRequest) -> HttpResponse:
    return _editer(request, DomaineForm, DomaineAction(), "Nouveau domaine d’action")


def domaine_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    return _editer(request, DomaineForm, get_object_or_404(DomaineAction, pk=pk), "Modifier le domaine d’action")


def transitoire_creer(request: HttpRequest, domaine_pk: int) -> HttpResponse:
    nouveau = ResultatTransitoire(domaine=get_object_or_404(DomaineAction, pk=domaine_pk))
    return _editer(request, ResultatTransitoireForm, nouveau, "Nouveau résultat transitoire")


def transitoire_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    resultat = get_object_or_404(ResultatTransitoire, pk=pk)
    return _editer(request, ResultatTransitoireForm, resultat, "Modifier le résultat transitoire")


def _editer(
    request: HttpRequest,
    classe: type[forms.ModelForm[Any]],
    reference: DomaineAction | ResultatTransitoire,
    titre: str,
) -> HttpResponse:
    exiger(peut_gerer_reglages(request.user))
    form = classe(request.POST or None, instance=reference)
    retour = reverse("plan:transitoire_liste")

    if reponse := save_form(
        request,
        form,
        lambda: enregistrer_reference(form.instance, auteur=auteur_de(request)),
        to=retour,
        message="C’est enregistré.",
    ):
        return reponse
    etapes: Etapes = [("Résultats transitoires", retour), (titre, "")]
    contexte = {"form": form, "titre": titre, "etapes": etapes, "retour": retour}
    return render(request, "plan/element_formulaire.html", contexte)
