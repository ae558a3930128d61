"""Seats and mandates."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from demarche.comptes.forms.comptes import FinForm
from demarche.comptes.permissions import exiger, peut_gerer_reglages
from demarche.comptes.protocoles import PAGES
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.forms.gouvernance import MandatForm, SiegeForm
from demarche.gouvernance.models import InstanceGouvernance, Mandat, Siege
from demarche.gouvernance.permissions import peut_voir_instance
from demarche.gouvernance.protocoles import SUITES
from demarche.gouvernance.queries.gouvernance import sieges_en_date
from demarche.gouvernance.services.gouvernance import enregistrer_siege, pourvoir_siege, terminer_mandat
from demarche.socle.queries.historique import historique_de
from demarche.socle.views.formulaires import donnees_de, save_form


@require_safe
def siege_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one seat: who holds it, who held it, for which organisation."""
    utilisateur = auteur_de(request)
    exiger(peut_voir_instance(utilisateur))
    siege = get_object_or_404(Siege.objects.select_related("instance_gouvernance"), pk=pk)
    contexte = {
        "ligne": sieges_en_date(timezone.localdate(), siege=siege)[0],
        "peut_gerer": peut_gerer_reglages(utilisateur),
        "sections": PAGES.sections_de("gouvernance.siege", utilisateur, siege),
        "historique": historique_de(siege),
    }
    return render(request, "gouvernance/siege_detail.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def siege_creer(request: HttpRequest, pk: int) -> HttpResponse:
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

    reponse = save_form(
        request,
        form,
        lambda: enregistrer_siege(
            None, instance_gouvernance=instance_gouvernance, champs=donnees_de(form), auteur=auteur
        ),
        to=instance_gouvernance,
        message="Le siège est ajouté. Il est vacant jusqu’à son premier mandat.",
    )
    if reponse:
        return reponse
    contexte = {"form": form, "instance_gouvernance": instance_gouvernance, "siege": None}
    return render(request, "gouvernance/siege_formulaire.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def siege_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a seat be renamed, renumbered or withdrawn."""
    auteur = auteur_de(request)
    exiger(peut_gerer_reglages(auteur))
    siege = get_object_or_404(Siege.objects.select_related("instance_gouvernance"), pk=pk)
    form = SiegeForm(request.POST or None, instance=get_object_or_404(Siege, pk=pk))
    reponse = save_form(
        request,
        form,
        lambda: enregistrer_siege(
            siege, instance_gouvernance=siege.instance_gouvernance, champs=donnees_de(form), auteur=auteur
        ),
        to=siege.instance_gouvernance,
        message="Le siège est à jour.",
    )
    if reponse:
        return reponse
    contexte = {"form": form, "instance_gouvernance": siege.instance_gouvernance, "siege": siege}
    return render(request, "gouvernance/siege_formulaire.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def siege_pourvoir(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a seat be given to a person; a second holder is refused."""
    auteur = auteur_de(request)
    exiger(peut_gerer_reglages(auteur))
    siege = get_object_or_404(Siege.objects.select_related("instance_gouvernance"), pk=pk)
    form = MandatForm(request.POST or None)
    reponse = save_form(
        request,
        form,
        lambda: pourvoir_siege(siege, **donnees_de(form), auteur=auteur),
        to=siege.instance_gouvernance,
        message=f"Le siège «\u00a0{siege}\u00a0» est pourvu.",
    )
    return reponse or render(request, "gouvernance/mandat_formulaire.html", {"form": form, "siege": siege})


@require_http_methods(["GET", "HEAD", "POST"])
def mandat_terminer(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a mandate end on a day."""
    auteur = auteur_de(request)
    exiger(peut_gerer_reglages(auteur))
    mandat = get_object_or_404(Mandat.objects.select_related("siege__instance_gouvernance", "utilisateur"), pk=pk)
    form = FinForm(request.POST or None)
    reponse = save_form(
        request,
        form,
        lambda: terminer_mandat(mandat, au=form.cleaned_data["au"], auteur=auteur),
        to=mandat.siege.instance_gouvernance,
        message="La fin du mandat est inscrite.",
    )
    if reponse:
        return reponse
    contexte = {
        "form": form,
        "mandat": mandat,
        "scrutins": SUITES.scrutins_ouverts(mandat.siege.instance_gouvernance, mandat.siege),
    }
    return render(request, "gouvernance/mandat_terminer.html", contexte)
