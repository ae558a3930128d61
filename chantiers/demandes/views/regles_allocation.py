"""Settings: the dated thresholds that say who decides on a sum (R1)."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from chantiers.demandes.forms.regles_allocation import RegleForm
from chantiers.demandes.queries.regles_allocation import regles_allocation
from chantiers.demandes.services.regles_allocation import ajouter_regle
from demarche.comptes.permissions import exiger, peut_gerer_reglages
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.queries.gouvernance import noms_des_decideurs
from demarche.socle.views.formulaires import donnees_de, save_form

# What the form proposes as long as no rule exists: the thresholds of the bilan 2023-2024.
SEUILS_PROPOSES = {"seuil_comite": Decimal("1000.00"), "seuil_assemblee": Decimal("50000.00")}


@require_safe
def regle_liste(request: HttpRequest) -> HttpResponse:
    """Show every rule, the one in force marked."""
    exiger(peut_gerer_reglages(request.user))
    return render(
        request,
        "demandes/regle_liste.html",
        {"regles": regles_allocation(timezone.localdate()), "noms": noms_des_decideurs()},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def regle_creer(request: HttpRequest) -> HttpResponse:
    """Add a rule in force from a day on; those already there never change."""
    exiger(peut_gerer_reglages(request.user))
    form = RegleForm(request.POST or None, initial=SEUILS_PROPOSES)

    reponse = save_form(
        request,
        form,
        lambda: ajouter_regle(auteur=auteur_de(request), donnees=donnees_de(form)),
        to=reverse("demandes:regle_liste"),
        message="La règle est ajoutée.",
    )
    if reponse:
        return reponse
    return render(request, "demandes/regle_formulaire.html", {"form": form})
