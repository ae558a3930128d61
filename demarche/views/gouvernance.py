"""Instances, seats and mandates."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from demarche.forms.reglages import FinForm, InstanceForm, MandatForm, SiegeForm
from demarche.models import InstanceGouvernance, Mandat, Siege
from demarche.permissions import exiger, peut_gerer_reglages, peut_voir_instance
from demarche.queries import historique_de
from demarche.registre import registre
from demarche.services.gouvernance import (
    creer_instance,
    enregistrer_siege,
    modifier_instance,
    pourvoir_siege,
    terminer_mandat,
)

from .formulaires import donnees_de, recevoir
from .pages import auteur_de


@dataclass(frozen=True)
class LigneInstance:
    """One instance in the tree of the settings page."""

    rang: int
    instance_gouvernance: InstanceGouvernance
    nb_sieges: int
    nb_pourvus: int

    @property
    def nb_vacants(self) -> int:
        return self.nb_sieges - self.nb_pourvus


@dataclass(frozen=True)
class LigneSiege:
    """One seat, who holds it today, who will, who did."""

    siege: Siege
    titulaire: Mandat | None
    a_venir: list[Mandat]
    passes: list[Mandat]


@require_safe
def instances(request: HttpRequest) -> HttpResponse:
    """Show the instances as a tree, with their seats filled and vacant."""
    exiger(peut_gerer_reglages(auteur_de(request)))
    jour = timezone.localdate()
    du_jour = Q(sieges__mandats__du__lte=jour) & (
        Q(sieges__mandats__au__isnull=True) | Q(sieges__mandats__au__gte=jour)
    )
    toutes = InstanceGouvernance.objects.annotate(
        nb_sieges=Count("sieges", filter=Q(sieges__est_actif=True), distinct=True),
        nb_pourvus=Count("sieges", filter=Q(sieges__est_actif=True) & du_jour, distinct=True),
    )
    enfants: dict[int | None, list[Any]] = {}  # rows annotated with their counts
    for une in toutes:
        enfants.setdefault(une.parent_id, []).append(une)
    lignes: list[LigneInstance] = []
    pile = [(0, une) for une in reversed(enfants.get(None, []))]
    while pile:
        rang, une = pile.pop()
        lignes.append(LigneInstance(rang, une, une.nb_sieges, une.nb_pourvus))
        pile += [(rang + 1, enfant) for enfant in reversed(enfants.get(une.pk, []))]
    return render(request, "demarche/instance_liste.html", {"lignes": lignes})


def sieges_de(instance_gouvernance: InstanceGouvernance) -> list[LigneSiege]:
    """Return the seats of one instance with their mandates sorted by time."""
    jour = timezone.localdate()
    mandats = Prefetch("mandats", queryset=Mandat.objects.select_related("utilisateur").order_by("-du"))
    lignes = []
    for siege in instance_gouvernance.sieges.prefetch_related(mandats):
        tous = list(siege.mandats.all())
        lignes.append(
            LigneSiege(
                siege=siege,
                titulaire=next((mandat for mandat in tous if mandat.en_vigueur(jour)), None),
                a_venir=[mandat for mandat in tous if mandat.du > jour],
                passes=[mandat for mandat in tous if mandat.au is not None and mandat.au < jour],
            )
        )
    return lignes


@require_safe
def instance_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one instance: its role, how it decides, who sits."""
    utilisateur = auteur_de(request)
    exiger(peut_voir_instance(utilisateur))
    instance_gouvernance = get_object_or_404(InstanceGouvernance.objects.select_related("parent"), pk=pk)
    lignes = sieges_de(instance_gouvernance)
    contexte = {
        "instance_gouvernance": instance_gouvernance,
        "lignes": [ligne for ligne in lignes if ligne.siege.est_actif],
        "retires": [ligne for ligne in lignes if not ligne.siege.est_actif],
        "nb_vacants": sum(1 for ligne in lignes if ligne.siege.est_actif and ligne.titulaire is None),
        "peut_gerer": peut_gerer_reglages(utilisateur),
        "sections": registre.onglets_de("demarche.instance", utilisateur, instance_gouvernance),
        "historique": historique_de(instance_gouvernance),
    }
    return render(request, "demarche/instance_detail.html", contexte)


@require_http_methods(["GET", "POST"])
def instance_nouvelle(request: HttpRequest) -> HttpResponse:
    """Let an instance be added."""
    auteur = auteur_de(request)
    exiger(peut_gerer_reglages(auteur))
    form = InstanceForm(request.POST or None)
    reponse = recevoir(
        request,
        form,
        lambda: creer_instance(champs=form.champs, auteur=auteur).get_absolute_url(),
        message="L’instance est enregistrée. Ajoutez maintenant ses sièges.",
    )
    if reponse:
        return reponse
    return render(request, "demarche/instance_form.html", {"form": form, "instance_gouvernance": None})


@require_http_methods(["GET", "POST"])
def instance_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an instance be changed; the second of two tabs is told."""
    auteur = auteur_de(request)
    exiger(peut_gerer_reglages(auteur))
    instance_gouvernance = get_object_or_404(InstanceGouvernance, pk=pk)
    form = InstanceForm(request.POST or None, instance=get_object_or_404(InstanceGouvernance, pk=pk))

    def enregistrer() -> str:
        modifier_instance(
            instance_gouvernance, version=form.cleaned_data["version"], champs=form.champs, auteur=auteur
        )
        return resolve_url(instance_gouvernance)

    reponse = recevoir(
        request,
        form,
        enregistrer,
        message="L’instance est à jour.",
        version=lambda: InstanceGouvernance.objects.get(pk=pk).version,
    )
    if reponse:
        return reponse
    contexte = {"form": form, "instance_gouvernance": instance_gouvernance}
    return render(request, "demarche/instance_form.html", contexte)


@require_http_methods(["GET", "POST"])
def siege_nouveau(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a seat be added to an instance."""
    auteur = auteur_de(request)
    exiger(peut_gerer_reglages(auteur))
    instance_gouvernance = get_object_or_404(InstanceGouvernance, pk=pk)
    prochain = max((siege.numero for siege in instance_gouvernance.sieges.all()), default=0) + 1
    form = SiegeForm(
        request.POST or None,
        instance=Siege(instance_gouvernance=instance_gouvernance),
        initial={"numero": prochain},
    )

    def creer() -> str:
        enregistrer_siege(None, instance_gouvernance=instance_gouvernance, champs=form.champs, auteur=auteur)
        return instance_gouvernance.get_absolute_url()

    reponse = recevoir(request, form, creer, message="Le siège est ajouté. Il est vacant jusqu’à son premier mandat.")
    if reponse:
        return reponse
    contexte = {"form": form, "instance_gouvernance": instance_gouvernance, "siege": None}
    return render(request, "demarche/siege_form.html", contexte)


@require_http_methods(["GET", "POST"])
def siege_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a seat be renamed, renumbered or withdrawn."""
    auteur = auteur_de(request)
    exiger(peut_gerer_reglages(auteur))
    siege = get_object_or_404(Siege.objects.select_related("instance_gouvernance"), pk=pk)
    form = SiegeForm(request.POST or None, instance=get_object_or_404(Siege, pk=pk))

    def enregistrer() -> str:
        enregistrer_siege(siege, instance_gouvernance=siege.instance_gouvernance, champs=form.champs, auteur=auteur)
        return resolve_url(siege.instance_gouvernance)

    reponse = recevoir(request, form, enregistrer, message="Le siège est à jour.")
    if reponse:
        return reponse
    contexte = {"form": form, "instance_gouvernance": siege.instance_gouvernance, "siege": siege}
    return render(request, "demarche/siege_form.html", contexte)


@require_http_methods(["GET", "POST"])
def siege_pourvoir(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a seat be given to a person; a second holder is refused."""
    auteur = auteur_de(request)
    exiger(peut_gerer_reglages(auteur))
    siege = get_object_or_404(Siege.objects.select_related("instance_gouvernance"), pk=pk)
    form = MandatForm(request.POST or None)

    def creer() -> str:
        pourvoir_siege(siege, **donnees_de(form), auteur=auteur)
        return siege.instance_gouvernance.get_absolute_url()

    reponse = recevoir(request, form, creer, message=f"Le siège «\u00a0{siege}\u00a0» est pourvu.")
    if reponse:
        return reponse
    return render(request, "demarche/mandat_form.html", {"form": form, "siege": siege})


@require_http_methods(["GET", "POST"])
def mandat_terminer(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a mandate end on a day."""
    auteur = auteur_de(request)
    exiger(peut_gerer_reglages(auteur))
    mandat = get_object_or_404(Mandat.objects.select_related("siege__instance_gouvernance", "utilisateur"), pk=pk)
    form = FinForm(request.POST or None)

    def enregistrer() -> str:
        terminer_mandat(mandat, au=form.cleaned_data["au"], auteur=auteur)
        return resolve_url(mandat.siege.instance_gouvernance)

    reponse = recevoir(request, form, enregistrer, message="La fin du mandat est inscrite.")
    if reponse:
        return reponse
    return render(request, "demarche/mandat_fin.html", {"form": form, "mandat": mandat})
