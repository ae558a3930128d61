"""The list of partners on a day: to read, to print, to take away."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from demarche.socle.classeurs import reponse_classeur
from partenaires.exports import PartenaireResource, lignes_partenaires
from partenaires.forms.decisions import EnDateForm
from partenaires.permissions import peut_voir_tous_les_noms
from partenaires.queries.liste import definition_partenaire, partenaires_en_date


@login_not_required
@require_safe
def partenaire_liste(request: HttpRequest) -> HttpResponse:
    """Show who is a partner on a day (R11); a citizen is named only with consent, except to the team."""
    form = EnDateForm(request.GET or None)
    tous = peut_voir_tous_les_noms(request.user)
    lisible = not form.is_bound or form.is_valid()
    jour = form.jour()
    contexte = {
        "form": form,
        "liste": partenaires_en_date(jour, tous_les_noms=tous) if lisible else None,
        "tous_les_noms": tous,
        "definition": definition_partenaire(jour),
        "parametres": urlencode({"date": jour.isoformat()}),
    }
    return render(request, "partenaires/partenaire_liste.html", contexte)


@login_not_required
@require_safe
def partenaire_exporter(request: HttpRequest, extension: str) -> HttpResponse:
    """Give the same list as a spreadsheet: same day, same names."""
    form = EnDateForm(request.GET or None)
    if form.is_bound and not form.is_valid():
        return HttpResponse(
            " ".join(map(str, form.errors["date"])), status=400, content_type="text/plain; charset=utf-8"
        )
    jour = form.jour()
    liste = partenaires_en_date(jour, tous_les_noms=peut_voir_tous_les_noms(request.user))
    return reponse_classeur(
        extension,
        nom=f"partenaires-{jour.isoformat()}",
        titre=f"Partenaires {jour.isoformat()}",
        ressource=PartenaireResource,
        lignes=lignes_partenaires(liste),
    )
