"""Pages of the logbook: the year's activities, note one, correct it, take it away."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from chantiers.actions.exports import ActiviteResource
from chantiers.actions.forms.activites import ActiviteCreationForm, ActiviteModificationForm
from chantiers.actions.models import ActionCollective, Activite
from chantiers.actions.permissions import peut_voir_budget
from chantiers.actions.queries.activites import totaux_activites
from chantiers.actions.queries.suivi import actions_a_noter
from chantiers.actions.services.activites import modifier_activite, noter_activite, supprimer_activite
from chantiers.actions.views.exercices import exercice_de
from demarche.comptes.permissions import exiger, peut_saisir
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.models import Exercice
from demarche.socle.classeurs import reponse_classeur
from demarche.socle.views.formulaires import run_verb, save_form
from demarche.socle.views.pagination import page_de

PAR_PAGE = 50


@require_safe
def activite_liste(request: HttpRequest) -> HttpResponse:
    """Show the activities of the exercice, the last one first."""
    exiger(peut_voir_budget(request.user))
    exercice = exercice_de(request)
    activites = (
        Activite.objects.de_l_exercice(exercice).select_related("action_collective__chantier").order_by("-date", "-pk")
    )
    page, parametres = page_de(request, activites, PAR_PAGE)
    contexte = {
        "exercice": exercice,
        "exercices": Exercice.objects.all(),
        "totaux": totaux_activites(activites),
        "page": page,
        "parametres": parametres,
        "peut_saisir": peut_saisir(request.user),
    }
    return render(request, "actions/activite_liste.html", contexte)


@require_safe
def activite_exporter(request: HttpRequest, extension: str) -> HttpResponse:
    """Download the activities of the exercice as a spreadsheet."""
    exiger(peut_voir_budget(request.user))
    exercice = exercice_de(request)
    activites = Activite.objects.de_l_exercice(exercice).select_related("action_collective__chantier")
    return reponse_classeur(
        extension,
        nom=f"activites-{exercice.code}",
        titre=f"Activités {exercice.code}",
        ressource=ActiviteResource,
        lignes=activites,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def activite_creer(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Note one activity, of the action in the address or of one chosen on the page."""
    exiger(peut_saisir(request.user))
    action = get_object_or_404(ActionCollective, pk=pk) if pk is not None else None
    form = ActiviteCreationForm(
        request.POST or None,
        request.FILES or None,
        actions=actions_a_noter() if action is None else None,
    )

    def to(saved: Activite) -> str:
        page = saved.action_collective.get_absolute_url()
        return request.path if "encore" in request.POST else f"{page}#activites"

    reponse = save_form(
        request,
        form,
        lambda: noter_activite(
            action or form.cleaned_data["action_collective"],
            auteur=auteur_de(request),
            donnees=form.donnees,
            photo=form.photo,
        ),
        to=to,
        message=lambda saved: f"L’activité est notée au journal de « {saved.action_collective} ».",
    )
    if reponse:
        return reponse
    return render(request, "actions/activite_formulaire.html", {"form": form, "action": action, "activite": None})


def lire_activite(pk: int) -> Activite:
    return get_object_or_404(Activite.objects.select_related("action_collective", "photo"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def activite_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct one activity."""
    exiger(peut_saisir(request.user))
    activite = lire_activite(pk)
    action = activite.action_collective
    form = ActiviteModificationForm(
        request.POST or None,
        request.FILES or None,
        instance=activite,
        initial={"version": activite.version},
    )

    reponse = save_form(
        request,
        form,
        lambda: modifier_activite(
            pk,
            version=form.cleaned_data["version"],
            auteur=auteur_de(request),
            donnees=form.donnees,
            photo=form.photo,
            retirer_photo=form.cleaned_data.get("retirer_photo", False),
        ),
        to=f"{action.get_absolute_url()}#activites",
        message="L’activité est enregistrée.",
        version=lambda: Activite.objects.get(pk=pk).version,
    )
    if reponse:
        return reponse
    contexte: dict[str, Any] = {"form": form, "action": action, "activite": lire_activite(pk)}
    return render(request, "actions/activite_formulaire.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def activite_supprimer(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take one activity away from the logbook."""
    exiger(peut_saisir(request.user))
    activite = lire_activite(pk)
    action = activite.action_collective
    if request.method == "POST":
        run_verb(
            request,
            lambda: supprimer_activite(pk, auteur=auteur_de(request)),
            message=f"« {activite} » est retirée du journal.",
        )
        return redirect(f"{reverse('actions:action_detail', args=[action.pk])}#activites")
    return render(request, "actions/activite_supprimer.html", {"activite": activite, "action": action})
