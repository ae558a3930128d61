"""Meetings: list, the page from which one is run, entry by the team."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import exiger, peut_saisir
from demarche.comptes.protocoles import PAGES
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.models import Exercice, Rencontre, Resolution
from demarche.gouvernance.models.rencontres import RencontreQuerySet
from demarche.gouvernance.queries.demarche import exercice_choisi
from demarche.rencontres.forms.rencontres import AnnulationRencontreForm, DuplicationForm, RencontreForm
from demarche.rencontres.models import PointOrdreDuJour, ProcesVerbal
from demarche.rencontres.permissions import peut_voir_ordre_du_jour, peut_voir_rencontre
from demarche.rencontres.protocoles import AGENDAS, ActePoint
from demarche.rencontres.queries.points import consultations_a_inscrire
from demarche.rencontres.queries.rencontres import (
    Etape,
    FaitsEtape,
    accessibles_a,
    ce_qui_fige,
    points_de,
    points_publics,
    proces_verbal_de,
    prochaine_etape,
)
from demarche.rencontres.services.presences import Quorum, SiegeDuJour, quorum_du_moment, sieges_du_jour
from demarche.rencontres.services.rencontres import (
    annuler_rencontre,
    convocation_perimee,
    convoques_de,
    creer_rencontre,
    dupliquer_rencontre,
    lever_rencontre,
    modifier_rencontre,
    ouvrir_rencontre,
)
from demarche.scrutins.permissions import peut_inscrire_vote
from demarche.socle.queries.historique import LigneHistorique, historique_de
from demarche.socle.views.formulaires import run_verb, save_form
from demarche.socle.views.pagination import page_de

NB_A_VENIR = 12  # a year of monthly meetings


def rencontres_de(utilisateur: Utilisateur) -> RencontreQuerySet:
    """Return the meetings this person may open."""
    toutes = Rencontre.objects.select_related("instance_gouvernance")
    return toutes if peut_voir_rencontre(utilisateur) else accessibles_a(toutes, utilisateur)


@login_not_required
@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """Show the public meetings: those to come, then those held, by pages."""
    publiques = Rencontre.objects.publiques().select_related("instance_gouvernance").prefetch_related("points")
    jour = timezone.localdate()
    page, parametres = page_de(request, publiques.passees(jour))
    a_venir, suite = page_de(request, publiques.a_venir(jour), par_page=NB_A_VENIR, cle="a_venir")
    for montree in (page, a_venir):
        montree.object_list = [(rencontre, points_publics(rencontre)) for rencontre in montree]
    contexte = {"a_venir": a_venir, "suite": suite, "page": page, "parametres": parametres}
    return render(request, "rencontres/agenda.html", contexte)


@require_safe
def rencontre_liste(request: HttpRequest) -> HttpResponse:
    """Show the meetings to come, whatever their exercice, then those held in one exercice."""
    utilisateur = auteur_de(request)
    exercice = exercice_choisi(request.GET.get("exercice"))
    rencontres = rencontres_de(utilisateur).annotate(nb_resolutions=Count("resolutions"))
    jour = timezone.localdate()
    passees = rencontres.passees(jour)
    if exercice:
        passees = passees.de_l_exercice(exercice)
    page, parametres = page_de(request, passees.order_by("-date", "-pk"))
    a_venir, suite = page_de(request, rencontres.a_venir(jour), par_page=NB_A_VENIR, cle="a_venir")
    contexte = {
        "exercice": exercice,
        "exercices": Exercice.objects.all(),
        "a_venir": a_venir,
        "suite": suite,
        "page": page,
        "parametres": parametres,
        "peut_saisir": peut_saisir(utilisateur),
    }
    return render(request, "rencontres/rencontre_liste.html", contexte)


@dataclass(frozen=True)
class PermisRencontre:
    """What one person may see and do on the page of a meeting."""

    interne: bool  # sees the notes, opens the resolutions
    entier: bool  # sees every point
    saisir: bool
    ecrire: bool  # while the meeting may change
    reporter: bool  # the points of a cancelled meeting
    voter: bool


@dataclass(frozen=True)
class PageRencontre:
    """What the page of one meeting shows to one person."""

    rencontre: Rencontre
    permis: PermisRencontre
    fige: str  # why nothing more is written, or ""
    etape: Etape | None
    lignes: list[tuple[PointOrdreDuJour, ActePoint | None]]
    nb_a_enteriner: int
    est_commencee: bool
    est_a_venir: bool
    perimee: bool  # the convocation sent no longer says what is
    sieges: list[SiegeDuJour]
    quorum: Quorum | None
    sections: list[tuple[str, str, dict[str, Any]]]
    proces_verbal: ProcesVerbal | None
    resolutions: Iterable[Resolution]
    historique: list[LigneHistorique]


@require_safe
def rencontre_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one meeting: what to do next, its agenda, who is there, its decisions, and what the rooms above add."""
    utilisateur = auteur_de(request)
    rencontre = get_object_or_404(rencontres_de(utilisateur), pk=pk)
    page = page_de_la_rencontre(rencontre, utilisateur)
    return render(request, "rencontres/rencontre_detail.html", {"page": page})


def page_de_la_rencontre(rencontre: Rencontre, utilisateur: Utilisateur) -> PageRencontre:
    """Return the page of a meeting for those who may open it."""
    proces_verbal, jour = proces_verbal_de(rencontre), timezone.localdate()
    fige, saisit = ce_qui_fige(rencontre, proces_verbal), peut_saisir(utilisateur)
    ecrit, vote = saisit and not fige, peut_inscrire_vote(utilisateur)
    permis = PermisRencontre(
        interne=peut_voir_rencontre(utilisateur),
        entier=peut_voir_ordre_du_jour(utilisateur, rencontre),
        saisir=saisit,
        ecrire=ecrit,
        reporter=saisit and rencontre.est_annulee,
        voter=ecrit and vote,
    )
    points = list(points_de(rencontre))
    sieges = sieges_du_jour(rencontre) if permis.entier else []
    notees = any(s.presence for s in sieges)
    pourvus = any(not s.est_vacant for s in sieges)
    actes = AGENDAS.actes_de(utilisateur, points) if permis.interne else {}
    faits = FaitsEtape(
        peut_voter=vote,
        peut_convoquer=ecrit and rencontre.convoquee_le is None and bool(convoques_de(rencontre).joignables),
        convocation_perimee=convocation_perimee(rencontre, points),
        est_redigee=proces_verbal is not None,
    )
    a_noter = pourvus and not notees
    return PageRencontre(
        rencontre=rencontre,
        permis=permis,
        fige=fige if saisit or rencontre.est_annulee else "",
        etape=prochaine_etape(rencontre, points, presences_a_noter=a_noter, faits=faits) if ecrit else None,
        lignes=[(p, actes.get(p.pk)) for p in points if permis.entier or p.est_public],
        nb_a_enteriner=consultations_a_inscrire(rencontre).count() if ecrit else 0,
        est_commencee=rencontre.date <= jour,
        est_a_venir=rencontre.date >= jour,
        perimee=faits.convocation_perimee,
        sieges=sieges if pourvus or notees else [],
        quorum=quorum_du_moment(rencontre, sieges) if permis.entier else None,
        sections=PAGES.sections_de("rencontres.rencontre", utilisateur, rencontre),
        proces_verbal=proces_verbal,
        resolutions=rencontre.resolutions.all() if permis.interne else (),
        historique=historique_de(rencontre) if permis.interne else [],
    )


def rencontre_a_changer(request: HttpRequest, pk: int) -> Rencontre:
    """Return one meeting that this person may change."""
    exiger(peut_saisir(request.user))
    return get_object_or_404(Rencontre.objects.select_related("instance_gouvernance"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def rencontre_creer(request: HttpRequest) -> HttpResponse:
    """Let the team announce a meeting, with its first points."""
    auteur = auteur_de(request)
    exiger(peut_saisir(auteur))
    form = RencontreForm(request.POST or None)

    def creer() -> str:
        points = form.cleaned_data["points"]
        return creer_rencontre(champs=form.champs, auteur=auteur, points=points).get_absolute_url()

    reponse = save_form(request, form, creer, message="La rencontre est enregistrée.")
    return reponse or render(request, "rencontres/rencontre_formulaire.html", {"form": form, "rencontre": None})


@require_http_methods(["GET", "HEAD", "POST"])
def rencontre_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the team change a meeting; the second of two tabs is told."""
    auteur = auteur_de(request)
    rencontre = rencontre_a_changer(request, pk)
    form = RencontreForm(request.POST or None, instance=rencontre)
    reponse = save_form(
        request,
        form,
        lambda: modifier_rencontre(rencontre, version=form.cleaned_data["version"], champs=form.champs, auteur=auteur),
        to=rencontre,
        message="La rencontre est à jour.",
        version=lambda: Rencontre.objects.get(pk=pk).version,
    )
    if reponse:
        return reponse
    titre = Rencontre.objects.get(pk=pk).titre  # the form may have written on its own object
    return render(
        request, "rencontres/rencontre_formulaire.html", {"form": form, "rencontre": rencontre, "titre_actuel": titre}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def rencontre_dupliquer(request: HttpRequest, pk: int) -> HttpResponse:
    """Announce another meeting like this one."""
    auteur = auteur_de(request)
    rencontre = rencontre_a_changer(request, pk)
    form = DuplicationForm(request.POST or None, initial={"titre": rencontre.titre})

    def dupliquer() -> str:
        titre, date = form.cleaned_data["titre"], form.cleaned_data["date"]
        return dupliquer_rencontre(rencontre, titre=titre, date=date, auteur=auteur).get_absolute_url()

    reponse = save_form(request, form, dupliquer, message="La nouvelle rencontre est annoncée.")
    return reponse or render(request, "rencontres/rencontre_dupliquer.html", {"form": form, "rencontre": rencontre})


@require_http_methods(["GET", "HEAD", "POST"])
def rencontre_annuler(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a meeting, with its reason."""
    auteur = auteur_de(request)
    rencontre = rencontre_a_changer(request, pk)
    form = AnnulationRencontreForm(request.POST or None)
    reponse = save_form(
        request,
        form,
        lambda: annuler_rencontre(rencontre, motif=form.cleaned_data["motif"], auteur=auteur),
        message="La rencontre est annulée.",
    )
    return reponse or render(request, "rencontres/rencontre_annuler.html", {"form": form, "rencontre": rencontre})


@require_POST
def rencontre_ouvrir(request: HttpRequest, pk: int) -> HttpResponse:
    """Write that the meeting opens now."""
    rencontre = rencontre_a_changer(request, pk)
    verbe = partial(ouvrir_rencontre, rencontre, auteur=auteur_de(request))
    run_verb(request, verbe, message="La rencontre est ouverte. Notez qui est là.")
    return redirect(rencontre)


@require_POST
def rencontre_lever(request: HttpRequest, pk: int) -> HttpResponse:
    """Write that the meeting is adjourned now."""
    rencontre = rencontre_a_changer(request, pk)
    run_verb(request, lambda: lever_rencontre(rencontre, auteur=auteur_de(request)), message="La rencontre est levée.")
    return redirect(rencontre)
