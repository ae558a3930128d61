"""Organisations, their contacts, and the seats that stand for them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from demarche.comptes.permissions import exiger
from demarche.comptes.protocoles import PAGES
from demarche.comptes.views.acces import auteur_de, personne_connectee
from demarche.socle.queries.historique import historique_de
from demarche.socle.views.formulaires import donnees_de, run_verb, save_form
from demarche.socle.views.pagination import page_de
from partenaires.forms.organisations import AffiliationForm, FiltreOrganisationsForm, OrganisationForm, PersonneForm
from partenaires.models import Affiliation, Organisation, Personne
from partenaires.permissions import (
    est_partenaire,
    organisations_de,
    peut_gerer_organisations,
    peut_gerer_representations,
)
from partenaires.queries.adhesions import adhesions_de
from partenaires.queries.organisations import chercher_organisations, contacts_de, sieges_tenus_par
from partenaires.services.organisations import (
    affilier_nouvelle_personne,
    creer_organisation,
    creer_personne,
    inviter_personne,
    modifier_organisation,
    terminer_affiliation,
)

PAR_PAGE = 30


@require_safe
def organisation_liste(request: HttpRequest) -> HttpResponse:
    """List the organisations known, partners or not."""
    exiger(peut_gerer_organisations(request.user))
    filtre = FiltreOrganisationsForm(request.GET)
    criteres = filtre.cleaned_data if filtre.is_valid() else {"q": "", "categorie": ""}
    trouvees = chercher_organisations(criteres["q"], criteres["categorie"], jour=timezone.localdate())
    page, parametres = page_de(request, trouvees, PAR_PAGE)
    contexte = {
        "filtre": filtre,
        "page": page,
        "parametres": parametres,
        "est_filtree": any(criteres.values()),
    }
    return render(request, "partenaires/organisation_liste.html", contexte)


def sections(request: HttpRequest, organisation: Organisation) -> list[tuple[str, str, dict[str, Any]]]:
    """Return what the rooms above add to the page of an organisation."""
    return PAGES.sections_de("partenaires.organisation", personne_connectee(request), organisation)


@login_not_required
@require_safe
def organisation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one organisation: its name and mission to everybody, its contacts to the team."""
    organisation = get_object_or_404(Organisation, pk=pk)
    equipe = peut_gerer_organisations(request.user)
    contexte = {
        "organisation": organisation,
        "adhesions": adhesions_de(organisation),
        "sieges": sieges_tenus_par(organisation),
        "sections": sections(request, organisation),
        "peut_gerer": equipe,
        "contacts": contacts_de(organisation) if equipe else [],
        "peut_inviter": peut_gerer_representations(request.user),
        "historique": historique_de(organisation) if equipe else [],
        "jour": timezone.localdate(),
    }
    return render(request, "partenaires/organisation_detail.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_creer(request: HttpRequest) -> HttpResponse:
    exiger(peut_gerer_organisations(request.user))
    form = OrganisationForm(request.POST or None)
    reponse = save_form(
        request,
        form,
        lambda: creer_organisation(form.donnees, auteur=auteur_de(request)),
        message="L’organisation est ajoutée.",
    )
    return reponse or render(request, "partenaires/organisation_formulaire.html", {"form": form, "organisation": None})


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    exiger(peut_gerer_organisations(request.user))
    organisation = get_object_or_404(Organisation, pk=pk)
    form = OrganisationForm(request.POST or None, instance=get_object_or_404(Organisation, pk=pk))
    reponse = save_form(
        request,
        form,
        lambda: modifier_organisation(
            organisation, form.donnees, version=form.cleaned_data["version"], auteur=auteur_de(request)
        ),
        to=organisation,
        message="Les changements sont enregistrés.",
        version=lambda: Organisation.objects.get(pk=pk).version,
    )
    return reponse or render(
        request, "partenaires/organisation_formulaire.html", {"form": form, "organisation": organisation}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def affiliation_creer(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a contact to an organisation."""
    exiger(peut_gerer_organisations(request.user))
    organisation = get_object_or_404(Organisation, pk=pk)
    form = AffiliationForm(request.POST or None)
    reponse = save_form(
        request,
        form,
        lambda: affilier_nouvelle_personne(organisation, form.cleaned_data, auteur=auteur_de(request)),
        to=organisation,
        message="Le contact est ajouté.",
    )
    return reponse or render(
        request, "partenaires/affiliation_formulaire.html", {"form": form, "organisation": organisation}
    )


@require_POST
def affiliation_terminer(request: HttpRequest, pk: int) -> HttpResponse:
    exiger(peut_gerer_organisations(request.user))
    affiliation = get_object_or_404(Affiliation.objects.select_related("organisation", "personne"), pk=pk)
    terminer_affiliation(affiliation, auteur=auteur_de(request))
    messages.success(request, f"{affiliation.personne} ne parle plus au nom de « {affiliation.organisation} ».")
    return redirect(affiliation.organisation)


@require_POST
def personne_inviter(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a contact an account."""
    exiger(peut_gerer_representations(request.user))
    personne = get_object_or_404(Personne, pk=pk)
    run_verb(
        request,
        lambda: inviter_personne(personne, auteur=auteur_de(request)),
        message=f"{personne} peut maintenant se connecter.",
    )
    affiliation = personne.affiliations.select_related("organisation").first()
    return redirect(affiliation.organisation if affiliation else "partenaires:organisation_liste")


@require_http_methods(["GET", "HEAD", "POST"])
def personne_creer(request: HttpRequest) -> HttpResponse:
    """Add a citizen, so that presences can name them."""
    exiger(peut_gerer_organisations(request.user))
    form = PersonneForm(request.POST or None)
    reponse = save_form(
        request,
        form,
        lambda: creer_personne(donnees_de(form), auteur=auteur_de(request)),
        to=request.path,
        message=lambda _: "{prenom} {nom} est dans la liste des personnes.".format(**form.cleaned_data),
    )
    return reponse or render(request, "partenaires/personne_formulaire.html", {"form": form})


@require_safe
def mon_organisation(request: HttpRequest) -> HttpResponse:
    """Show a partner where their organisation stands, and what the rooms above know of it."""
    miennes = organisations_de(request.user)
    contexte = {
        "fiches": [
            {
                "organisation": o,
                "adhesions": adhesions_de(o),
                "sieges": sieges_tenus_par(o),
                "sections": sections(request, o),
            }
            for o in miennes
        ],
        "est_partenaire": est_partenaire(request.user),
        "jour": timezone.localdate(),
    }
    return render(request, "partenaires/mon_organisation.html", contexte)
