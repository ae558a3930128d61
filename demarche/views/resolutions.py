"""The register of resolutions: list, page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from demarche.forms.resolutions import FiltreForm
from demarche.models import Resolution
from demarche.permissions import exiger, peut_voir_decisions
from demarche.registre import registre

from .pages import auteur_de
from .pagination import page_de


@require_safe
def resolution_liste(request: HttpRequest) -> HttpResponse:
    """Show the register, by instance and exercice."""
    exiger(peut_voir_decisions(auteur_de(request)))
    filtre = FiltreForm(request.GET)
    resolutions = Resolution.objects.select_related("instance_gouvernance", "scrutin", "exercice")
    filtre.is_valid()
    for nom in ("instance_gouvernance", "exercice"):
        if choisi := filtre.cleaned_data.get(nom):
            resolutions = resolutions.filter(**{nom: choisi})
    page, parametres = page_de(request, resolutions)
    contexte = {"filtre": filtre, "page": page, "parametres": parametres, "est_filtree": filtre.has_changed()}
    return render(request, "demarche/resolution_liste.html", contexte)


@require_safe
def resolution_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one resolution and the counts of its ballot; the page prints as such."""
    utilisateur = auteur_de(request)
    exiger(peut_voir_decisions(utilisateur))
    resolution = get_object_or_404(
        Resolution.objects.select_related("instance_gouvernance", "scrutin", "exercice", "rencontre", "inscrite_par"),
        pk=pk,
    )
    contexte = {
        "resolution": resolution,
        "scrutin": resolution.scrutin,
        "sections": registre.onglets_de("demarche.resolution", utilisateur, resolution),
    }
    return render(request, "demarche/resolution_detail.html", contexte)
