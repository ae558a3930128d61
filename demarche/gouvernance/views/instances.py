"""Instances: their list, their page, how they decide."""

import datetime
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import exiger, peut_gerer_reglages
from demarche.comptes.protocoles import PAGES
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.forms.gouvernance import InstanceForm, RegleDecisionForm
from demarche.gouvernance.models import CadreReference, InstanceGouvernance
from demarche.gouvernance.permissions import peut_regler_decisions, peut_voir_instance
from demarche.gouvernance.phrases_regle import ecrire_regle
from demarche.gouvernance.protocoles import MEMBRES, SUITES
from demarche.gouvernance.queries.gouvernance import LigneSiege, arbre_instances, nb_voix_de, sieges_en_date
from demarche.gouvernance.services.gouvernance import creer_instance, modifier_instance, regler_decision
from demarche.socle.queries.historique import historique_de
from demarche.socle.views.formulaires import donnees_de, save_form


@require_safe
def instance_liste(request: HttpRequest) -> HttpResponse:
    """Show the instances as a tree, with their seats filled and vacant."""
    exiger(peut_gerer_reglages(auteur_de(request)))
    lignes = arbre_instances(timezone.localdate())
    return render(request, "gouvernance/instance_liste.html", {"lignes": lignes})


@require_safe
def instance_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one instance: its role, how it decides, who sits."""
    utilisateur, jour = auteur_de(request), timezone.localdate()
    exiger(peut_voir_instance(utilisateur))
    instance_gouvernance = get_object_or_404(InstanceGouvernance.objects.select_related("parent"), pk=pk)
    lignes = sieges_en_date(jour, instance_gouvernance=instance_gouvernance)
    sieges = sieges_montres([ligne for ligne in lignes if ligne.siege.est_actif], utilisateur, jour)
    genre = instance_gouvernance.get_genre_display()
    contexte = {
        "instance_gouvernance": instance_gouvernance,
        "regle": ecrire_regle(instance_gouvernance, nb_voix=nb_voix_de(instance_gouvernance, jour)),
        "cadre_cite": cadre_cite(instance_gouvernance.source_regle),
        "surtitre": genre if genre != instance_gouvernance.nom else "",
        "lignes": sieges,
        "lit_dossiers": any(siege.dossier for siege in sieges),
        "retires": [ligne for ligne in lignes if not ligne.siege.est_actif],
        "nb_vacants": sum(1 for ligne in lignes if ligne.siege.est_actif and ligne.titulaire is None),
        "peut_gerer": peut_gerer_reglages(utilisateur),
        "peut_regler": peut_regler_decisions(utilisateur),
        "sections": PAGES.sections_de("gouvernance.instance", utilisateur, instance_gouvernance),
        "historique": historique_de(instance_gouvernance),
    }
    return render(request, "gouvernance/instance_detail.html", contexte)


@dataclass(frozen=True)
class SiegeMontre:
    """One seat of the page of an instance: who holds it, for which organisation, where its file is read."""

    ligne: LigneSiege
    organisation: str
    dossier: str  # the address of its file; empty for a person who may not read it


def sieges_montres(lignes: list[LigneSiege], utilisateur: Utilisateur, jour: datetime.date) -> list[SiegeMontre]:
    """Return the seats with their organisation and their file, in one query more."""
    organisations = MEMBRES.organisations_de([ligne.siege.pk for ligne in lignes], jour)
    dossiers = SUITES.dossiers(utilisateur, (ligne.siege for ligne in lignes))
    return [
        SiegeMontre(ligne, organisations.get(ligne.siege.pk, ""), dossiers.get(ligne.siege.pk, "")) for ligne in lignes
    ]


def cadre_cite(source: str) -> CadreReference | None:
    """Return the version of the cadre de référence that a source names first, to link it."""
    if not source:
        return None
    return next((cadre for cadre in CadreReference.objects.all() if source.startswith(str(cadre))), None)


@require_http_methods(["GET", "HEAD", "POST"])
def instance_creer(request: HttpRequest) -> HttpResponse:
    """Let an instance be added."""
    auteur = auteur_de(request)
    exiger(peut_gerer_reglages(auteur))
    form = InstanceForm(request.POST or None)
    reponse = save_form(
        request,
        form,
        lambda: creer_instance(champs=donnees_de(form), auteur=auteur).get_absolute_url(),
        message="L’instance est enregistrée. Ajoutez maintenant ses sièges.",
    )
    return reponse or render(
        request, "gouvernance/instance_formulaire.html", {"form": form, "instance_gouvernance": None}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def instance_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an instance be changed; the second of two tabs is told."""
    auteur = auteur_de(request)
    exiger(peut_gerer_reglages(auteur))
    instance_gouvernance = get_object_or_404(InstanceGouvernance, pk=pk)
    form = InstanceForm(request.POST or None, instance=get_object_or_404(InstanceGouvernance, pk=pk))
    reponse = save_form(
        request,
        form,
        lambda: modifier_instance(
            instance_gouvernance, version=form.cleaned_data["version"], champs=donnees_de(form), auteur=auteur
        ),
        to=instance_gouvernance,
        message="L’instance est à jour.",
        version=lambda: InstanceGouvernance.objects.get(pk=pk).version,
    )
    if reponse:
        return reponse
    contexte = {"form": form, "instance_gouvernance": instance_gouvernance}
    return render(request, "gouvernance/instance_formulaire.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def instance_regle(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the coordination say how an instance decides; ballots already open keep their own rule."""
    auteur = auteur_de(request)
    exiger(peut_regler_decisions(auteur))
    instance_gouvernance = get_object_or_404(InstanceGouvernance, pk=pk)
    form = RegleDecisionForm(request.POST or None, instance=get_object_or_404(InstanceGouvernance, pk=pk))
    reponse = save_form(
        request,
        form,
        lambda: regler_decision(
            instance_gouvernance, version=form.cleaned_data["version"], champs=form.champs, auteur=auteur
        ),
        to=instance_gouvernance,
        message="La règle de décision est à jour. Elle vaut pour les prochains scrutins.",
        version=lambda: InstanceGouvernance.objects.get(pk=pk).version,
    )
    if reponse:
        return reponse
    contexte = {
        "form": form,
        "instance_gouvernance": instance_gouvernance,
        "regle": ecrire_regle(instance_gouvernance, nb_voix=nb_voix_de(instance_gouvernance, timezone.localdate())),
        "nb_ouverts": len(SUITES.scrutins_ouverts(instance_gouvernance)),
    }
    return render(request, "gouvernance/instance_regle.html", contexte)


@require_safe
def instance_regle_apercu(request: HttpRequest, pk: int) -> HttpResponse:
    """Show in sentences the rule as the form says it now, without writing anything."""
    exiger(peut_regler_decisions(auteur_de(request)))
    instance_gouvernance = get_object_or_404(InstanceGouvernance, pk=pk)
    nb_voix = nb_voix_de(instance_gouvernance, timezone.localdate())
    form = RegleDecisionForm(request.GET, instance=instance_gouvernance)
    form.is_valid()  # what is not valid stays as it was
    for nom, valeur in form.cleaned_data.items():
        if nom in form.Meta.fields:
            setattr(instance_gouvernance, nom, valeur)
    contexte = {"regle": ecrire_regle(instance_gouvernance, nb_voix=nb_voix)}
    return render(request, "gouvernance/_regle.html", contexte)
