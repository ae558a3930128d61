"""Sommes résiduelles: what is set aside on the last day of an exercice, and what it is for (R9)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from chantiers.actions.permissions import peut_gerer_enveloppes, peut_voir_budget
from chantiers.actions.views.exercices import exercice_de
from chantiers.budget.forms.budget import AffectationFormSet, ResultatForm
from chantiers.budget.models import AffectationSurplus, Enveloppe, ResultatFinancier
from chantiers.demandes.queries.engagements import etat_surplus
from chantiers.finances.queries.budget import sommes_residuelles
from chantiers.finances.services.surplus import enregistrer_surplus
from demarche.comptes.permissions import exiger
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.queries.demarche import exercice_courant
from demarche.socle.concurrence import empreinte
from demarche.socle.views.formulaires import show_refusal


@require_safe
def surplus(request: HttpRequest) -> HttpResponse:
    """Show what is set aside, exercice by exercice, its planned uses, and what nobody has decided yet."""
    exiger(peut_voir_budget(request.user))
    exercice = exercice_de(request)
    contexte = {
        "exercice": exercice,
        "exercices": Exercice.objects.all(),
        "sommes": sommes_residuelles(exercice),
        "surplus": etat_surplus() if exercice == exercice_courant() else None,
        "peut_gerer": peut_gerer_enveloppes(request.user) and not exercice.est_clos,
    }
    return render(request, "finances/surplus.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def surplus_modifier(request: HttpRequest) -> HttpResponse:
    """Write the result of the exercice and the planned uses, all at once."""
    exiger(peut_gerer_enveloppes(request.user))
    exercice = exercice_de(request)
    avant = sommes_residuelles(exercice)
    resultat = ResultatFinancier.objects.filter(exercice=exercice).first()
    affectations = AffectationSurplus.objects.filter(exercice=exercice)
    initial = {"empreinte": empreinte([*affectations, *([resultat] if resultat else [])])}
    if resultat:
        initial |= {nom: getattr(resultat, nom) for nom in ("montant", "source", "solde_ouverture")}
    est_premier = not any(r.exercice_id != exercice.pk for r in avant.resultats)
    form = ResultatForm(request.POST or None, initial=initial, est_premier=est_premier)
    lignes = AffectationFormSet(
        request.POST or None,
        queryset=affectations,
        prefix="affectations",
        form_kwargs={"enveloppes": list(Enveloppe.objects.filter(est_surplus=True))},
    )
    if request.method == "POST" and all([form.is_valid(), lignes.is_valid()]):
        try:
            enregistrer_surplus(
                exercice=exercice,
                **{"solde_ouverture": None, **form.cleaned_data},
                lignes=lignes.lignes(),
                retirees=lignes.retirees(),
                auteur=auteur_de(request),
            )
        except ValidationError as erreur:
            show_refusal(form, erreur, empreinte=initial["empreinte"])
        else:
            messages.success(request, "Les sommes résiduelles sont enregistrées.")
            return redirect(f"{reverse('finances:surplus')}?exercice={exercice.code}")
    contexte = {
        "exercice": exercice,
        "form": form,
        "lignes": lignes,
        "total_affecte": lignes.total("montant"),
        "est_premier": est_premier,
        "refus": request.method == "POST" and not form.non_field_errors(),
        "sommes": avant,
    }
    return render(request, "finances/surplus_formulaire.html", contexte)
