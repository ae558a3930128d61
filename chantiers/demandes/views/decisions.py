"""Deciding alone on a request, the letter of its decision, the library of reasons."""

from decimal import Decimal
from itertools import groupby

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chantiers.demandes.enums import SensMotif
from chantiers.demandes.forms.decisions import DecisionForm, MotifForm
from chantiers.demandes.models import MotifType
from chantiers.demandes.permissions import peut_decider_seul, peut_gerer_motifs, peut_lire_lettre
from chantiers.demandes.queries.decisions import dossier_a_decider, motifs_actifs, pdf_lettre
from chantiers.demandes.queries.demandes import ce_qui_manque_pour_accorder
from chantiers.demandes.queries.engagements import soldes_utilisables
from chantiers.demandes.services.decisions import (
    ajouter_motifs_proposes,
    decider_seul,
    enregistrer_motif,
    monter_motif,
)
from chantiers.demandes.views.demandes import lire_demande
from chantiers.demandes.views.redaction import version_de
from demarche.comptes.permissions import exiger
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.models import Demarche
from demarche.socle.pdf import reponse_pdf
from demarche.socle.views.formulaires import donnees_de, run_verb, save_form


@require_http_methods(["GET", "HEAD", "POST"])
def demande_decider(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide alone, under the first threshold."""
    demande = lire_demande(request, pk)
    exiger(peut_decider_seul(request.user, demande))
    form = DecisionForm(
        request.POST or None,
        soldes=soldes_utilisables(demande),
        motifs=motifs_actifs(SensMotif.ACCORD, SensMotif.REFUS),
        initial={"montant": demande.montant_demande, "version": demande.version},
    )

    def enregistrer() -> str:
        noms = ("montant", "enveloppe", "motif", "conditions", "version")
        decider_seul(demande.pk, auteur=auteur_de(request), **{nom: form.cleaned_data[nom] for nom in noms})
        return resolve_url(demande)

    reponse = save_form(
        request,
        form,
        enregistrer,
        message="La décision est inscrite, et la personne qui demande en est avisée.",
        version=version_de(demande),
    )
    if reponse:
        return reponse
    dossier = dossier_a_decider(
        lire_demande(request, pk), manque=ce_qui_manque_pour_accorder(demande), montant=montant_saisi(form)
    )
    return render(request, "demandes/demande_decider.html", {"form": form, "dossier": dossier})


def montant_saisi(form: BaseForm) -> Decimal | None:
    """Return the amount typed in a form sent back, None when there is none that can be read."""
    return form.cleaned_data.get("montant") if form.is_bound and hasattr(form, "cleaned_data") else None


@require_safe
def demande_lettre(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the letter on a decided request."""
    demande = lire_demande(request, pk)
    exiger(peut_lire_lettre(request.user, demande))
    octets = pdf_lettre(demande, Demarche.objects.first())
    return reponse_pdf(octets, f"decision-{slugify(demande.titre)[:60]}.pdf")


@require_safe
def motif_liste(request: HttpRequest) -> HttpResponse:
    """Show every reason, by what it explains, those no longer offered included."""
    exiger(peut_gerer_motifs(request.user))
    groupes = {sens: list(motifs) for sens, motifs in groupby(MotifType.objects.all(), key=lambda m: m.sens)}
    contexte = {"groupes": [(sens.label, groupes.get(sens.value, [])) for sens in SensMotif], "vide": not groupes}
    return render(request, "demandes/motif_liste.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def motif_creer(request: HttpRequest) -> HttpResponse:
    """Add one reason."""
    exiger(peut_gerer_motifs(request.user))
    return _formulaire_motif(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def motif_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one reason, or stop offering it."""
    exiger(peut_gerer_motifs(request.user))
    return _formulaire_motif(request, get_object_or_404(MotifType, pk=pk))


def _formulaire_motif(request: HttpRequest, motif: MotifType | None) -> HttpResponse:
    form = MotifForm(request.POST or None, instance=motif, initial={} if motif else {"est_actif": True})

    reponse = save_form(
        request,
        form,
        lambda: enregistrer_motif(motif, donnees=donnees_de(form), auteur=auteur_de(request)),
        to=reverse("demandes:motif_liste"),
        message="Le motif est enregistré.",
    )
    if reponse:
        return reponse
    return render(request, "demandes/motif_formulaire.html", {"form": form, "motif": motif})


@require_POST
def motif_monter(request: HttpRequest, pk: int) -> HttpResponse:
    """Move one reason up in its list."""
    exiger(peut_gerer_motifs(request.user))
    motif = get_object_or_404(MotifType, pk=pk)
    run_verb(request, lambda: monter_motif(motif.pk, auteur=auteur_de(request)), message="L’ordre est enregistré.")
    return redirect("demandes:motif_liste")


@require_POST
def motif_proposer(request: HttpRequest) -> HttpResponse:
    """Add the reasons that the software proposes."""
    exiger(peut_gerer_motifs(request.user))
    run_verb(
        request,
        lambda: ajouter_motifs_proposes(auteur=auteur_de(request)),
        message="Les motifs proposés sont dans la liste : changez ou retirez ceux qui ne vous conviennent pas.",
    )
    return redirect("demandes:motif_liste")
