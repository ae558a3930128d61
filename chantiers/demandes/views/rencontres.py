"""A fund request in a meeting: put it on an agenda, record what the room decided."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from chantiers.demandes.enums import SensMotif
from chantiers.demandes.forms.rencontres import DecisionRencontreForm, OrdreDuJourForm
from chantiers.demandes.models import DemandeFonds, PointDemande
from chantiers.demandes.permissions import peut_porter_en_rencontre
from chantiers.demandes.queries.apports import cout_total
from chantiers.demandes.queries.engagements import restes_apres, soldes_utilisables
from chantiers.demandes.queries.porteurs import cumuls_de
from chantiers.demandes.services.agendas import point_en_attente
from chantiers.demandes.services.appels import numeros_ecartes
from chantiers.demandes.services.decisions_rencontres import inscrire_decision_rencontre
from chantiers.demandes.services.demandes import attribution_de
from chantiers.demandes.services.manques import ce_qui_manque_pour_accorder
from chantiers.demandes.services.motifs import motifs_actifs
from chantiers.demandes.services.points import mettre_a_l_ordre_du_jour
from chantiers.demandes.views.demandes import lire_demande
from chantiers.demandes.views.redaction import version_de
from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import exiger
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.models import Rencontre
from demarche.rencontres.enums import EtatPoint
from demarche.rencontres.models import PointOrdreDuJour
from demarche.rencontres.services.presences import etats_des_sieges, sieges_du_jour
from demarche.rencontres.services.votes_points import annonce_du_vote
from demarche.rencontres.views.points import ancre, contexte_du_vote, sieges_qui_votent
from demarche.socle.views.formulaires import save_form


@require_http_methods(["GET", "HEAD", "POST"])
def demande_ordre_du_jour(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the meeting that will decide: to come, today's, or one held since the request was filed."""
    demande = lire_demande(request, pk)
    exiger(peut_porter_en_rencontre(request.user, demande))
    rencontres = (
        Rencontre.objects.filter(
            instance_gouvernance=demande.instance_gouvernance, date__gte=timezone.localdate(demande.soumise_le)
        )
        .maintenues()
        .exclude(proces_verbal__etat="adopte")
        .order_by("date", "heure", "pk")
    )
    proche = rencontres.filter(date__gte=timezone.localdate()).first()
    form = OrdreDuJourForm(request.POST or None, rencontres=rencontres, initial={"rencontre": proche})

    def inscrire() -> str:
        rencontre = form.cleaned_data["rencontre"]
        return ancre(mettre_a_l_ordre_du_jour(demande.pk, rencontre=rencontre, auteur=auteur_de(request)))

    reponse = save_form(request, form, inscrire, message="La demande est à l’ordre du jour.")
    if reponse:
        return reponse
    contexte = {
        "demande": demande,
        "form": form,
        "deja": point_en_attente(demande),
        "sans_rencontre": not rencontres.exists(),
    }
    return render(request, "demandes/demande_ordre_du_jour.html", contexte)


def _demande_du_point(request: HttpRequest, pk: int) -> tuple[PointOrdreDuJour, DemandeFonds]:
    """Return a point of an agenda and its request, for those who may read the request."""
    lien = get_object_or_404(PointDemande.objects.select_related("point__rencontre__instance_gouvernance"), point=pk)
    return lien.point, lire_demande(request, lien.demande_id)


def _inscrire(point: PointOrdreDuJour, demande: DemandeFonds, form: DecisionRencontreForm, auteur: Utilisateur) -> str:
    """Record the decision of a valid form and return the address of its point."""
    vote, noms = form.vote, ("montant", "conditions", "enveloppe", "motif", "sens", "version")
    valeurs: dict[str, Any] = {nom: form.cleaned_data[nom] for nom in noms}
    inscrire_decision_rencontre(
        demande.pk,
        auteur=auteur,
        rencontre=point.rencontre,
        point=point,
        reponses=vote.reponses,
        compte=vote.compte,
        **(valeurs | form.nommes),
    )
    return ancre(point)


def _annonce(point: PointOrdreDuJour) -> str:
    return annonce_du_vote(PointOrdreDuJour.objects.select_related("scrutin", "resolution").get(pk=point.pk))


@require_http_methods(["GET", "HEAD", "POST"])
def point_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what the room decided on the request of one point."""
    point, demande = _demande_du_point(request, pk)
    traite = point.etat != EtatPoint.A_TRAITER
    if traite or point.rencontre.date > timezone.localdate():
        messages.info(request, "Ce point est traité." if traite else "Cette rencontre n’a pas encore eu lieu.")
        return redirect(ancre(point))
    exiger(peut_porter_en_rencontre(request.user, demande))
    rencontre = point.rencontre
    sieges, votants = sieges_du_jour(rencontre), sieges_qui_votent(request, rencontre)
    form = DecisionRencontreForm(
        request.POST or None,
        initial={"version": demande.version},
        demande=demande,
        soldes=soldes_utilisables(demande),
        motifs=motifs_actifs(SensMotif.ACCORD, SensMotif.REFUS),
        point=point,
        presences=etats_des_sieges(rencontre, sieges),
        recuses=numeros_ecartes(demande, votants["appeles"], rencontre.date),
        **votants,
    )
    auteur = auteur_de(request)
    reponse = save_form(
        request,
        form,
        lambda: _inscrire(point, demande, form, auteur),
        message=lambda _: _annonce(point),
        version=version_de(demande),
    )
    if reponse:
        return reponse
    return render(
        request,
        "demandes/point_decision.html",
        _contexte(point, lire_demande(request, demande.pk)) | contexte_du_vote(rencontre, form, sieges),
    )


def _contexte(point: PointOrdreDuJour, demande: DemandeFonds) -> dict[str, Any]:
    """Return what the page shows beside the vote: the request, who decides and why, the money left after."""
    return {
        "demande": demande,
        "point": point,
        "retour": resolve_url(ancre(point)),
        "attribution": attribution_de(demande),
        "manque": ce_qui_manque_pour_accorder(demande),
        "restes": restes_apres(demande),
        "cout": cout_total(demande),
        "cumul": cumuls_de([demande]).get(demande.pk),
    }
