"""Home pages: the public one, the agenda and « Mon espace »."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from demarche.models import Rencontre, Utilisateur
from demarche.permissions import peut_gerer_reglages
from demarche.queries import etapes_installation, la_demarche
from demarche.registre import registre

from .pagination import page_de

NB_RENCONTRES_ACCUEIL = 3
NB_A_VENIR = 12  # a year of monthly meetings


def personne_connectee(request: HttpRequest) -> Utilisateur | None:
    """Return the account signed in, or None."""
    return request.user if isinstance(request.user, Utilisateur) else None


def auteur_de(request: HttpRequest) -> Utilisateur:
    """Return the account signed in; the middleware lets nobody else reach a view that asks."""
    assert isinstance(request.user, Utilisateur)  # noqa: S101 - guaranteed by LoginRequiredMiddleware
    return request.user


@login_not_required
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """Show the public home: the mission, what the apps above offer, the next meetings; or the first steps."""
    if la_demarche() is None:
        visiteur = personne_connectee(request)
        gere = peut_gerer_reglages(visiteur)
        etapes = etapes_installation(visiteur) if visiteur and gere else []
        return render(request, "demarche/premiers_pas.html", {"etapes": etapes, "gere": gere})
    prochaines = Rencontre.objects.publiques().maintenues().a_venir(timezone.localdate())
    contexte = {
        "cartes": registre.cartes_de("accueil", None),
        "rencontres": prochaines.select_related("instance_gouvernance")[:NB_RENCONTRES_ACCUEIL],
    }
    return render(request, "demarche/accueil.html", contexte)


@login_not_required
@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """Show the public meetings: those to come, then those held, by pages."""
    publiques = Rencontre.objects.publiques().select_related("instance_gouvernance").prefetch_related("points")
    jour = timezone.localdate()
    page, parametres = page_de(request, publiques.passees(jour))
    a_venir, suite = page_de(request, publiques.a_venir(jour), par_page=NB_A_VENIR, cle="a_venir")
    contexte = {"a_venir": a_venir, "suite": suite, "page": page, "parametres": parametres}
    return render(request, "demarche/agenda.html", contexte)


@require_safe
def espace(request: HttpRequest) -> HttpResponse:
    """Show « Mon espace »: what waits for this person first, then what moves."""
    utilisateur = auteur_de(request)
    etapes = etapes_installation(utilisateur) if peut_gerer_reglages(utilisateur) else []
    contexte = {
        "attentes": registre.attentes_de(utilisateur),
        "cartes": registre.cartes_de("espace", utilisateur),
        "etapes": etapes if not all(etape.est_faite for etape in etapes) else [],
    }
    return render(request, "demarche/espace.html", contexte)
