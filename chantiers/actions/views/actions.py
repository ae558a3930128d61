"""Pages of the collective actions: the list, one action, its form."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from chantiers.actions.enums import OrigineAction
from chantiers.actions.forms.actions import ActionCreationForm, ActionModificationForm, FiltreActionsForm
from chantiers.actions.models import ActionCollective, Activite
from chantiers.actions.permissions import peut_voir_budget
from chantiers.actions.protocoles import ARGENT
from chantiers.actions.queries.activites import TotauxActivites, totaux_activites
from chantiers.actions.queries.suivi import actions_filtrees, actions_visibles
from chantiers.actions.services.actions import creer_action, modifier_action
from demarche.comptes.permissions import exiger, peut_saisir
from demarche.comptes.protocoles import PAGES
from demarche.comptes.views.acces import auteur_de, personne_connectee
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.queries.demarche import exercice_choisi
from demarche.socle.queries.historique import LigneHistorique, historique_de
from demarche.socle.views.formulaires import donnees_de, save_form
from demarche.socle.views.pagination import page_de
from partenaires.models import Organisation


@login_not_required
@require_safe
def action_liste(request: HttpRequest) -> HttpResponse:
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
    return render(request, "actions/action_liste.html", contexte)


def lire_action(request: HttpRequest, pk: int) -> ActionCollective:
    """Return an action this person may read; 404 when it does not exist or stays hidden."""
    actions = actions_visibles(request.user).select_related("chantier", "concertation", "porteur", "territoire")
    return get_object_or_404(actions, pk=pk)


@dataclass(frozen=True)
class PageAction:
    """What the page of one action shows to one person, in one exercice."""

    action: ActionCollective
    partenaires: QuerySet[Organisation]
    exercice: Exercice | None
    exercices: QuerySet[Exercice]
    activites: Page[Activite]
    parametres: str  # of the address, kept while the activities turn their pages
    totaux: TotauxActivites
    argent: list[tuple[str, dict[str, Any]]]  # of the rooms above, as `sections`: template and context
    gestes: list[tuple[str, str]]  # what the team may do next about the money: what, where
    sections: list[tuple[str, str, dict[str, Any]]]
    historique: list[LigneHistorique]
    interne: bool
    peut_saisir: bool


@login_not_required
@require_safe
def action_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one action: what it is, what it did in the exercice, its money, and what the rooms above add."""
    action, visiteur = lire_action(request, pk), request.user
    exercice, saisit = exercice_choisi(request.GET.get("exercice")), peut_saisir(visiteur)
    activites = action.activites.select_related("photo").order_by("-date", "-pk")
    if exercice is not None:
        activites = activites.de_l_exercice(exercice)
    une_page, parametres = page_de(request, activites)
    page = PageAction(
        action=action,
        partenaires=action.partenaires.order_by("nom"),
        exercice=exercice,
        exercices=Exercice.objects.all(),
        activites=une_page,
        parametres=parametres,
        totaux=totaux_activites(activites),
        argent=[m for un in ARGENT if exercice and (m := un.montre(visiteur, action, exercice))],
        gestes=[geste for un in ARGENT for geste in un.gestes(visiteur, action, exercice)] if saisit else [],
        sections=PAGES.sections_de("actions.action", personne_connectee(request), action),
        historique=historique_de(action) if saisit else [],
        interne=peut_voir_budget(visiteur),
        peut_saisir=saisit,
    )
    return render(request, "actions/action_detail.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def action_creer(request: HttpRequest) -> HttpResponse:
    """Create one action; `?chantier=` chooses the chantier beforehand."""
    exiger(peut_saisir(request.user))
    chantier = request.GET.get("chantier", "")
    initial = {"origine": OrigineAction.CHANTIER, "chantier": chantier if chantier.isdecimal() else None}
    form = ActionCreationForm(request.POST or None, initial=initial)

    reponse = save_form(
        request,
        form,
        lambda: creer_action(auteur=auteur_de(request), donnees=donnees_de(form)),
        message="L’action est créée. Les prochaines étapes sont proposées ci-dessous.",
    )
    if reponse:
        return reponse
    return render(request, "actions/action_formulaire.html", {"form": form, "action": None})


@require_http_methods(["GET", "HEAD", "POST"])
def action_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one action."""
    exiger(peut_saisir(request.user))
    action = lire_action(request, pk)
    form = ActionModificationForm(request.POST or None, instance=action, initial={"version": action.version})

    reponse = save_form(
        request,
        form,
        lambda: modifier_action(
            pk, version=form.cleaned_data["version"], auteur=auteur_de(request), donnees=donnees_de(form)
        ),
        to=action,
        message="L’action est enregistrée.",
        version=lambda: ActionCollective.objects.get(pk=pk).version,
    )
    if reponse:
        return reponse
    contexte = {"form": form, "action": ActionCollective.objects.get(pk=pk)}
    return render(request, "actions/action_formulaire.html", contexte)
