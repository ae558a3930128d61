"""Closing an exercice: what remains, the closing, and the reopening (R10)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.views.decorators.http import require_POST, require_safe

from demarche.comptes.permissions import exiger
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.forms.reglages import ReouvertureForm
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.permissions import peut_clore_exercice
from demarche.gouvernance.protocoles import ANNEES
from demarche.gouvernance.queries.demarche import derniere_cloture
from demarche.gouvernance.services.exercices import clore_exercice, rouvrir_exercice
from demarche.registre.queries import decrire_lignes, lignes_de_l_objet
from demarche.socle.views.formulaires import run_verb, save_form


@require_safe
def exercice_cloture(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what remains before an exercice is closed; once closed, who did it and when."""
    exiger(peut_clore_exercice(auteur_de(request)))
    return page_cloture(request, get_object_or_404(Exercice, pk=pk), ReouvertureForm())


def page_cloture(request: HttpRequest, exercice: Exercice, form: ReouvertureForm) -> HttpResponse:
    """Show the checklist, above the button that closes or the form that opens again."""
    points = ANNEES.cloture_de(exercice)
    contexte = {
        "exercice": exercice,
        "points": points,
        "nb_empechements": sum(point.empeche for point in points),
        "cloture": derniere_cloture(exercice),
        "lignes": decrire_lignes(lignes_de_l_objet(f"exercice {exercice.pk}")),
        "form": form,
    }
    return render(request, "gouvernance/exercice_cloture.html", contexte)


@require_POST
def exercice_clore(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an exercice."""
    auteur = auteur_de(request)
    exiger(peut_clore_exercice(auteur))
    exercice = get_object_or_404(Exercice, pk=pk)
    message = f"L’exercice {exercice} est clos : il se lit, il ne s’écrit plus."
    run_verb(request, lambda: clore_exercice(exercice.pk, auteur=auteur), message=message)
    return redirect("gouvernance:exercice_cloture", exercice.pk)


@require_POST
def exercice_rouvrir(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed exercice again, with the reason."""
    auteur = auteur_de(request)
    exiger(peut_clore_exercice(auteur))
    exercice = get_object_or_404(Exercice, pk=pk)
    form = ReouvertureForm(request.POST)
    reponse = save_form(
        request,
        form,
        lambda: rouvrir_exercice(exercice.pk, motif=form.cleaned_data["motif"], auteur=auteur),
        to=resolve_url("gouvernance:exercice_cloture", exercice.pk),
        message=f"L’exercice {exercice} est rouvert.",
    )
    return reponse or page_cloture(request, exercice, form)
