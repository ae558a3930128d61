"""Pages of the chantiers: the list with its totals, one chantier, its form, its objectives."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from chantiers.actions.forms.chantiers import (
    ChantierCreationForm,
    ChantierModificationForm,
    EmpreinteForm,
    ObjectifFormSet,
)
from chantiers.actions.models import Chantier
from chantiers.actions.permissions import peut_voir_budget
from chantiers.actions.protocoles import ARGENT, AUCUN_BUDGET
from chantiers.actions.queries.activites import AUCUNE_ACTIVITE
from chantiers.actions.queries.suivi import SuiviChantier, suivi_par_chantier
from chantiers.actions.services.chantiers import creer_chantier, enregistrer_objectifs, modifier_chantier
from chantiers.actions.views.exercices import exercice_de
from demarche.comptes.permissions import exiger, peut_saisir
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.queries.demarche import exercice_choisi
from demarche.socle.concurrence import empreinte
from demarche.socle.views.formulaires import donnees_de, save_form, show_refusal


@login_not_required
@require_safe
def chantier_liste(request: HttpRequest) -> HttpResponse:
    """Show the chantiers with what their actions did in the exercice."""
    exercice = exercice_choisi(request.GET.get("exercice"))
    groupes = suivi_par_chantier(exercice, request.user) if exercice else []
    contexte = {
        "exercice": exercice,
        "exercices": Exercice.objects.all(),
        "groupes": groupes,
        "totaux": sum((groupe.totaux for groupe in groupes), AUCUNE_ACTIVITE),
        "budget": sum((groupe.budget for groupe in groupes), AUCUN_BUDGET),
        "nb_actions": sum(len(groupe.actions) for groupe in groupes),
        "peut_saisir": peut_saisir(request.user),
        "peut_voir_budget": peut_voir_budget(request.user),
        "liens_argent": [lien for argent in ARGENT for lien in argent.liens(exercice)] if exercice else [],
    }
    return render(request, "actions/chantier_liste.html", contexte)


@login_not_required
@require_safe
def chantier_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one chantier: what it aims at in the exercice, what it did."""
    chantier = get_object_or_404(Chantier.objects.select_related("instance_gouvernance"), pk=pk)
    exercice = exercice_choisi(request.GET.get("exercice"))
    groupes = suivi_par_chantier(exercice, request.user) if exercice else []
    suivi = next((g for g in groupes if g.chantier == chantier), SuiviChantier(chantier, ()))
    contexte = {
        "chantier": chantier,
        "exercice": exercice,
        "exercices": Exercice.objects.all(),
        "objectifs": chantier.objectifs.filter(exercice=exercice).order_by("numero") if exercice else [],
        "suivi": suivi,
        "peut_saisir": peut_saisir(request.user),
        "peut_voir_budget": peut_voir_budget(request.user),
        "liens_argent": [lien for argent in ARGENT for lien in argent.liens(exercice, pk)] if exercice else [],
    }
    return render(request, "actions/chantier_detail.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def chantier_creer(request: HttpRequest) -> HttpResponse:
    """Create one chantier."""
    exiger(peut_saisir(request.user))
    form = ChantierCreationForm(request.POST or None)

    reponse = save_form(
        request,
        form,
        lambda: creer_chantier(auteur=auteur_de(request), donnees=donnees_de(form)),
        message="Le chantier est créé. Écrivez maintenant ce qu’il vise cette année.",
    )
    if reponse:
        return reponse
    return render(request, "actions/chantier_formulaire.html", {"form": form, "chantier": None})


@require_http_methods(["GET", "HEAD", "POST"])
def chantier_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one chantier."""
    exiger(peut_saisir(request.user))
    chantier = get_object_or_404(Chantier, pk=pk)
    form = ChantierModificationForm(request.POST or None, instance=chantier, initial={"version": chantier.version})

    reponse = save_form(
        request,
        form,
        lambda: modifier_chantier(
            pk, version=form.cleaned_data["version"], auteur=auteur_de(request), donnees=donnees_de(form)
        ),
        to=chantier,
        message="Le chantier est enregistré.",
        version=lambda: Chantier.objects.get(pk=pk).version,
    )
    if reponse:
        return reponse
    contexte = {"form": form, "chantier": Chantier.objects.get(pk=pk)}
    return render(request, "actions/chantier_formulaire.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def chantier_objectifs(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the objectives of one chantier for the exercice, all at once."""
    exiger(peut_saisir(request.user))
    chantier = get_object_or_404(Chantier, pk=pk)
    exercice = exercice_de(request)
    actuels = chantier.objectifs.filter(exercice=exercice).order_by("numero")
    page = EmpreinteForm(request.POST or None, initial={"empreinte": empreinte(actuels)})
    lignes = ObjectifFormSet(request.POST or None, queryset=actuels, prefix="objectifs")
    if request.method == "POST" and all([page.is_valid(), lignes.is_valid()]):
        try:
            enregistrer_objectifs(
                pk,
                exercice=exercice,
                empreinte=page.cleaned_data["empreinte"],
                lignes=lignes.lignes(),
                retirees=lignes.retirees(),
                auteur=auteur_de(request),
            )
        except ValidationError as erreur:
            show_refusal(page, erreur, empreinte=empreinte(actuels.all()))
        else:
            messages.success(request, "Les objectifs sont enregistrés.")
            return redirect(f"{chantier.get_absolute_url()}?exercice={exercice.code}")
    contexte: dict[str, Any] = {
        "chantier": chantier,
        "exercice": exercice,
        "page": page,
        "lignes": lignes,
        "refus": request.method == "POST" and not page.non_field_errors(),
    }
    return render(request, "actions/chantier_objectifs.html", contexte)
