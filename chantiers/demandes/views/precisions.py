"""A question of the coordination on a request, and its answer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from chantiers.demandes.enums import EtatDemande, SensMotif
from chantiers.demandes.forms.precisions import QuestionForm, ReponseForm
from chantiers.demandes.models import DemandeFonds
from chantiers.demandes.permissions import peut_interroger, peut_repondre
from chantiers.demandes.queries.decisions import motifs_actifs
from chantiers.demandes.services.precisions import (
    POUR_REPONDRE,
    demander_precisions,
    repondre_precisions,
)
from chantiers.demandes.views.demandes import lire_demande
from chantiers.demandes.views.redaction import choix_de, lignes_de, version_de
from demarche.comptes.permissions import exiger
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.queries.reglages import jours_de
from demarche.socle.views.formulaires import save_form


@require_http_methods(["GET", "HEAD", "POST"])
def demande_interroger(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a request to its writer with a question and a day."""
    demande = lire_demande(request, pk)
    if demande.etat == EtatDemande.PRECISIONS:
        return redirect(demande)
    exiger(peut_interroger(request.user, demande))
    jour = timezone.localdate() + jours_de(POUR_REPONDRE)
    form = QuestionForm(
        request.POST or None,
        motifs=motifs_actifs(SensMotif.PRECISIONS),
        initial={"avant_le": jour, "version": demande.version},
    )

    reponse = save_form(
        request,
        form,
        lambda: demander_precisions(
            demande.pk,
            auteur=auteur_de(request),
            question=form.cleaned_data["question"],
            avant_le=form.cleaned_data["avant_le"],
            version=form.cleaned_data["version"],
        ),
        to=demande,
        message=f"La question est partie par courriel à {demande.demandeur}.",
        version=version_de(demande),
    )
    if reponse:
        return reponse
    return render(request, "demandes/demande_interroger.html", {"demande": demande, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def demande_repondre(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the question, and change the request at the same time; an expired request is submitted again."""
    demande = lire_demande(request, pk)
    if request.method != "POST" and demande.etat == EtatDemande.SOUMISE:
        return redirect(demande)  # a link of an e-mail, once answered
    exiger(peut_repondre(request.user, demande))
    form = ReponseForm(
        request.POST or None,
        request.FILES or None,
        instance=demande,
        initial={"version": demande.version},
        **choix_de(request.user, demande),
    )
    postes, apports = lignes_de(request, demande)

    if request.method != "POST" or (postes.is_valid() and apports.is_valid()):
        recu = save_form(
            request,
            form,
            lambda: repondre_precisions(
                demande.pk,
                auteur=auteur_de(request),
                reponse=form.cleaned_data["reponse"],
                version=form.cleaned_data["version"],
                contenu=form.contenu(postes, apports),
                piece=form.piece_jointe(),
            ),
            message="Votre réponse est reçue. La demande est de nouveau à l’étude.",
            version=version_de(demande),
        )
        if recu:
            return recu
    contexte = {"form": form, "postes": postes, "apports": apports, **_dossier(demande)}
    return render(request, "demandes/demande_repondre.html", contexte)


def _dossier(demande: DemandeFonds) -> dict[str, Any]:
    """Return what the page shows beside the form."""
    return {
        "demande": demande,
        "question": demande.question_sans_reponse,
        "precisions": demande.precisions.exclude(repondue_le=None).select_related("posee_par"),
        "pieces": demande.pieces.select_related("document"),
    }
