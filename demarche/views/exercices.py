"""Closing an exercice: what remains, the closing, and the reopening (R10)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.views.decorators.http import require_POST, require_safe

from demarche.forms.exercices import ReouvertureForm
from demarche.models import Exercice
from demarche.permissions import exiger, peut_clore_exercice
from demarche.queries.cloture import derniere_cloture
from demarche.queries.registre import decrire_lignes, lignes_de_l_objet
from demarche.registre import registre
from demarche.services.exercices import clore_exercice, rouvrir_exercice

from .formulaires import agir, recevoir
from .pages import auteur_de


@require_safe
def cloture(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what remains before an exercice is closed; once closed, who did it and when."""
    exiger(peut_clore_exercice(auteur_de(request)))
    return page_cloture(request, get_object_or_404(Exercice, pk=pk), ReouvertureForm())


def page_cloture(request: HttpRequest, exercice: Exercice, form: ReouvertureForm) -> HttpResponse:
    """Show the checklist, above the button that closes or the form that opens again."""
    points = registre.cloture_de(exercice)
    contexte = {
        "exercice": exercice,
        "points": points,
        "nb_empechements": sum(point.empeche for point in points),
        "cloture": derniere_cloture(exercice),
        "lignes": decrire_lignes(lignes_de_l_objet(f"exercice {exercice.pk}")),
        "form": form,
    }
    return render(request, "demarche/exercice_cloture.html", contexte)


@require_POST
def clore(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an exercice."""
    auteur = auteur_de(request)
    exiger(peut_clore_exercice(auteur))
    exercice = get_object_or_404(Exercice, pk=pk)
    message = f"L’exercice {exercice} est clos : il se lit, il ne s’écrit plus."
    agir(request, lambda: clore_exercice(exercice.pk, auteur=auteur), message=message)
    return redirect("demarche:exercice_cloture", exercice.pk)


@require_POST
def rouvrir(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed exercice again, with the reason."""
    auteur = auteur_de(request)
    exiger(peut_clore_exercice(auteur))
    exercice = get_object_or_404(Exercice, pk=pk)
    form = ReouvertureForm(request.POST)

    def enregistrer() -> str:
        rouvrir_exercice(exercice.pk, motif=form.cleaned_data["motif"], auteur=auteur)
        return resolve_url("demarche:exercice_cloture", exercice.pk)

    reponse = recevoir(request, form, enregistrer, message=f"L’exercice {exercice} est rouvert.")
    return reponse or page_cloture(request, exercice, form)
