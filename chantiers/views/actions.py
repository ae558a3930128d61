"""Pages of the collective actions: the list, one action, its form."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.views.decorators.http import require_safe

from chantiers.enums import EtatDemande, OrigineAction
from chantiers.forms.actions import ActionCreationForm, ActionModificationForm, FiltreActionsForm
from chantiers.models import ActionCollective
from chantiers.permissions import peut_demander, peut_voir_budget
from chantiers.queries import actions_filtrees, actions_visibles, avec_suites, totaux_activites, totaux_budget
from chantiers.services.actions import creer_action, modifier_action
from demarche.models import Exercice
from demarche.permissions import exiger, peut_saisir
from demarche.queries import exercice_choisi, historique_de
from demarche.registre import registre
from demarche.views.formulaires import donnees_de, recevoir
from demarche.views.pages import auteur_de, personne_connectee
from demarche.views.pagination import page_de


@login_not_required
@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """Show the actions this person may read, filtered."""
    interne = peut_voir_budget(request.user)
    exercice = exercice_choisi(request.GET.get("exercice"))
    filtre = FiltreActionsForm(request.GET or None, interne=interne)
    choix = filtre.cleaned_data if filtre.is_valid() else {}
    actions = actions_filtrees(actions_visibles(request.user), exercice=exercice, **choix)
    page, parametres = page_de(request, actions)
    contexte = {
        "exercice": exercice,
        "filtre": filtre,
        "est_filtree": any(choix.values()),
        "page": page,
        "parametres": parametres,
        "peut_saisir": peut_saisir(request.user),
        "interne": interne,
    }
    return render(request, "chantiers/action_liste.html", contexte)


def lire_action(request: HttpRequest, pk: int) -> ActionCollective:
    """Return an action this person may read; 404 when it does not exist or stays hidden."""
    actions = actions_visibles(request.user).select_related("chantier", "concertation", "porteur", "territoire")
    return get_object_or_404(actions, pk=pk)


@login_not_required
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one action: what it is, what it did in the exercice, its money, and what the other apps add."""
    action = lire_action(request, pk)
    interne = peut_voir_budget(request.user)
    exercice = exercice_choisi(request.GET.get("exercice"))
    activites = action.activites.select_related("photo").order_by("-date", "-pk")
    lignes, demandes = action.lignes_budgetaires.all(), action.demandes.filter(etat=EtatDemande.ACCORDEE)
    if exercice is not None:
        activites = activites.de_l_exercice(exercice)
        lignes, demandes = lignes.filter(exercice=exercice), demandes.filter(exercice=exercice)
    page, parametres = page_de(request, activites)
    contexte: dict[str, Any] = {
        "action": action,
        "partenaires": action.partenaires.order_by("nom"),
        "exercice": exercice,
        "exercices": Exercice.objects.all(),
        "totaux": totaux_activites(activites),
        "page": page,
        "budget": totaux_budget(lignes, avec_suites(demandes)) if interne else None,
        "parametres": parametres,
        "sections": registre.onglets_de("chantiers.action", personne_connectee(request), action),
        "historique": historique_de(action) if peut_saisir(request.user) else [],
        "interne": interne,
        "peut_saisir": peut_saisir(request.user),
        "peut_demander": peut_demander(request.user),
    }
    return render(request, "chantiers/action_detail.html", contexte)


def nouvelle(request: HttpRequest) -> HttpResponse:
    """Create one action; `?chantier=` chooses the chantier beforehand."""
    exiger(peut_saisir(request.user))
    chantier = request.GET.get("chantier", "")
    initial = {"origine": OrigineAction.CHANTIER, "chantier": chantier if chantier.isdecimal() else None}
    form = ActionCreationForm(request.POST or None, initial=initial)

    def creer() -> str:
        return creer_action(auteur=auteur_de(request), donnees=donnees_de(form)).get_absolute_url()

    reponse = recevoir(
        request, form, creer, message="L’action est créée. Les prochaines étapes sont proposées ci-dessous."
    )
    if reponse:
        return reponse
    return render(request, "chantiers/action_form.html", {"form": form, "action": None})


def modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one action."""
    exiger(peut_saisir(request.user))
    action = lire_action(request, pk)
    form = ActionModificationForm(request.POST or None, instance=action, initial={"version": action.version})

    def enregistrer() -> str:
        modifier_action(pk, version=form.cleaned_data["version"], auteur=auteur_de(request), donnees=donnees_de(form))
        return resolve_url(action)

    reponse = recevoir(
        request,
        form,
        enregistrer,
        message="L’action est enregistrée.",
        version=lambda: ActionCollective.objects.get(pk=pk).version,
    )
    if reponse:
        return reponse
    contexte = {"form": form, "action": ActionCollective.objects.get(pk=pk)}
    return render(request, "chantiers/action_form.html", contexte)
