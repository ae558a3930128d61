"""Ballots: the page where one is read and answered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from demarche.models import Scrutin
from demarche.permissions import exiger, peut_voir_decisions
from demarche.services.electeurs import electeur_de

from .pages import auteur_de


@require_safe
def scrutin_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one ballot to those who see the decisions, and to its electors."""
    utilisateur = auteur_de(request)
    scrutin = get_object_or_404(Scrutin.objects.select_related("instance_gouvernance", "rencontre"), pk=pk)
    exiger(peut_voir_decisions(utilisateur) or electeur_de(scrutin, utilisateur) is not None)
    return render(request, "demarche/scrutin_detail.html", {"scrutin": scrutin})
