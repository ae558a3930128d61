"""Settings: the dated thresholds that say who decides on a sum (R1)."""

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from chantiers.forms.budget import RegleForm
from chantiers.forms.groupes import refuser
from chantiers.queries import regles_allocation
from chantiers.services.budget import ajouter_regle
from demarche.permissions import exiger, peut_gerer_reglages
from demarche.services.jetons import adresse_deja_recue, une_seule_fois
from demarche.views.pages import auteur_de

# What the form proposes as long as no rule exists: the thresholds of the bilan 2023-2024.
SEUILS_PROPOSES = {"seuil_comite": Decimal("1000.00"), "seuil_assemblee": Decimal("50000.00")}


@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """Show every rule, the one in force marked."""
    exiger(peut_gerer_reglages(request.user))
    return render(request, "chantiers/regle_liste.html", {"regles": regles_allocation(timezone.localdate())})


def nouvelle(request: HttpRequest) -> HttpResponse:
    """Add a rule in force from a day on; those already there never change."""
    exiger(peut_gerer_reglages(request.user))
    if deja := adresse_deja_recue(request.POST.get("jeton")):
        return redirect(deja)
    form = RegleForm(request.POST or None, initial=SEUILS_PROPOSES)
    if request.method == "POST" and form.is_valid():
        donnees = dict(form.cleaned_data)
        jeton = donnees.pop("jeton")
        auteur = auteur_de(request)

        def creer() -> str:
            ajouter_regle(auteur=auteur, donnees=donnees)
            return reverse("chantiers:regle_liste")

        try:
            adresse, _ = une_seule_fois(jeton, creer)
        except ValidationError as erreur:
            refuser(form, erreur)
        else:
            messages.success(request, "La règle est ajoutée.")
            return redirect(adresse)
    return render(request, "chantiers/regle_form.html", {"form": form})
