"""A request put to the vote: its remote ballot and its decision sheet, the agenda and the vote of a meeting."""

import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from chantiers.demandes.enums import EtatDemande, SensMotif
from chantiers.demandes.forms.deliberations import DecisionRencontreForm, OrdreDuJourForm, OuvertureForm
from chantiers.demandes.models import Deliberation, DemandeFonds, PointDemande
from chantiers.demandes.permissions import (
    a_depose,
    peut_ouvrir_deliberation,
    peut_porter_en_rencontre,
    peut_voir_demande,
    peut_voir_fiche,
)
from chantiers.demandes.queries.decisions import dossier_a_decider, motifs_actifs
from chantiers.demandes.queries.deliberations import numeros_ecartes, point_en_attente, voix_a_appeler, voix_en_cause
from chantiers.demandes.queries.demandes import ce_qui_manque_pour_accorder, ce_qui_manque_pour_ouvrir
from chantiers.demandes.queries.engagements import solde_de, soldes_utilisables
from chantiers.demandes.queries.redaction import ventilation_de
from chantiers.demandes.queries.regles_allocation import attribution_lisible, cumuls_de, total_du_jour
from chantiers.demandes.services.deliberations import (
    inscrire_decision_rencontre,
    mettre_a_l_ordre_du_jour,
    ouvrir_deliberation,
)
from chantiers.demandes.views.decisions import montant_saisi
from chantiers.demandes.views.demandes import lire_demande
from chantiers.demandes.views.redaction import version_de
from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import exiger
from demarche.comptes.protocoles import PAGES
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.enums import Issue
from demarche.gouvernance.models import Rencontre
from demarche.gouvernance.phrases_regle import ecrire_regle
from demarche.rencontres.enums import EtatPoint
from demarche.rencontres.models import PointOrdreDuJour
from demarche.rencontres.services.presences import etats_des_sieges, sieges_du_jour
from demarche.rencontres.services.votes_points import annonce_du_vote
from demarche.rencontres.views.points import ancre, contexte_du_vote, sieges_qui_votent
from demarche.scrutins.models import Electeur, Scrutin
from demarche.scrutins.services.electeurs import electeur_de
from demarche.scrutins.views.scrutins import annoncer_ouverture, page_du_scrutin
from demarche.socle.views.formulaires import save_form

DELAI_PAR_DEFAUT = 7
DECIDE = frozenset({Issue.ADOPTEE, Issue.REJETEE})
CLOS_AUSSITOT = "Le scrutin s’est clos aussitôt : les voix écartées d’office rendent le quorum impossible."


@require_http_methods(["GET", "HEAD", "POST"])
def demande_ouvrir(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the remote ballot of the instance that decides on a request."""
    demande = lire_demande(request, pk)
    if demande.etat == EtatDemande.EN_DELIBERATION and peut_voir_fiche(request.user, demande):
        return redirect("demandes:demande_fiche", pk=demande.pk)
    exiger(peut_porter_en_rencontre(request.user, demande))
    form = _form_ouverture(request, demande)

    ouverts: list[Scrutin] = []

    def enregistrer() -> str:
        scrutin = ouvrir_deliberation(
            demande.pk,
            auteur=auteur_de(request),
            enveloppe=form.cleaned_data["enveloppe"],
            echeance=form.echeance(),
            montant=form.cleaned_data["montant"],
            conditions=form.cleaned_data["conditions"],
            motif=form.cleaned_data["motif"],
            version=form.cleaned_data["version"],
        )
        ouverts.append(scrutin)
        return resolve_url("demandes:demande_fiche", pk=demande.pk)

    reponse = save_form(
        request,
        form,
        enregistrer,
        message=lambda _: annoncer_ouverture(ouverts[0]) if ouverts[0].est_ouvert else CLOS_AUSSITOT,
        version=version_de(demande),
    )
    if reponse:
        return reponse
    appeles, instance = voix_a_appeler(demande), demande.instance_gouvernance
    nb_ecartees = sum(voix.est_ecartee for voix in appeles)
    contexte = {
        "form": form,
        "dossier": dossier_a_decider(
            lire_demande(request, pk), manque=ce_qui_manque_pour_ouvrir(demande), montant=montant_saisi(form)
        ),
        "peut_ouvrir": peut_ouvrir_deliberation(request.user, demande),
        "appeles": appeles,
        "nb_ecartees": nb_ecartees,
        "regle": ecrire_regle(instance, nb_voix=len(appeles), nb_ecartees=nb_ecartees) if instance else None,
    }
    return render(request, "demandes/demande_ouvrir.html", contexte)


def _form_ouverture(request: HttpRequest, demande: DemandeFonds) -> OuvertureForm:
    """Return the form with the amount asked and the deadline that the instance's delay gives."""
    instance = demande.instance_gouvernance
    delai = instance.delai_jours if instance else DELAI_PAR_DEFAUT
    initial = {
        "montant": demande.montant_demande,
        "dernier_jour": timezone.localdate() + datetime.timedelta(days=delai),
        "version": demande.version,
    }
    return OuvertureForm(
        request.POST or None,
        soldes=soldes_utilisables(demande),
        motifs=motifs_actifs(SensMotif.ACCORD),
        initial=initial,
    )


def lire_fiche(request: HttpRequest, pk: int) -> tuple[DemandeFonds, Deliberation | None, Electeur | None]:
    """Return a request whose sheet this person may read, its last ballot, and the voice this person has there.

    Open to those who see the decisions and to the electors of the ballot: a partner, at the assemblée (R6).
    """
    demande = get_object_or_404(
        DemandeFonds.objects.select_related(
            "action_collective", "organisation", "demandeur", "instance_gouvernance", "exercice", "regle", "enveloppe"
        ),
        pk=pk,
    )
    deliberation = demande.deliberations.select_related(
        "scrutin__instance_gouvernance", "scrutin__rencontre", "scrutin__ouvert_par"
    ).last()
    electeur = electeur_de(deliberation.scrutin, auteur_de(request)) if deliberation else None
    appele = electeur is not None
    if not appele and not peut_voir_demande(request.user, demande):
        raise Http404
    exiger(appele or peut_voir_fiche(request.user, demande))
    return demande, deliberation, electeur


@require_safe
def demande_fiche(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the decision sheet; an elector of the ballot answers on it."""
    demande, deliberation, electeur = lire_fiche(request, pk)
    if deliberation is None:
        return redirect(demande)
    visiteur = auteur_de(request)
    page = page_du_scrutin(request, deliberation.scrutin, electeur)
    voit_tout = page.permis.voir_decisions
    contexte = {
        "page": page,
        "demande": demande,
        "deliberation": deliberation,
        "a_change": not (deliberation.scrutin.est_ouvert or deliberation.scrutin.issue in DECIDE),
        "attribution": attribution_lisible(demande, voit_tout=voit_tout),
        "total_du_jour": total_du_jour(demande),
        "cumul": cumuls_de([demande]).get(demande.pk) if voit_tout else None,
        "solde": solde_de(demande),
        "ventilation": ventilation_de(demande),
        "pieces": demande.pieces.select_related("document"),
        "en_cause": voix_en_cause(demande, electeur, visiteur) if electeur else None,
        "sections": PAGES.sections_de("demandes.fiche", visiteur, demande.action_collective),
        "voit_demandeur": voit_tout or a_depose(visiteur, demande),
        "voit_demande": peut_voir_demande(visiteur, demande),
    }
    return render(request, "demandes/demande_fiche.html", contexte)


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
    dossier = dossier_a_decider(lire_demande(request, demande.pk), manque=ce_qui_manque_pour_accorder(demande))
    contexte = {"dossier": dossier, "point": point, "retour": resolve_url(ancre(point))}
    return render(request, "demandes/point_decision.html", contexte | contexte_du_vote(rencontre, form, sieges))
