"""One strategy in an exercice: its targets, its effects, the actions that serve it."""

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from chantiers.actions.models import ActionCollective
from demarche.comptes.permissions import exiger
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.models import Exercice
from demarche.socle.views.formulaires import save_form
from evaluation.plan import permissions
from evaluation.plan.forms.cibles import EnvoiForm, LigneCibleFormSet, lire_saisies
from evaluation.plan.forms.contributions import ContributionsForm
from evaluation.plan.forms.effets import EffetForm
from evaluation.plan.models import Strategie
from evaluation.plan.queries.plans import (
    exercice_de_la_strategie,
    ligne_strategie,
    onglets_exercices,
    plans_de_l_action,
)
from evaluation.plan.services.cibles import enregistrer_cibles
from evaluation.plan.services.contributions import choisir_strategies
from evaluation.plan.services.effets import noter_effets
from evaluation.plan.views.formulaires import Etapes, exercice_exige


def lire_strategie(pk: int) -> Strategie:
    return get_object_or_404(Strategie.objects.select_related("objectif__orientation__plan"), pk=pk)


def adresse(strategie: Strategie, exercice: Exercice) -> str:
    """Return the page of a strategy in an exercice."""
    return f"{strategie.get_absolute_url()}?exercice={exercice.code}"


def fil(strategie: Strategie, exercice: Exercice, *suite: str) -> Etapes:
    """Return the breadcrumb down to a strategy, and further."""
    plan = f"{reverse('plan:plan')}?exercice={exercice.code}"
    etapes = [("Plan stratégique", plan), (f"Stratégie {strategie.code}", adresse(strategie, exercice))]
    return [*etapes, *((libelle, "") for libelle in suite)]


@require_safe
def strategie_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a strategy in the exercice chosen."""
    exiger(permissions.peut_voir_plan(request.user))
    strategie = lire_strategie(pk)
    exercice = exercice_exige(request)
    if "exercice" not in request.GET:
        exercice = exercice_de_la_strategie(strategie, exercice)
    contexte = {
        "strategie": strategie,
        "exercice": exercice,
        "ligne": ligne_strategie(strategie, exercice),
        "onglets": onglets_exercices(strategie, exercice),
        "actions": ActionCollective.objects.filter(contributions__strategie=strategie).select_related("chantier"),
        "etapes": fil(strategie, exercice),
        "peut_modifier": permissions.peut_modifier_plan(request.user),
        "peut_saisir": permissions.peut_saisir_resultats(request.user, exercice),
    }
    return render(request, "plan/strategie_detail.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def cibles_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Write together the targets of a strategy in the exercice."""
    exercice = exercice_exige(request)
    exiger(permissions.peut_saisir_resultats(request.user, exercice))
    strategie = lire_strategie(pk)
    cibles = strategie.cibles.filter(exercice=exercice).order_by("numero")
    initial = list(cibles.values("pk", "version", "numero", "enonce", "valeur_visee", "unite"))
    donnees = request.POST.copy() if request.method == "POST" else None
    envoi = EnvoiForm(donnees)
    lignes = LigneCibleFormSet(donnees, initial=initial, prefix="cibles")

    if request.method == "POST" and lignes.is_valid():
        reponse = save_form(
            request,
            envoi,
            lambda: enregistrer_cibles(strategie, exercice, lire_saisies(lignes), auteur=auteur_de(request)),
            to=adresse(strategie, exercice),
            message="Les cibles sont enregistrées.",
        )
        if reponse is not None:
            return reponse
        if donnees is not None and envoi.has_error(NON_FIELD_ERRORS, "conflit"):
            # A person who has compared may save: the rows carry the versions as they now stand.
            versions = {cible.pk: cible.version for cible in cibles}
            for ligne in lignes:
                donnees[ligne.add_prefix("version")] = str(versions.get(ligne.cleaned_data.get("pk") or 0, ""))
    contexte = {
        "strategie": strategie,
        "exercice": exercice,
        "envoi": envoi,
        "lignes": lignes,
        "retour": adresse(strategie, exercice),
        "etapes": fil(strategie, exercice, f"Cibles {exercice.code}"),
    }
    return render(request, "plan/cibles_formulaire.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def effets_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what a strategy changed in the exercice (R15)."""
    exercice = exercice_exige(request)
    exiger(permissions.peut_saisir_resultats(request.user, exercice))
    strategie = lire_strategie(pk)
    effet = strategie.effets.filter(exercice=exercice).prefetch_related("resultats_transitoires").first()
    form = EffetForm(request.POST or None, effet=effet)

    if reponse := save_form(
        request,
        form,
        lambda: noter_effets(
            strategie,
            exercice,
            auteur=auteur_de(request),
            nature=form.cleaned_data["nature"],
            resultats_transitoires=form.resultats_transitoires,
            precision=form.cleaned_data["precision"],
        ),
        to=adresse(strategie, exercice),
        message="Les effets sont notés.",
    ):
        return reponse
    contexte = {
        "strategie": strategie,
        "exercice": exercice,
        "form": form,
        "retour": adresse(strategie, exercice),
        "etapes": fil(strategie, exercice, f"Effets {exercice.code}"),
    }
    return render(request, "plan/effets_formulaire.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def action_strategies(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the strategies that a collective action serves."""
    exiger(permissions.peut_modifier_plan(request.user))
    action = get_object_or_404(ActionCollective, pk=pk)
    plans = plans_de_l_action(action)
    form = ContributionsForm(request.POST or None, action_collective=action, plans=plans)

    if reponse := save_form(
        request,
        form,
        lambda: choisir_strategies(
            action, auteur=auteur_de(request), strategies=form.strategies, parmi=form.proposees
        ),
        to=action,
        message="Les stratégies servies sont enregistrées.",
    ):
        return reponse
    etapes: Etapes = [(action.titre, action.get_absolute_url()), ("Stratégies servies", "")]
    contexte = {"action_collective": action, "form": form, "plans": plans, "etapes": etapes}
    return render(request, "plan/contributions_formulaire.html", contexte)
