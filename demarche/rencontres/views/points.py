"""Points of an agenda: add, change, order, note, put to the vote, carry over."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from demarche.comptes.permissions import exiger, peut_saisir
from demarche.comptes.protocoles import PAGES
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.models import Rencontre
from demarche.rencontres.enums import EtatPoint, GenrePoint
from demarche.rencontres.forms.points import GENRES_SAISIS, NotesForm, PointForm, RangForm, ReportForm
from demarche.rencontres.forms.votes import VotePointForm, VoteSalleForm
from demarche.rencontres.models import PointOrdreDuJour
from demarche.rencontres.queries.rencontres import destinations_de_report
from demarche.rencontres.services.points import (
    ajouter_enterinements,
    ajouter_point,
    laisser_point,
    modifier_point,
    noter_point,
    placer_point,
    reporter_point,
    reprendre_point,
    retirer_point,
)
from demarche.rencontres.services.presences import SiegeDuJour, etats_des_sieges, quorum_du_moment, sieges_du_jour
from demarche.rencontres.services.votes_points import SE_VOTENT, annonce_du_vote, numeros_recuses, voter_point
from demarche.rencontres.views.rencontres import rencontre_a_changer
from demarche.scrutins.permissions import peut_inscrire_vote
from demarche.scrutins.services.electeurs import sieges_appeles
from demarche.socle.views.formulaires import run_verb, save_form


def lire_point(pk: int) -> PointOrdreDuJour:
    """Return one point with its meeting."""
    return get_object_or_404(
        PointOrdreDuJour.objects.select_related("rencontre__instance_gouvernance", "consultation", "corrige"), pk=pk
    )


def point_a_changer(request: HttpRequest, pk: int) -> PointOrdreDuJour:
    """Return one point that this person may change."""
    exiger(peut_saisir(request.user))
    return lire_point(pk)


def ancre(point: PointOrdreDuJour) -> str:
    """Return the address of a point on the page of its meeting."""
    return f"{point.rencontre.get_absolute_url()}#point-{point.pk}"


def sieges_qui_votent(request: HttpRequest, rencontre: Rencontre) -> dict[str, Any]:
    """Return, for the form of the vote, the seats called that day, and whether the page asks for a count instead."""
    appeles = sieges_appeles(rencontre.instance_gouvernance, rencontre.date)
    return {"appeles": appeles, "par_nombre": request.GET.get("par") == "nombre"}


def contexte_du_vote(rencontre: Rencontre, form: VoteSalleForm, sieges: Sequence[SiegeDuJour]) -> dict[str, Any]:
    """Return what a page that records a vote of the room shows: the form, in which way, where the quorum stands."""
    return {
        "form": form,
        "rencontre": rencontre,
        "par_siege": form.par_siege,
        "a_des_sieges": any(not s.est_vacant for s in sieges),
        "quorum": quorum_du_moment(rencontre, sieges),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def point_creer(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a point of one kind (`?genre=`); `?corrige=` starts a resolution that corrects another."""
    auteur = auteur_de(request)
    rencontre = rencontre_a_changer(request, pk)
    corrige = request.GET.get("corrige", "")
    defaut = GenrePoint.RESOLUTION if corrige.isdigit() else GenrePoint.LIBRE
    genre = request.GET.get("genre", defaut)
    if genre not in GENRES_SAISIS:
        genre = defaut
    initial = {"corrige": corrige} if corrige.isdigit() else {}
    form = PointForm(request.POST or None, rencontre=rencontre, genre=genre, initial=initial)
    reponse = save_form(
        request,
        form,
        lambda: ancre(ajouter_point(rencontre, champs=form.champs, auteur=auteur)),
        message="Le point est à l’ordre du jour.",
    )
    return reponse or render(
        request,
        "rencontres/point_formulaire.html",
        {"form": form, "rencontre": rencontre, "genre": genre, "genres": GENRES_SAISIS, "point": None},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def point_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a point that is not dealt with yet."""
    auteur = auteur_de(request)
    point = point_a_changer(request, pk)
    form = PointForm(request.POST or None, rencontre=point.rencontre, genre=point.genre, instance=lire_point(pk))
    reponse = save_form(
        request,
        form,
        lambda: modifier_point(point, version=form.cleaned_data["version"], champs=form.champs, auteur=auteur),
        to=ancre(point),
        message="Le point est à jour.",
        version=lambda: lire_point(pk).version,
    )
    return reponse or render(
        request,
        "rencontres/point_formulaire.html",
        {"form": form, "rencontre": point.rencontre, "genre": point.genre, "genres": (), "point": point},
    )


@require_POST
def point_enterinements(request: HttpRequest, pk: int) -> HttpResponse:
    """Put every consultation that waits to be ratified on the agenda."""
    rencontre = rencontre_a_changer(request, pk)

    def message(nb: int) -> str:
        if nb == 0:
            return "Aucune consultation n’attend d’être entérinée."
        return "Une consultation est ajoutée." if nb == 1 else f"{nb} consultations sont ajoutées."

    run_verb(request, lambda: ajouter_enterinements(rencontre, auteur=auteur_de(request)), message=message)
    return redirect(rencontre)


@require_POST
def point_placer(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a point its rank in the agenda."""
    point = point_a_changer(request, pk)
    form = RangForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Écrivez le rang du point dans l’ordre du jour, comme 3.")
        return redirect(ancre(point))
    rang = form.cleaned_data["rang"]
    verbe = partial(placer_point, point, rang=rang, auteur=auteur_de(request))
    run_verb(request, verbe, message=f"« {point} » est déplacé.")
    return redirect(ancre(point))


@require_POST
def point_retirer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a point off the agenda."""
    point = point_a_changer(request, pk)
    run_verb(
        request,
        partial(retirer_point, point, auteur=auteur_de(request)),
        message=f"« {point} » est retiré de l’ordre du jour.",
    )
    return redirect(point.rencontre)


@require_POST
def point_reprendre(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a point marked dealt with by mistake."""
    point = point_a_changer(request, pk)
    run_verb(
        request, partial(reprendre_point, point, auteur=auteur_de(request)), message=f"« {point} » est à traiter."
    )
    return redirect(ancre(point))


@require_POST
def point_laisser(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the meeting ended without dealing with a point."""
    point = point_a_changer(request, pk)
    run_verb(
        request, partial(laisser_point, point, auteur=auteur_de(request)), message=f"« {point} » est noté non abordé."
    )
    return redirect(ancre(point))


@require_http_methods(["GET", "HEAD", "POST"])
def point_notes(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what is said on a point, and say that it is dealt with."""
    auteur = auteur_de(request)
    point = point_a_changer(request, pk)
    form = NotesForm(request.POST or None, initial={"notes": point.notes, "version": point.version})
    traite = "traite" in request.POST

    def enregistrer() -> str:
        valeurs = form.cleaned_data
        noter_point(point, version=valeurs["version"], notes=valeurs["notes"], traite=traite, auteur=auteur)
        return ancre(point)

    message = "Le point est traité." if traite else "Les notes sont enregistrées."
    reponse = save_form(request, form, enregistrer, message=message, version=lambda: lire_point(pk).version)
    return reponse or render(
        request, "rencontres/point_notes.html", {"form": form, "point": point, "rencontre": point.rencontre}
    )


def _pourquoi_ne_pas_voter(point: PointOrdreDuJour) -> str:
    """Return why no vote is recorded on a point now; empty when one may be."""
    if point.genre not in SE_VOTENT:
        return "Ce point ne se vote pas ici."
    if point.rencontre.date > timezone.localdate():
        return "Cette rencontre n’a pas encore eu lieu."
    return "" if point.etat == EtatPoint.A_TRAITER else "Ce point est traité."


@require_http_methods(["GET", "HEAD", "POST"])
def point_voter(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the vote of the room on a resolution, or on a consultation to ratify."""
    auteur = auteur_de(request)
    exiger(peut_inscrire_vote(auteur))
    point = lire_point(pk)
    rencontre = point.rencontre
    if refus := _pourquoi_ne_pas_voter(point):
        messages.info(request, refus)
        return redirect(ancre(point))
    sieges = sieges_du_jour(rencontre)
    form = VotePointForm(
        request.POST or None,
        point=point,
        **sieges_qui_votent(request, rencontre),
        presences=etats_des_sieges(rencontre, sieges),
        recuses=numeros_recuses(point.consultation) if point.consultation else (),
    )
    reponse = save_form(
        request,
        form,
        lambda: voter_point(point, vote=form.vote, texte=form.texte_vote, auteur=auteur),
        to=ancre(point),
        message=annonce_du_vote,
    )
    if reponse:
        return reponse
    sections = PAGES.sections_de("rencontres.enterinement", auteur, point.consultation) if point.consultation else []
    contexte = {"point": point, "sections": sections} | contexte_du_vote(rencontre, form, sieges)
    return render(request, "rencontres/point_voter.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def point_reporter(request: HttpRequest, pk: int) -> HttpResponse:
    """Carry a point over to another meeting of the instance."""
    auteur = auteur_de(request)
    point = point_a_changer(request, pk)
    rencontres = destinations_de_report(point)
    form = ReportForm(request.POST or None, rencontres=rencontres, initial={"rencontre": rencontres.first()})

    def message(_: object) -> str:
        return f"Le point est reporté à « {form.cleaned_data['rencontre']} »."

    reponse = save_form(
        request,
        form,
        lambda: reporter_point(point, vers=form.cleaned_data["rencontre"], auteur=auteur),
        to=ancre(point),
        message=message,
    )
    return reponse or render(
        request,
        "rencontres/point_reporter.html",
        {"form": form, "point": point, "rencontre": point.rencontre, "sans_rencontre": not rencontres.exists()},
    )
