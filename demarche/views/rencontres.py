"""Meetings: list, page, entry by the team."""

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from demarche.forms.rencontres import RencontreForm
from demarche.models import Exercice, Rencontre, Utilisateur
from demarche.permissions import exiger, peut_saisir, peut_voir_rencontre
from demarche.queries import exercice_choisi, historique_de
from demarche.registre import registre
from demarche.services.rencontres import creer_rencontre, modifier_rencontre

from .formulaires import recevoir
from .pages import auteur_de
from .pagination import page_de


def rencontres_de(utilisateur: Utilisateur) -> "QuerySet[Rencontre]":
    """Return the meetings this person may open."""
    toutes = Rencontre.objects.select_related("instance_gouvernance")
    return toutes if peut_voir_rencontre(utilisateur) else toutes.accessibles_a(utilisateur)


@require_safe
def rencontre_liste(request: HttpRequest) -> HttpResponse:
    """Show the meetings of one exercice: those to come, then the others."""
    utilisateur = auteur_de(request)
    exercice = exercice_choisi(request.GET.get("exercice"))
    rencontres = rencontres_de(utilisateur).annotate(nb_resolutions=Count("resolutions"))
    if exercice:
        rencontres = rencontres.filter(date__range=(exercice.debut, exercice.fin))
    jour = timezone.localdate()
    page, parametres = page_de(request, rencontres.filter(date__lt=jour).order_by("-date", "-pk"))
    contexte = {
        "exercice": exercice,
        "exercices": Exercice.objects.all(),
        "a_venir": rencontres.filter(date__gte=jour).order_by("date", "heure", "pk"),
        "page": page,
        "parametres": parametres,
        "peut_saisir": peut_saisir(utilisateur),
    }
    return render(request, "demarche/rencontre_liste.html", contexte)


@require_safe
def rencontre_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one meeting, its decisions, and what the apps above add."""
    utilisateur = auteur_de(request)
    rencontre = get_object_or_404(rencontres_de(utilisateur), pk=pk)
    interne = peut_voir_rencontre(utilisateur)
    contexte = {
        "rencontre": rencontre,
        "points": rencontre.points.all() if interne else rencontre.points_publics,
        "sections": registre.onglets_de("demarche.rencontre", utilisateur, rencontre),
        "resolutions": rencontre.resolutions.all() if interne else [],
        "interne": interne,
        "peut_saisir": peut_saisir(utilisateur),
        "historique": historique_de(rencontre) if interne else [],
    }
    return render(request, "demarche/rencontre_detail.html", contexte)


@require_http_methods(["GET", "POST"])
def rencontre_nouvelle(request: HttpRequest) -> HttpResponse:
    """Let the team announce a meeting."""
    auteur = auteur_de(request)
    exiger(peut_saisir(auteur))
    form = RencontreForm(request.POST or None)
    reponse = recevoir(
        request,
        form,
        lambda: creer_rencontre(champs=form.champs, auteur=auteur).get_absolute_url(),
        message="La rencontre est enregistrée.",
    )
    if reponse:
        return reponse
    return render(request, "demarche/rencontre_form.html", {"form": form, "rencontre": None})


@require_http_methods(["GET", "POST"])
def rencontre_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the team change a meeting; the second of two tabs is told."""
    auteur = auteur_de(request)
    exiger(peut_saisir(auteur))
    rencontre = get_object_or_404(Rencontre, pk=pk)
    form = RencontreForm(request.POST or None, instance=rencontre)

    def enregistrer() -> str:
        modifier_rencontre(rencontre, version=form.cleaned_data["version"], champs=form.champs, auteur=auteur)
        return resolve_url(rencontre)

    reponse = recevoir(
        request,
        form,
        enregistrer,
        message="La rencontre est à jour.",
        version=lambda: Rencontre.objects.get(pk=pk).version,
    )
    if reponse:
        return reponse
    titre = Rencontre.objects.get(pk=pk).titre  # the form may have written on its own object
    return render(
        request, "demarche/rencontre_form.html", {"form": form, "rencontre": rencontre, "titre_actuel": titre}
    )
