"""Presences at meetings, tacit adhesions, collaborations beyond the partners."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from demarche.comptes.permissions import exiger
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.models import Exercice, Rencontre
from demarche.gouvernance.queries.demarche import exercice_choisi
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.views.formulaires import donnees_de, run_verb, save_form, show_refusal
from partenaires.forms.participation import (
    AdhesionsTacitesForm,
    CollaborationForm,
    EmpreinteForm,
    PresencesFormSet,
    valeur_qui,
)
from partenaires.models import Adhesion, CollaborationStructurante
from partenaires.permissions import peut_decider_adhesion, peut_gerer_organisations
from partenaires.queries.participation import (
    collaborations_de_l_exercice,
    lignes_presences,
    presences_rencontre,
    presents_non_partenaires,
)
from partenaires.services.participation import (
    LignePresence,
    creer_collaboration,
    empreinte_presences,
    enregistrer_adhesions_tacites,
    enregistrer_presences,
    modifier_collaboration,
    supprimer_collaboration,
)


def lignes_saisies(formset: Any) -> list[LignePresence]:
    """Return the lines that stay: neither empty nor removed."""
    saisies = (form.cleaned_data for form in formset.forms)
    return [
        LignePresence(s["organisation"], s["personne"], s["precision"], s["nb_personnes"])
        for s in saisies
        if s and not s.get("DELETE") and "organisation" in s and (s["qui"] or s["precision"])
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def presence_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Note who was at a meeting, on one page."""
    exiger(peut_gerer_organisations(request.user))
    rencontre = get_object_or_404(Rencontre.objects.select_related("instance_gouvernance"), pk=pk)
    notees = [
        {
            "qui": valeur_qui(p.organisation_id, p.personne_id),
            "precision": p.precision,
            "nb_personnes": p.nb_personnes,
        }
        for p in lignes_presences(rencontre)
    ]
    formset = PresencesFormSet(request.POST or None, initial=notees, prefix="presences")
    tete = EmpreinteForm(request.POST or None, initial={"empreinte": empreinte_presences(rencontre)})
    if request.method == "POST" and formset.is_valid() and tete.is_valid():
        try:
            enregistrer_presences(
                rencontre,
                lignes_saisies(formset),
                empreinte=tete.cleaned_data["empreinte"],
                auteur=auteur_de(request),
            )
        except ErreurMetier as erreur:
            show_refusal(tete, erreur)
        else:
            messages.success(request, "Les présences sont enregistrées.")
            return redirect(rencontre)
    contexte = {"rencontre": rencontre, "formset": formset, "tete": tete, "total": presences_rencontre(rencontre)}
    return render(request, "partenaires/presence_formulaire.html", contexte)


def annonce_tacites(nb: int) -> str:
    """Return what to say after recording that many tacit adhesions."""
    if nb == 0:
        return "Aucune nouvelle adhésion : rien n’était coché."
    return "Une adhésion tacite est enregistrée." if nb == 1 else f"{nb} adhésions tacites sont enregistrées."


@require_http_methods(["GET", "HEAD", "POST"])
def adhesion_tacites(request: HttpRequest, pk: int) -> HttpResponse:
    """Make partners of those present at an assemblée (R11)."""
    exiger(peut_decider_adhesion(request.user))
    rencontre = get_object_or_404(Rencontre.objects.select_related("instance_gouvernance"), pk=pk)
    organisations, personnes = presents_non_partenaires(rencontre)
    form = AdhesionsTacitesForm(request.POST or None, organisations=organisations, personnes=personnes)

    creees: list[Adhesion] = []

    def enregistrer() -> str:
        creees[:] = enregistrer_adhesions_tacites(
            rencontre,
            organisations=form.cleaned_data.get("organisations", []),
            personnes=form.cleaned_data.get("personnes", []),
            auteur=auteur_de(request),
        )
        return resolve_url(rencontre)

    reponse = save_form(request, form, enregistrer, message=lambda _: annonce_tacites(len(creees)))
    return reponse or render(
        request,
        "partenaires/adhesion_tacites.html",
        {"rencontre": rencontre, "form": form, "personne_a_ajouter": not (organisations or personnes)},
    )


@require_safe
def collaboration_liste(request: HttpRequest) -> HttpResponse:
    """List the collaborations of an exercice."""
    exiger(peut_gerer_organisations(request.user))
    exercice = exercice_choisi(request.GET.get("exercice"))
    contexte = {
        "exercice": exercice,
        "exercices": list(Exercice.objects.all()),
        "collaborations": collaborations_de_l_exercice(exercice) if exercice else [],
    }
    return render(request, "partenaires/collaboration_liste.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def collaboration_creer(request: HttpRequest) -> HttpResponse:
    exiger(peut_gerer_organisations(request.user))
    form = CollaborationForm(request.POST or None)
    reponse = save_form(
        request,
        form,
        lambda: creer_collaboration(donnees_de(form), auteur=auteur_de(request)),
        to=reverse("partenaires:collaboration_liste"),
        message="La collaboration est ajoutée.",
    )
    return reponse or render(
        request, "partenaires/collaboration_formulaire.html", {"form": form, "collaboration": None}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def collaboration_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    exiger(peut_gerer_organisations(request.user))
    collaboration = get_object_or_404(CollaborationStructurante, pk=pk)
    form = CollaborationForm(request.POST or None, instance=get_object_or_404(CollaborationStructurante, pk=pk))
    reponse = save_form(
        request,
        form,
        lambda: modifier_collaboration(
            collaboration, donnees_de(form), version=form.cleaned_data["version"], auteur=auteur_de(request)
        ),
        to="partenaires:collaboration_liste",
        message="Les changements sont enregistrés.",
        version=lambda: CollaborationStructurante.objects.get(pk=pk).version,
    )
    return reponse or render(
        request, "partenaires/collaboration_formulaire.html", {"form": form, "collaboration": collaboration}
    )


@require_POST
def collaboration_supprimer(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a collaboration; removed already, the list answers."""
    exiger(peut_gerer_organisations(request.user))
    collaboration = CollaborationStructurante.objects.filter(pk=pk).first()
    if collaboration is not None:
        verbe = partial(supprimer_collaboration, collaboration, auteur=auteur_de(request))
        if not run_verb(request, verbe, message=f"« {collaboration} » est retirée."):
            return redirect("partenaires:collaboration_modifier", pk=pk)
    return redirect("partenaires:collaboration_liste")
