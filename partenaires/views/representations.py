"""The organisations that the seats of an instance stand for."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from demarche.comptes.permissions import exiger
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.models import InstanceGouvernance, Siege
from demarche.socle.views.formulaires import save_form
from partenaires.forms.organisations import RepresentationForm
from partenaires.models import Representation
from partenaires.permissions import peut_gerer_representations
from partenaires.queries.organisations import sieges_de_l_instance
from partenaires.services.organisations import designer_organisation, terminer_representation


@require_safe
def representation_liste(request: HttpRequest, pk: int) -> HttpResponse:
    """Show which organisation each seat of an instance stands for."""
    exiger(peut_gerer_representations(request.user))
    instance_gouvernance = get_object_or_404(InstanceGouvernance, pk=pk)
    contexte = {
        "instance_gouvernance": instance_gouvernance,
        "sieges": sieges_de_l_instance(instance_gouvernance),
    }
    return render(request, "partenaires/representation_liste.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def representation_designer(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which organisation a seat stands for."""
    exiger(peut_gerer_representations(request.user))
    siege = get_object_or_404(Siege.objects.select_related("instance_gouvernance"), pk=pk)
    form = RepresentationForm(request.POST or None)
    reponse = save_form(
        request,
        form,
        lambda: designer_organisation(
            siege,
            form.cleaned_data["organisation"],
            du=form.cleaned_data["du"],
            auteur=auteur_de(request),
        ),
        to=resolve_url("partenaires:representation_liste", pk=siege.instance_gouvernance_id),
        message=lambda _: f"Le siège « {siege} » est tenu par {form.cleaned_data['organisation']}.",
    )
    return reponse or render(request, "partenaires/representation_formulaire.html", {"form": form, "siege": siege})


@require_POST
def representation_terminer(request: HttpRequest, pk: int) -> HttpResponse:
    exiger(peut_gerer_representations(request.user))
    representation = get_object_or_404(Representation.objects.select_related("siege", "organisation"), pk=pk)
    terminer_representation(representation, auteur=auteur_de(request))
    messages.success(request, "Aujourd’hui est le dernier jour de cette représentation.")
    return redirect("partenaires:representation_liste", pk=representation.siege.instance_gouvernance_id)
