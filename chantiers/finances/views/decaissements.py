"""Pages of payments: what waits to be paid, what was paid, the payments of one request, the ledger."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chantiers.actions.permissions import peut_voir_budget
from chantiers.demandes.models import DemandeFonds
from chantiers.finances.exports import feuilles_du_livre
from chantiers.finances.forms import decaissements as saisie
from chantiers.finances.permissions import peut_payer
from chantiers.finances.queries.decaissements import (
    demandes_a_payer,
    liberations_de,
    paiements,
    payes_par_enveloppe,
    total_a_payer,
)
from chantiers.finances.queries.ecritures import lire_livre
from chantiers.finances.services.budget import rattacher_demande
from chantiers.finances.services.decaissements import ce_qui_manque_pour_payer, contrepasser, decaisser, liberer_solde
from demarche.comptes.permissions import exiger, peut_saisir
from demarche.comptes.views.acces import auteur_de
from demarche.socle.classeurs import reponse_feuilles
from demarche.socle.francais import ecrire_dollars
from demarche.socle.views.formulaires import donnees_de, save_form
from demarche.socle.views.pagination import page_de


@require_safe
def decaissement_liste(request: HttpRequest) -> HttpResponse:
    """Show what waits to be paid, the oldest first, then the payments, by exercice and envelope."""
    exiger(peut_voir_budget(request.user))
    filtre = saisie.FiltreForm(request.GET)
    exercice, enveloppe = filtre.choisi("exercice"), filtre.choisi("enveloppe")
    a_payer = demandes_a_payer(enveloppe=enveloppe)
    page_a_payer, suite_a_payer = page_de(request, a_payer, cle="a_payer")
    lignes = paiements(exercice=exercice, enveloppe=enveloppe)
    page, parametres = page_de(request, lignes)
    par_enveloppe = payes_par_enveloppe(lignes)
    contexte = {
        "filtre": filtre,
        "a_payer": page_a_payer,
        "suite_a_payer": suite_a_payer,
        "total_a_payer": total_a_payer(a_payer),
        "page": page,
        "parametres": parametres,
        "par_enveloppe": par_enveloppe,
        "total": sum(total["montant"] for total in par_enveloppe),
        "exercice": exercice,
        "enveloppe": enveloppe,
        "peut_payer": peut_payer(request.user),
    }
    return render(request, "finances/decaissement_liste.html", contexte)


@require_safe
def decaissement_livre(request: HttpRequest) -> HttpResponse:
    """Show the ledger: every entry in the order of the days, with its running balances."""
    exiger(peut_voir_budget(request.user))
    filtre = saisie.FiltreForm(request.GET)
    entrees = lire_livre(exercice=filtre.choisi("exercice"), enveloppe=filtre.choisi("enveloppe"))
    page, parametres = page_de(request, entrees.entrees, 50)
    contexte = {
        "filtre": filtre,
        "page": page,
        "parametres": parametres,
        "exercice": entrees.exercice,
        "total": entrees.total,
        "par_enveloppe": entrees.par("enveloppe"),
    }
    return render(request, "finances/decaissement_livre.html", contexte)


@require_safe
def decaissement_exporter(request: HttpRequest, extension: str) -> HttpResponse:
    """Download the ledger that the page shows."""
    exiger(peut_voir_budget(request.user))
    filtre = saisie.FiltreForm(request.GET)
    exercice = filtre.choisi("exercice")
    entrees = lire_livre(exercice=exercice, enveloppe=filtre.choisi("enveloppe"))
    nom = f"grand-livre-{exercice.code}" if exercice else "grand-livre"
    return reponse_feuilles(extension, nom=nom, feuilles=feuilles_du_livre(entrees))


def _lire(pk: int) -> DemandeFonds:
    return get_object_or_404(
        DemandeFonds.objects.select_related(
            "action_collective", "organisation", "demandeur", "enveloppe", "exercice", "resolution", "ligne_budgetaire"
        ).exclude(etat="brouillon"),
        pk=pk,
    )


@require_safe
def demande_paiements(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the payments of one request, with the form for a person who may pay."""
    exiger(peut_voir_budget(request.user))
    return _page(request, _lire(pk))


def _page(request: HttpRequest, demande: DemandeFonds, **formulaires: Any) -> HttpResponse:
    manque = ce_qui_manque_pour_payer(demande)
    payable = peut_payer(request.user) and not manque
    form = formulaires.get("form") or (saisie.DecaissementForm(demande=demande) if payable else None)
    contexte = {
        "demande": demande,
        "manque": manque,
        "paiements": paiements(demande=demande),
        "liberations": liberations_de(demande),
        "form": form,
        "reste_apres": _reste_apres(demande, form) if form else None,
        "liberation": formulaires.get("liberation") or (saisie.LiberationForm() if payable else None),
        "ligne": formulaires.get("ligne")
        or (saisie.LigneDeDemandeForm(demande=demande) if peut_saisir(request.user) else None),
        "peut_payer": peut_payer(request.user),
    }
    return render(request, "finances/decaissement_demande.html", contexte)


def _reste_apres(demande: DemandeFonds, form: saisie.DecaissementForm) -> Any:
    """Return what remains to pay after the amount as it stands in the form, before any script runs."""
    try:
        saisi = form.fields["montant"].to_python(form["montant"].value()) or 0
    except ValidationError:
        saisi = 0
    return demande.montant_a_payer - saisi


@require_POST
def demande_payer(request: HttpRequest, pk: int) -> HttpResponse:
    """Record one payment."""
    exiger(peut_payer(request.user))
    demande = _lire(pk)
    form = saisie.DecaissementForm(request.POST, request.FILES, demande=demande)

    def message(_: object) -> str:
        reste = _lire(pk).montant_a_payer
        suite = f"il reste {ecrire_dollars(reste)} à payer" if reste else "tout est payé"
        return f"Le paiement est inscrit : {suite}. La personne qui demande en est avisée."

    return save_form(
        request,
        form,
        lambda: decaisser(demande.pk, auteur=auteur_de(request), **donnees_de(form)),
        to=resolve_url("finances:demande_paiements", pk),
        message=message,
    ) or _page(request, demande, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def decaissement_annuler(request: HttpRequest, pk: int) -> HttpResponse:
    """Reverse one payment, once its author has said why."""
    exiger(peut_payer(request.user))
    decaissement = get_object_or_404(paiements(), pk=pk, contrepasse__isnull=True)
    retour = resolve_url("finances:demande_paiements", decaissement.demande_id)
    if hasattr(decaissement, "contrepassation"):
        messages.info(request, "Ce paiement est déjà annulé.")
        return redirect(retour)
    form = saisie.AnnulationForm(request.POST or None)

    reponse = save_form(
        request,
        form,
        lambda: contrepasser(pk, auteur=auteur_de(request), **form.cleaned_data),
        to=retour,
        message="Le paiement est annulé : la somme est de nouveau à payer.",
    )
    contexte = {"decaissement": decaissement, "demande": decaissement.demande, "form": form}
    return reponse or render(request, "finances/decaissement_annuler.html", contexte)


@require_POST
def demande_liberer(request: HttpRequest, pk: int) -> HttpResponse:
    """Give what remains back to the envelope."""
    exiger(peut_payer(request.user))
    demande = _lire(pk)
    form = saisie.LiberationForm(request.POST)

    reponse = save_form(
        request,
        form,
        lambda: liberer_solde(pk, auteur=auteur_de(request), **form.cleaned_data),
        to=resolve_url("finances:demande_paiements", pk),
        message="Le solde est libéré : il retourne à l’enveloppe.",
    )
    return reponse or _page(request, demande, liberation=form)


@require_POST
def demande_relier(request: HttpRequest, pk: int) -> HttpResponse:
    """Tie the request to the line of the budget that it pays."""
    exiger(peut_saisir(request.user))
    demande = _lire(pk)
    form = saisie.LigneDeDemandeForm(request.POST, demande=demande)

    reponse = save_form(
        request,
        form,
        lambda: rattacher_demande(pk, ligne=form.cleaned_data["ligne_budgetaire"], auteur=auteur_de(request)),
        to=resolve_url("finances:demande_paiements", pk),
        message="La ligne du budget est enregistrée.",
    )
    return reponse or _page(request, demande, ligne=form)
