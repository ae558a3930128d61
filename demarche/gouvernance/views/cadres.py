"""The cadre de référence: its dated versions, what each says, the resolution that adopted it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from demarche.comptes.permissions import exiger, peut_gerer_reglages
from demarche.comptes.protocoles import PAGES
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.forms.gouvernance import CadreForm
from demarche.gouvernance.models import CadreReference, InstanceGouvernance
from demarche.gouvernance.permissions import peut_voir_decisions, peut_voir_instance
from demarche.gouvernance.services.cadres import ajouter_cadre, modifier_cadre
from demarche.socle.concurrence import empreinte
from demarche.socle.queries.historique import historique_de
from demarche.socle.views.formulaires import save_form


@require_safe
def cadre_liste(request: HttpRequest) -> HttpResponse:
    """Show the versions of the cadre de référence."""
    exiger(peut_gerer_reglages(auteur_de(request)))
    versions = CadreReference.objects.select_related("resolution")
    en_vigueur = CadreReference.objects.en_vigueur(timezone.localdate())
    return render(request, "gouvernance/cadre_liste.html", {"cadres": versions, "en_vigueur": en_vigueur})


@require_safe
def cadre_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one version to anybody signed in: what it says, when it held, the rules that cite it."""
    utilisateur = auteur_de(request)
    cadre = get_object_or_404(CadreReference.objects.select_related("document", "resolution"), pk=pk)
    suivant = CadreReference.objects.suivant(cadre)
    gere, voit_instances = peut_gerer_reglages(utilisateur), peut_voir_instance(utilisateur)
    citees = InstanceGouvernance.objects.filter(source_regle__startswith=str(cadre)) if voit_instances else []
    contexte = {
        "cadre": cadre,
        "est_en_vigueur": CadreReference.objects.en_vigueur(timezone.localdate()) == cadre,
        "suivant": suivant,
        "instances": citees,
        "voit_instances": voit_instances,
        "voit_decisions": peut_voir_decisions(utilisateur),
        "peut_gerer": gere,
        "sections": PAGES.sections_de("gouvernance.cadre", utilisateur, cadre),
        "historique": historique_de(cadre) if gere else [],
    }
    return render(request, "gouvernance/cadre_detail.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def cadre_creer(request: HttpRequest) -> HttpResponse:
    """Let a version of the cadre de référence be added, with its document."""
    auteur = auteur_de(request)
    exiger(peut_gerer_reglages(auteur))
    form = CadreForm(request.POST or None, request.FILES or None)
    reponse = save_form(
        request,
        form,
        lambda: ajouter_cadre(champs=form.champs, fichier=form.cleaned_data["fichier"], auteur=auteur),
        message="La version du cadre de référence est enregistrée.",
    )
    return reponse or render(request, "gouvernance/cadre_formulaire.html", {"form": form, "cadre": None})


@require_http_methods(["GET", "HEAD", "POST"])
def cadre_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a version be completed: its resolution, its document, its words; the second of two tabs is told."""
    auteur = auteur_de(request)
    exiger(peut_gerer_reglages(auteur))
    cadre = get_object_or_404(CadreReference, pk=pk)
    form = CadreForm(request.POST or None, request.FILES or None, cadre=cadre)

    def enregistrer() -> str:
        caches = {nom: form.cleaned_data[nom] for nom in ("empreinte", "fichier")}
        modifier_cadre(cadre, champs=form.champs, **caches, auteur=auteur)
        return resolve_url(cadre)

    reponse = save_form(request, form, enregistrer, message="Cette version du cadre de référence est à jour.")
    if form.is_bound and form.errors:
        form.remplacer_empreinte(empreinte([CadreReference.objects.get(pk=pk)]))
    return reponse or render(request, "gouvernance/cadre_formulaire.html", {"form": form, "cadre": cadre})
