"""Settings: the hub, the démarche, its exercices, its places."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from demarche.comptes.permissions import exiger, peut_gerer_reglages
from demarche.comptes.protocoles import PAGES
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.forms.reglages import DemarcheForm, ExerciceForm, TerritoireForm
from demarche.gouvernance.models import Demarche, Exercice, Territoire
from demarche.gouvernance.permissions import peut_clore_exercice
from demarche.gouvernance.queries.demarche import la_demarche
from demarche.gouvernance.services.exercices import ajouter_exercice
from demarche.gouvernance.services.reglages import enregistrer_demarche, enregistrer_territoire
from demarche.socle.queries.historique import historique_de
from demarche.socle.views.formulaires import donnees_de, save_form


@require_safe
def reglages(request: HttpRequest) -> HttpResponse:
    """Show the settings pages this person may open."""
    utilisateur = auteur_de(request)
    exiger(peut_gerer_reglages(utilisateur))
    return render(request, "gouvernance/reglages.html", {"liens": PAGES.reglages_de(utilisateur)})


@require_http_methods(["GET", "HEAD", "POST"])
def demarche_modifier(request: HttpRequest) -> HttpResponse:
    """Let the démarche describe itself."""
    auteur = auteur_de(request)
    exiger(peut_gerer_reglages(auteur))
    demarche = la_demarche()
    form = DemarcheForm(request.POST or None, instance=demarche or Demarche())

    def version() -> int:
        return Demarche.objects.values_list("version", flat=True).get(pk=1)

    reponse = save_form(
        request,
        form,
        lambda: enregistrer_demarche(version=form.cleaned_data["version"], champs=donnees_de(form), auteur=auteur),
        to="reglages",
        message="La description de la démarche est à jour.",
        version=version,
    )
    if reponse:
        return reponse
    contexte = {"form": form, "historique": historique_de(demarche) if demarche else []}
    return render(request, "gouvernance/demarche_formulaire.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def exercice_liste(request: HttpRequest) -> HttpResponse:
    """Show the exercices and let one be added."""
    auteur = auteur_de(request)
    exiger(peut_gerer_reglages(auteur))
    form = ExerciceForm(request.POST or None)
    reponse = save_form(
        request,
        form,
        lambda: ajouter_exercice(debut=form.cleaned_data["debut"], fin=form.cleaned_data["fin"], auteur=auteur),
        to=reverse("gouvernance:exercice_liste"),
        message="L’exercice est ouvert.",
    )
    if reponse:
        return reponse
    contexte = {"form": form, "exercices": Exercice.objects.all(), "peut_clore": peut_clore_exercice(auteur)}
    return render(request, "gouvernance/exercice_liste.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def territoire_liste(request: HttpRequest) -> HttpResponse:
    """Show the places and let one be added."""
    auteur = auteur_de(request)
    exiger(peut_gerer_reglages(auteur))
    form = TerritoireForm(request.POST or None)
    reponse = save_form(
        request,
        form,
        lambda: enregistrer_territoire(None, champs=donnees_de(form), auteur=auteur),
        to=reverse("gouvernance:territoire_liste"),
        message="Le territoire est ajouté.",
    )
    return reponse or page_territoires(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def territoire_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Let one place be renamed or moved."""
    auteur = auteur_de(request)
    exiger(peut_gerer_reglages(auteur))
    territoire = get_object_or_404(Territoire, pk=pk)
    form = TerritoireForm(request.POST or None, instance=get_object_or_404(Territoire, pk=pk))
    reponse = save_form(
        request,
        form,
        lambda: enregistrer_territoire(territoire, champs=donnees_de(form), auteur=auteur),
        to="gouvernance:territoire_liste",
        message="Le territoire est à jour.",
    )
    return reponse or page_territoires(request, form, territoire)


def page_territoires(request: HttpRequest, form: TerritoireForm, territoire: Territoire | None = None) -> HttpResponse:
    """Show the tree of places above the form of one of them."""
    contexte = {"form": form, "territoire": territoire, "lignes": arbre(list(Territoire.objects.all()))}
    return render(request, "gouvernance/territoire_liste.html", contexte)


def arbre(territoires: list[Territoire]) -> list[tuple[int, Territoire]]:
    """Return the places in the order of their tree, each with its depth."""
    enfants: dict[int | None, list[Territoire]] = {}
    for territoire in territoires:
        enfants.setdefault(territoire.parent_id, []).append(territoire)
    lignes: list[tuple[int, Territoire]] = []
    pile = [(0, territoire) for territoire in reversed(enfants.get(None, []))]
    while pile:
        rang, territoire = pile.pop()
        lignes.append((rang, territoire))
        pile += [(rang + 1, enfant) for enfant in reversed(enfants.get(territoire.pk, []))]
    return lignes
