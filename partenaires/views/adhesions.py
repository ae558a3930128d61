"""The team and the adhesions: what waits, one adhesion, the decisions."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from demarche.comptes.permissions import exiger
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.queries.demarche import la_demarche
from demarche.socle.queries.historique import historique_de
from demarche.socle.views.formulaires import save_form
from demarche.socle.views.pagination import page_de
from partenaires.enums import EtatAdhesion, VerbeAdhesion
from partenaires.forms.adhesions import AdhesionPapierForm
from partenaires.forms.decisions import AccepterForm, ConsentementsForm, FiltreAdhesionsForm, RefuserForm, TerminerForm
from partenaires.models import Adhesion
from partenaires.permissions import actions_permises, peut_decider_adhesion, peut_voir_adhesions
from partenaires.queries.adhesions import adhesions_en_file, comptes_adhesions, etapes_adhesion
from partenaires.services.adhesions import (
    accepter_adhesion,
    enregistrer_adhesion_papier,
    finalites_demandees,
    refuser_adhesion,
    terminer_adhesion,
)
from partenaires.services.consentements import noter_consentements
from partenaires.views.adhesion_publique import textes


@require_safe
def adhesion_liste(request: HttpRequest) -> HttpResponse:
    """List the adhesions by state; without a filter, those to study."""
    exiger(peut_voir_adhesions(request.user))
    filtre = FiltreAdhesionsForm(request.GET)
    etat = filtre.cleaned_data["etat"] if filtre.is_valid() and "etat" in request.GET else EtatAdhesion.A_ETUDIER
    page, parametres = page_de(request, adhesions_en_file(etat))
    contexte = {
        "page": page,
        "etat": etat,
        "onglets": comptes_adhesions(etat),
        "parametres": parametres,
        "peut_decider": peut_decider_adhesion(request.user),
    }
    return render(request, "partenaires/adhesion_liste.html", contexte)


def trouver_adhesion(request: HttpRequest, pk: int) -> Adhesion:
    """Return one adhesion for the team; 403 for the others, 404 when there is none."""
    exiger(peut_voir_adhesions(request.user))
    adhesions = Adhesion.objects.select_related("organisation", "personne__utilisateur", "traitee_par", "rencontre")
    adhesion: Adhesion = get_object_or_404(adhesions, pk=pk)
    return adhesion


def trouver_a_decider(request: HttpRequest, pk: int) -> Adhesion:
    """Return one adhesion for the coordination, who alone decides."""
    adhesion = trouver_adhesion(request, pk)
    exiger(peut_decider_adhesion(request.user))
    return adhesion


def page_adhesion(request: HttpRequest, adhesion: Adhesion, **forms: Form) -> HttpResponse:
    """Render one adhesion with the forms of the verbs that the reader may use."""
    verbes = actions_permises(request.user, adhesion)
    consentements = list(adhesion.consentements.all())
    offerts: dict[str, Form | None] = dict.fromkeys(
        ("form_accepter", "form_refuser", "form_terminer", "form_consentements")
    )
    if VerbeAdhesion.ACCEPTER in verbes:
        offerts |= {"form_accepter": AccepterForm(adhesion=adhesion), "form_refuser": RefuserForm()}
    if VerbeAdhesion.TERMINER in verbes:
        offerts["form_terminer"] = TerminerForm()
    if peut_decider_adhesion(request.user) and adhesion.etat != EtatAdhesion.REFUSEE:
        accordees = [c.finalite for c in consentements if c.est_accorde]
        finalites = finalites_demandees(adhesion.categorie)
        offerts["form_consentements"] = ConsentementsForm(finalites=finalites, accordees=accordees)
    contexte = {
        "adhesion": adhesion,
        "consentements": consentements,
        "etapes": etapes_adhesion(adhesion),
        "manques": adhesion.ce_qui_manque() if adhesion.etat == EtatAdhesion.A_ETUDIER else [],
        "historique": historique_de(adhesion),
    }
    return render(request, "partenaires/adhesion_detail.html", contexte | offerts | forms)


def decider(
    request: HttpRequest, adhesion: Adhesion, verbe: Callable[[], Adhesion], message: Any, **forms: Form
) -> HttpResponse:
    """Run the decision that one form carries; refused, show the adhesion again with that form."""
    (form,) = forms.values()
    reponse = save_form(request, form, verbe, to=adhesion, message=message)
    return reponse or page_adhesion(request, trouver_adhesion(request, adhesion.pk), **forms)


@require_safe
def adhesion_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one adhesion: what was typed, what is missing, the decision to take."""
    return page_adhesion(request, trouver_adhesion(request, pk))


@require_POST
def adhesion_accepter(request: HttpRequest, pk: int) -> HttpResponse:
    adhesion = trouver_a_decider(request, pk)
    form = AccepterForm(request.POST, adhesion=adhesion)

    def accepter() -> Adhesion:
        return accepter_adhesion(adhesion, auteur=auteur_de(request), **form.cleaned_data)

    def message(_: object) -> str:  # read again: the organisation and the person may be new
        return f"« {trouver_adhesion(request, pk)} » est maintenant partenaire."

    return decider(request, adhesion, accepter, message, form_accepter=form)


@require_POST
def adhesion_refuser(request: HttpRequest, pk: int) -> HttpResponse:
    adhesion = trouver_a_decider(request, pk)
    form = RefuserForm(request.POST)
    verbe = partial(refuser_adhesion, adhesion, auteur=auteur_de(request))
    message = "La demande est refusée; la personne reçoit le motif par courriel."
    return decider(request, adhesion, lambda: verbe(**form.cleaned_data), message, form_refuser=form)


@require_POST
def adhesion_terminer(request: HttpRequest, pk: int) -> HttpResponse:
    adhesion = trouver_a_decider(request, pk)
    form = TerminerForm(request.POST)
    verbe = partial(terminer_adhesion, adhesion, auteur=auteur_de(request))
    message = "L’adhésion a une fin; les listes des jours passés ne changent pas."
    return decider(request, adhesion, lambda: verbe(**form.cleaned_data), message, form_terminer=form)


@require_POST
def adhesion_consentements(request: HttpRequest, pk: int) -> HttpResponse:
    adhesion = trouver_a_decider(request, pk)
    form = ConsentementsForm(request.POST, finalites=finalites_demandees(adhesion.categorie), accordees=[])
    if form.is_valid():
        changes = noter_consentements(
            adhesion,
            frozenset(form.cleaned_data["accords"]),
            auteur=auteur_de(request),
            raison=form.cleaned_data["raison"],
        )
        messages.success(request, "Les consentements sont notés." if changes else "Rien n’a changé.")
        return redirect("partenaires:adhesion_detail", pk=pk)
    return page_adhesion(request, adhesion, form_consentements=form)


@require_http_methods(["GET", "HEAD", "POST"])
def adhesion_creer(request: HttpRequest) -> HttpResponse:
    """Type a form received on paper."""
    exiger(peut_voir_adhesions(request.user))
    form = AdhesionPapierForm(request.POST or None, **textes(la_demarche()))
    reponse = save_form(
        request,
        form,
        lambda: enregistrer_adhesion_papier(form.cleaned_data, accords=form.accords, auteur=auteur_de(request)),
        message="Le formulaire papier est enregistré : l’adhésion est à étudier.",
    )
    return reponse or render(request, "partenaires/adhesion_creer.html", {"form": form})
