"""Pages of a fund request: the list, the request, its submission and withdrawal."""

import datetime

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from chantiers.demandes.enums import EN_ATTENTE, LIBELLE_PUBLIC_DEMANDE, EtatDemande
from chantiers.demandes.forms.redaction import PieceForm, RetraitForm
from chantiers.demandes.models import DemandeFonds
from chantiers.demandes.permissions import (
    demandes_appelees,
    etats_visibles,
    peut_demander,
    peut_retirer_demande,
    peut_soumettre_demande,
    peut_voir_demande,
)
from chantiers.demandes.queries.demandes import (
    ce_que_modifier_annule,
    dates_promises,
    demandes_visibles,
    page_de_la_demande,
)
from chantiers.demandes.queries.regles_allocation import (
    cumuls_de,
    demandes_du_porteur,
)
from chantiers.demandes.services.demandes import soumettre_demande
from chantiers.demandes.services.redaction import retirer_demande
from demarche.comptes.permissions import exiger
from demarche.comptes.protocoles import PAGES
from demarche.comptes.views.acces import auteur_de, personne_connectee
from demarche.gouvernance.permissions import peut_voir_decisions
from demarche.gouvernance.queries.demarche import exercice_choisi
from demarche.socle.views.formulaires import run_verb
from demarche.socle.views.pagination import page_de
from partenaires.models import Organisation
from partenaires.permissions import organisations_de

LONGUEUR_CLE = 18  # longer, it is no key of ours


def lire_demande(request: HttpRequest, pk: int) -> DemandeFonds:
    """Return a request this person may see (404 when it does not exist or stays hidden)."""
    demande = get_object_or_404(
        DemandeFonds.objects.select_related(
            "action_collective__chantier",
            "organisation",
            "demandeur",
            "instance_gouvernance",
            "exercice",
            "regle",
            "enveloppe",
            "resolution",
            "ligne_budgetaire",
        ),
        pk=pk,
    )
    if not peut_voir_demande(request.user, demande):
        raise Http404
    return demande


@require_safe
def demande_liste(request: HttpRequest) -> HttpResponse:
    """List the requests this person may see, filtered by state, exercice and porteur."""
    visiteur = auteur_de(request)
    exiger(peut_voir_decisions(visiteur) or peut_demander(visiteur))
    demandes = demandes_visibles(
        visiteur,
        etats=etats_visibles(visiteur),
        organisations=[organisation.pk for organisation in organisations_de(visiteur)],
        appelees=demandes_appelees(visiteur),
    )
    voit_tout = peut_voir_decisions(visiteur)
    etat = request.GET.get("etat", "")
    exercice = exercice_choisi(request.GET.get("exercice")) if request.GET.get("exercice") else None
    porteur = porteur_choisi(request.GET.get("porteur", "")) if voit_tout else None
    if etat in EtatDemande.values:
        demandes = demandes.filter(etat=etat)
    if exercice:
        demandes = demandes.filter(exercice=exercice)
    if porteur:
        demandes = demandes_du_porteur(porteur.pk, demandes)
    tri = request.GET.get("tri") == "echeance"
    page, parametres = page_de(request, _par_date(demandes) if tri else demandes)
    dates = dates_promises(page)
    cumuls = cumuls_de(page.object_list) if voit_tout else {}
    contexte = {
        "page": page,
        "lignes": [(demande, cumuls.get(demande.pk), dates.get(demande.pk)) for demande in page.object_list],
        "parametres": parametres,
        "etats": choix_etats(voit_tout=voit_tout),
        "tri": tri,
        "voit_tout": voit_tout,
        "etat": etat,
        "exercice": exercice,
        "porteur": porteur,
        "peut_demander": peut_demander(visiteur),
    }
    return render(request, "demandes/demande_liste.html", contexte)


def _par_date(demandes: QuerySet[DemandeFonds]) -> list[DemandeFonds]:
    """Return those that wait, the nearest promised day first, those without a day last."""
    attendues = list(demandes.filter(etat__in=EN_ATTENTE))
    dates = dates_promises(attendues)
    return sorted(attendues, key=lambda demande: (dates.get(demande.pk, datetime.date.max), demande.pk))


def porteur_choisi(valeur: str) -> Organisation | None:
    """Return the organisation whose requests of the last twelve months are asked for."""
    if not valeur.isdecimal() or len(valeur) > LONGUEUR_CLE:
        return None
    return Organisation.objects.filter(pk=int(valeur)).first()


def choix_etats(*, voit_tout: bool) -> list[tuple[str, str]]:
    """Return the states to filter on, as this person reads them."""
    return [(etat.value, etat.label if voit_tout else LIBELLE_PUBLIC_DEMANDE[etat]) for etat in EtatDemande]


@require_safe
def demande_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one request: where it stands, who decides and why, what it would pay."""
    return montrer(request, lire_demande(request, pk), PieceForm())


def montrer(request: HttpRequest, demande: DemandeFonds, piece_form: PieceForm) -> HttpResponse:
    """Show the page of a request with this form for its attachments."""
    contexte = {
        "page": page_de_la_demande(demande, request.user),
        "sections": PAGES.sections_de("demandes.demande", personne_connectee(request), demande),
        "piece_form": piece_form,
        "retrait_form": RetraitForm(),
    }
    return render(request, "demandes/demande_detail.html", contexte)


@require_POST
def demande_soumettre(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a draft to the instance that decides."""
    demande = lire_demande(request, pk)
    exiger(peut_soumettre_demande(request.user, demande))
    run_verb(
        request,
        lambda: soumettre_demande(demande.pk, auteur=auteur_de(request)),
        message=lambda _: (
            f"La demande est soumise. Elle relève de : {lire_demande(request, pk).instance_gouvernance}."
        ),
    )
    return redirect(demande)


@require_POST
def demande_retirer(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a request before its decision."""
    demande = lire_demande(request, pk)
    exiger(peut_retirer_demande(request.user, demande) or demande.etat == EtatDemande.RETIREE)
    form = RetraitForm(request.POST)
    mot = form.cleaned_data["mot"] if form.is_valid() else ""
    annule = ce_que_modifier_annule(demande)
    run_verb(
        request,
        lambda: retirer_demande(demande.pk, auteur=auteur_de(request), mot=mot),
        message=f"La demande est retirée{', et le scrutin en cours est annulé' if annule else ''}.",
    )
    return redirect(demande)
