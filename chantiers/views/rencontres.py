"""A fund request in a meeting: put it on an agenda, record what the room decided."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from chantiers import permissions
from chantiers.forms.rencontres import DecisionRencontreForm, OrdreDuJourForm
from chantiers.models import DemandeFonds, PointDemande
from chantiers.queries import cout_total, cumuls_de, restes_apres, soldes_utilisables
from chantiers.services.deliberations import inscrire_decision_rencontre
from chantiers.services.demandes import attribution_de
from chantiers.services.points import mettre_a_l_ordre_du_jour, numeros_ecartes, point_en_attente
from demarche.enums import EtatPoint
from demarche.models import PointOrdreDuJour, Rencontre
from demarche.permissions import exiger
from demarche.services.presences import quorum_de, sieges_du_jour
from demarche.services.votes_points import annonce_du_vote
from demarche.views.formulaires import recevoir
from demarche.views.pages import auteur_de
from demarche.views.points import ancre, sieges_qui_votent

from .demandes import lire_demande


@require_http_methods(["GET", "HEAD", "POST"])
def mettre_au_point(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the meeting that will decide: to come, today's, or one held since the request was filed."""
    demande = lire_demande(request, pk)
    exiger(permissions.peut_porter_en_rencontre(request.user, demande))
    rencontres = (
        Rencontre.objects.filter(
            instance_gouvernance=demande.instance_gouvernance, date__gte=timezone.localdate(demande.soumise_le)
        )
        .exclude(proces_verbal__etat="adopte")
        .order_by("date", "heure", "pk")
    )
    proche = rencontres.filter(date__gte=timezone.localdate()).first()
    form = OrdreDuJourForm(request.POST or None, rencontres=rencontres, initial={"rencontre": proche})

    def inscrire() -> str:
        rencontre = form.cleaned_data["rencontre"]
        return ancre(mettre_a_l_ordre_du_jour(demande.pk, rencontre=rencontre, auteur=auteur_de(request)))

    reponse = recevoir(request, form, inscrire, message="La demande est à l’ordre du jour.")
    if reponse:
        return reponse
    contexte = {
        "demande": demande,
        "form": form,
        "deja": point_en_attente(demande),
        "sans_rencontre": not rencontres.exists(),
    }
    return render(request, "chantiers/demande_ordre_du_jour.html", contexte)


def _demande_du_point(request: HttpRequest, pk: int) -> tuple[PointOrdreDuJour, DemandeFonds]:
    """Return a point of an agenda and its request, for those who may read the request."""
    lien = get_object_or_404(PointDemande.objects.select_related("point__rencontre__instance_gouvernance"), point=pk)
    return lien.point, lire_demande(request, lien.demande_id)


@require_http_methods(["GET", "HEAD", "POST"])
def decider_en_rencontre(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what the room decided on the request of one point."""
    point, demande = _demande_du_point(request, pk)
    if point.etat != EtatPoint.A_TRAITER or point.rencontre.date > timezone.localdate():
        traite = point.etat != EtatPoint.A_TRAITER
        messages.info(request, "Ce point est traité." if traite else "Cette rencontre n’a pas encore eu lieu.")
        return redirect(ancre(point))
    exiger(permissions.peut_porter_en_rencontre(request.user, demande))
    sieges, appeles = sieges_du_jour(point.rencontre), sieges_qui_votent(request, point.rencontre)
    form = DecisionRencontreForm(
        request.POST or None,
        demande=demande,
        soldes=soldes_utilisables(demande),
        appeles=appeles,
        presences={s.siege.numero: s.presence.etat for s in sieges if s.presence},
        recuses=numeros_ecartes(demande, point.rencontre),
    )

    def inscrire() -> str:
        valeurs = {nom: form.cleaned_data[nom] for nom in ("montant", "conditions", "enveloppe", "motif")}
        vote = form.vote
        inscrire_decision_rencontre(
            demande.pk,
            auteur=auteur_de(request),
            rencontre=point.rencontre,
            point=point,
            reponses=vote.reponses,
            compte=vote.compte,
            **valeurs,
        )
        return ancre(point)

    def message() -> str:
        return annonce_du_vote(PointOrdreDuJour.objects.select_related("scrutin", "resolution").get(pk=point.pk))

    reponse = recevoir(request, form, inscrire, message=message)
    if reponse:
        return reponse
    contexte = {
        "demande": demande,
        "point": point,
        "form": form,
        "retour": resolve_url(ancre(point)),
        "par_siege": bool(appeles),
        "a_des_sieges": any(not s.est_vacant for s in sieges),
        "quorum": quorum_de(point.rencontre, sieges) if any(s.presence for s in sieges) else None,
        "attribution": attribution_de(demande),
        "restes": restes_apres(demande),
        "cout": cout_total(demande),
        "cumul": cumuls_de([demande]).get(demande.pk),
    }
    return render(request, "chantiers/point_decision.html", contexte)
