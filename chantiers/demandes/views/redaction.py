"""Writing a fund request: its form, its attachments."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from chantiers.actions.enums import EtatAction
from chantiers.actions.models import ActionCollective
from chantiers.actions.permissions import peut_voir_budget
from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.forms.redaction import ApportFormSet, DemandeForm, PieceForm, PosteFormSet
from chantiers.demandes.models import DemandeFonds, PieceDemande
from chantiers.demandes.permissions import intervient, peut_demander, peut_modifier_demande
from chantiers.demandes.queries.demandes import ce_que_modifier_annule
from chantiers.demandes.services.redaction import (
    enregistrer_demande,
    joindre_piece,
    retirer_piece,
)
from chantiers.demandes.views.demandes import lire_demande, montrer
from demarche.comptes.permissions import est_equipe, exiger
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.queries.demarche import exercice_choisi
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.views.formulaires import run_verb, save_form
from partenaires.models import Organisation
from partenaires.permissions import organisations_de

BROUILLON_ENREGISTRE = "Le brouillon est enregistré. Relisez-le, puis soumettez-le."

DEMANDE_ENREGISTREE = "La demande est enregistrée, telle que vous la lisez ici."
SCRUTIN_ANNULE = (
    "La demande est enregistrée et revient à l’étude. Le scrutin est annulé; les personnes appelées et la "
    "coordination en sont avisées."
)


def choix_de(visiteur: Any, demande: DemandeFonds | None) -> dict[str, Any]:
    """Return what a person may name in a request: the actions, the organisations, the lines of the budget."""
    actions = ActionCollective.objects.filter(etat__in=[EtatAction.PREPARATION, EtatAction.EN_COURS])
    if demande is not None:
        actions = actions | ActionCollective.objects.filter(pk=demande.action_collective_id)
    organisations = list(Organisation.objects.all()) if est_equipe(visiteur) else organisations_de(visiteur)
    if demande is not None and demande.organisation is not None and demande.organisation not in organisations:
        organisations.append(demande.organisation)
    sans_organisation, en_son_nom = _sans_organisation(visiteur, demande, choix=bool(organisations))
    return {
        "sans_organisation": sans_organisation,
        "en_son_nom": en_son_nom,
        "actions": actions.select_related("chantier"),
        "organisations": organisations,
        "voit_budget": peut_voir_budget(visiteur),
        "en_deliberation": demande is not None and demande.etat == EtatDemande.EN_DELIBERATION,
    }


def _sans_organisation(visiteur: Any, demande: DemandeFonds | None, *, choix: bool) -> tuple[str, bool]:
    """Return what naming no organisation is called, empty when one must be named, and whether it is for oneself.

    The team asks for the démarche; others for their organisation, or for themselves when they have none.
    """
    deja = demande is not None and demande.organisation_id is None
    if choix and not deja and not est_equipe(visiteur):
        return "", False
    en_son_nom = demande.est_personnelle if demande is not None and deja else not est_equipe(visiteur)
    if not en_son_nom:
        return "La démarche elle-même", False
    if demande is None or demande.demandeur_id == visiteur.pk:
        return "En mon nom", True
    return f"En son nom : {demande.demandeur}", True


@require_http_methods(["GET", "HEAD", "POST"])
def demande_creer(request: HttpRequest) -> HttpResponse:
    """Write a new request."""
    exiger(peut_demander(request.user))
    choix = choix_de(request.user, None)
    initial = {"action_collective": request.GET.get("action"), "exercice": exercice_choisi(None)}
    if len(choix["organisations"]) == 1:
        initial["organisation"] = choix["organisations"][0]
    form = DemandeForm(request.POST or None, initial=initial, **choix)
    return _formulaire(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def demande_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a request not decided yet; during a ballot, the page says first what it cancels."""
    demande = lire_demande(request, pk)
    exiger(peut_modifier_demande(request.user, demande))
    choix = choix_de(request.user, demande)
    choix["intervient"] = intervient(request.user, demande)
    form = DemandeForm(request.POST or None, instance=demande, initial={"version": demande.version}, **choix)
    return _formulaire(request, form, demande)


def lignes_de(request: HttpRequest, demande: DemandeFonds | None) -> tuple[Any, Any]:
    """Return the two formsets of a request: its lines, and what others cover."""
    if request.method == "POST":
        return PosteFormSet(request.POST, prefix="postes"), ApportFormSet(request.POST, prefix="apports")
    postes = demande.postes.values("libelle", "montant") if demande else []
    apports = demande.apports.values("genre", "source", "montant", "est_confirme") if demande else []
    return PosteFormSet(initial=list(postes), prefix="postes"), ApportFormSet(initial=list(apports), prefix="apports")


def _formulaire(request: HttpRequest, form: DemandeForm, demande: DemandeFonds | None) -> HttpResponse:
    """Show the form with its lines, or save both and go to the request."""
    postes, apports = lignes_de(request, demande)
    en_brouillon = demande is None or demande.etat == EtatDemande.BROUILLON
    annule = ce_que_modifier_annule(demande) if demande else ""

    def annonce(saved: DemandeFonds) -> str:
        if en_brouillon:
            return BROUILLON_ENREGISTRE
        return SCRUTIN_ANNULE if annule and saved.etat != EtatDemande.EN_DELIBERATION else DEMANDE_ENREGISTREE

    if request.method != "POST" or (postes.is_valid() and apports.is_valid()):
        reponse = save_form(
            request,
            form,
            lambda: enregistrer_demande(
                demande,
                auteur=auteur_de(request),
                version=form.cleaned_data["version"],
                confirme=form.cleaned_data.get("confirme", False),
                mot=form.cleaned_data.get("mot", ""),
                **form.contenu(postes, apports),
            ),
            message=annonce,
            version=version_de(demande),
        )
        if reponse:
            return reponse
    contexte = {
        "form": form,
        "postes": postes,
        "apports": apports,
        "demande": demande,
        "en_brouillon": en_brouillon,
        "annule": annule,
    }
    return render(request, "demandes/demande_formulaire.html", contexte)


def version_de(demande: DemandeFonds | None) -> Callable[[], int] | None:
    """Return what reads the version of a request as it now stands; None for a new one."""
    if demande is None:
        return None
    pk = demande.pk
    return lambda: DemandeFonds.objects.values_list("version", flat=True).get(pk=pk)


@require_POST
def demande_joindre(request: HttpRequest, pk: int) -> HttpResponse:
    """Attach one file to a request not decided yet."""
    demande = lire_demande(request, pk)
    exiger(peut_modifier_demande(request.user, demande))
    form = PieceForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            joindre_piece(demande, auteur=auteur_de(request), **form.cleaned_data)
        except ErreurMetier as erreur:
            form.add_error(None, erreur)
        else:
            messages.success(request, "Le document est joint à la demande.")
            return redirect(demande)
    return montrer(request, demande, form)


@require_POST
def demande_enlever(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponse:
    """Detach one file from a request not decided yet."""
    demande = lire_demande(request, pk)
    exiger(peut_modifier_demande(request.user, demande))
    piece = get_object_or_404(PieceDemande, pk=piece_pk, demande=demande)
    run_verb(
        request,
        lambda: retirer_piece(piece, auteur=auteur_de(request)),
        message="Le document n’est plus joint à la demande.",
    )
    return redirect(demande)
