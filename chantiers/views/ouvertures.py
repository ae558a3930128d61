"""Opening a ballot on a request; the coordination's own decision."""

import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone

from chantiers import permissions
from chantiers.enums import EtatDemande
from chantiers.forms.decisions import DecisionForm, OuvertureForm
from chantiers.queries import restes_apres, soldes_utilisables
from chantiers.services.decisions import decider_seul
from chantiers.services.deliberations import ouvrir_deliberation
from chantiers.services.demandes import attribution_de
from demarche.permissions import exiger
from demarche.views.formulaires import recevoir
from demarche.views.pages import auteur_de

from .demandes import lire_demande


def ouvrir(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the comité's ballot on a request."""
    demande = lire_demande(request, pk)
    if demande.etat == EtatDemande.EN_DELIBERATION and permissions.peut_voir_fiche(request.user, demande):
        return redirect("chantiers:demande_fiche", pk=demande.pk)
    exiger(permissions.peut_ouvrir_deliberation(request.user, demande))
    delai = demande.instance_gouvernance.delai_jours if demande.instance_gouvernance else 7
    initial = {
        "enveloppe": demande.enveloppe_id,
        "dernier_jour": timezone.localdate() + datetime.timedelta(days=delai),
    }
    form = OuvertureForm(request.POST or None, soldes=soldes_utilisables(), initial=initial)

    def enregistrer() -> str:
        ouvrir_deliberation(
            demande.pk,
            auteur=auteur_de(request),
            enveloppe=form.cleaned_data["enveloppe"],
            echeance=form.echeance(),
        )
        return resolve_url("chantiers:demande_fiche", pk=demande.pk)

    reponse = recevoir(request, form, enregistrer, message="Le scrutin est ouvert : chaque siège reçoit un courriel.")
    if reponse:
        return reponse
    contexte = {
        "demande": demande,
        "form": form,
        "attribution": attribution_de(demande),
        "restes": restes_apres(demande),
    }
    return render(request, "chantiers/demande_ouvrir.html", contexte)


def decider(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide alone, under the first threshold."""
    demande = lire_demande(request, pk)
    exiger(permissions.peut_decider_seul(request.user, demande))
    form = DecisionForm(
        request.POST or None, soldes=soldes_utilisables(), initial={"montant": demande.montant_demande}
    )

    def enregistrer() -> str:
        decider_seul(
            demande.pk,
            auteur=auteur_de(request),
            montant=form.cleaned_data["montant"],
            enveloppe=form.cleaned_data["enveloppe"],
            motif=form.cleaned_data["motif"],
        )
        return resolve_url(demande)

    reponse = recevoir(
        request, form, enregistrer, message="La décision est inscrite, et la personne qui demande en est avisée."
    )
    if reponse:
        return reponse
    contexte = {
        "demande": demande,
        "form": form,
        "attribution": attribution_de(demande),
        "restes": restes_apres(demande),
    }
    return render(request, "chantiers/demande_decider.html", contexte)
