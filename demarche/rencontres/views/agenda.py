"""The public agenda."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from demarche.gouvernance.models import Rencontre
from demarche.rencontres.queries.rencontres import points_publics
from demarche.socle.views.pagination import page_de

NB_A_VENIR = 12  # a year of monthly meetings


@login_not_required
@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """Show the public meetings: those to come, then those held, by pages."""
    publiques = Rencontre.objects.publiques().select_related("instance_gouvernance").prefetch_related("points")
    jour = timezone.localdate()
    page, parametres = page_de(request, publiques.passees(jour))
    a_venir, suite = page_de(request, publiques.a_venir(jour), par_page=NB_A_VENIR, cle="a_venir")
    for montree in (page, a_venir):
        montree.object_list = [(rencontre, points_publics(rencontre)) for rencontre in montree]
    contexte = {"a_venir": a_venir, "suite": suite, "page": page, "parametres": parametres}
    return render(request, "rencontres/agenda.html", contexte)
