"""Pages of the envelopes: what each holds, what is granted, what is left."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from chantiers.actions.permissions import peut_gerer_enveloppes, peut_voir_budget
from chantiers.budget.forms.budget import EnveloppeCreationForm, EnveloppeModificationForm
from chantiers.budget.models import Enveloppe
from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.queries.engagements import (
    demandes_de_l_enveloppe,
    etat_surplus,
    solde_enveloppe,
    soldes_enveloppes,
)
from chantiers.finances.services.enveloppes import creer_enveloppe, modifier_enveloppe
from demarche.comptes.permissions import exiger
from demarche.comptes.views.acces import auteur_de
from demarche.socle.queries.historique import historique_de
from demarche.socle.views.formulaires import donnees_de, save_form
from demarche.socle.views.pagination import page_de


@require_safe
def enveloppe_liste(request: HttpRequest) -> HttpResponse:
    """Show every envelope with what it can still commit."""
    exiger(peut_voir_budget(request.user))
    contexte = {"soldes": soldes_enveloppes(), "peut_gerer": peut_gerer_enveloppes(request.user)}
    return render(request, "finances/enveloppe_liste.html", contexte)


@require_safe
def enveloppe_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one envelope, and the requests it pays or may pay."""
    exiger(peut_voir_budget(request.user))
    solde = solde_enveloppe(pk)
    if solde is None:
        raise Http404
    page, parametres = page_de(request, demandes_de_l_enveloppe(solde.enveloppe, EtatDemande.ACCORDEE))
    contexte = {
        "solde": solde,
        "enveloppe": solde.enveloppe,
        "page": page,
        "parametres": parametres,
        "surplus": etat_surplus() if solde.enveloppe.est_surplus else None,
        "reservees": demandes_de_l_enveloppe(solde.enveloppe, EtatDemande.EN_DELIBERATION),
        "peut_gerer": peut_gerer_enveloppes(request.user),
        "historique": historique_de(solde.enveloppe),
    }
    return render(request, "finances/enveloppe_detail.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def enveloppe_creer(request: HttpRequest) -> HttpResponse:
    """Create one envelope."""
    exiger(peut_gerer_enveloppes(request.user))
    form = EnveloppeCreationForm(request.POST or None)

    reponse = save_form(
        request,
        form,
        lambda: creer_enveloppe(auteur=auteur_de(request), donnees=donnees_de(form)),
        message="L’enveloppe est créée.",
    )
    return reponse or render(request, "finances/enveloppe_formulaire.html", {"form": form, "enveloppe": None})


@require_http_methods(["GET", "HEAD", "POST"])
def enveloppe_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one envelope."""
    exiger(peut_gerer_enveloppes(request.user))
    enveloppe = get_object_or_404(Enveloppe, pk=pk)
    form = EnveloppeModificationForm(request.POST or None, instance=enveloppe, initial={"version": enveloppe.version})

    reponse = save_form(
        request,
        form,
        lambda: modifier_enveloppe(
            pk, version=form.cleaned_data["version"], auteur=auteur_de(request), donnees=donnees_de(form)
        ),
        to=enveloppe,
        message="L’enveloppe est enregistrée.",
        version=lambda: Enveloppe.objects.get(pk=pk).version,
    )
    contexte = {"form": form, "enveloppe": Enveloppe.objects.get(pk=pk)}
    return reponse or render(request, "finances/enveloppe_formulaire.html", contexte)
