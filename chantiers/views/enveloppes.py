"""Pages of the envelopes: what each holds, what is granted, what is left."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from chantiers.forms.budget import EnveloppeCreationForm, EnveloppeModificationForm
from chantiers.forms.groupes import refuser
from chantiers.models import Enveloppe
from chantiers.permissions import peut_gerer_enveloppes, peut_voir_budget
from chantiers.queries import demandes_de_l_enveloppe, soldes_enveloppes
from chantiers.services.budget import creer_enveloppe, modifier_enveloppe
from demarche.permissions import exiger
from demarche.queries import historique_de
from demarche.services.jetons import adresse_deja_recue, une_seule_fois
from demarche.views.pages import auteur_de


@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """Show every envelope with what it can still commit."""
    exiger(peut_voir_budget(request.user))
    contexte = {"soldes": soldes_enveloppes(), "peut_gerer": peut_gerer_enveloppes(request.user)}
    return render(request, "chantiers/enveloppe_liste.html", contexte)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one envelope, and the requests it pays or may pay."""
    exiger(peut_voir_budget(request.user))
    solde = next((s for s in soldes_enveloppes() if s.enveloppe.pk == pk), None)
    if solde is None:
        raise Http404
    contexte = {
        "solde": solde,
        "enveloppe": solde.enveloppe,
        "demandes": demandes_de_l_enveloppe(solde.enveloppe),
        "peut_gerer": peut_gerer_enveloppes(request.user),
        "historique": historique_de(solde.enveloppe),
    }
    return render(request, "chantiers/enveloppe_detail.html", contexte)


def nouvelle(request: HttpRequest) -> HttpResponse:
    """Create one envelope."""
    exiger(peut_gerer_enveloppes(request.user))
    if deja := adresse_deja_recue(request.POST.get("jeton")):
        return redirect(deja)
    form = EnveloppeCreationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        donnees = dict(form.cleaned_data)
        jeton = donnees.pop("jeton")
        auteur = auteur_de(request)
        try:
            adresse, _ = une_seule_fois(
                jeton, lambda: creer_enveloppe(auteur=auteur, donnees=donnees).get_absolute_url()
            )
        except ValidationError as erreur:
            refuser(form, erreur)
        else:
            messages.success(request, "L’enveloppe est créée.")
            return redirect(adresse)
    return render(request, "chantiers/enveloppe_form.html", {"form": form, "enveloppe": None})


def modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one envelope."""
    exiger(peut_gerer_enveloppes(request.user))
    enveloppe = get_object_or_404(Enveloppe, pk=pk)
    form = EnveloppeModificationForm(request.POST or None, instance=enveloppe, initial={"version": enveloppe.version})
    if request.method == "POST" and form.is_valid():
        donnees = dict(form.cleaned_data)
        version = donnees.pop("version")
        try:
            modifier_enveloppe(pk, version=version, auteur=auteur_de(request), donnees=donnees)
        except ValidationError as erreur:
            refuser(form, erreur, version=Enveloppe.objects.get(pk=pk).version)
        else:
            messages.success(request, "L’enveloppe est enregistrée.")
            return redirect(enveloppe)
    contexte = {"form": form, "enveloppe": Enveloppe.objects.get(pk=pk)}
    return render(request, "chantiers/enveloppe_form.html", contexte)
