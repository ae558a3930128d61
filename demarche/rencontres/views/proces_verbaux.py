"""Minutes: list, page, draft, texts, adoption, PDF."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from demarche.comptes.permissions import exiger
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.models import Rencontre
from demarche.rencontres.enums import EtatPoint, EtatProcesVerbal, GenrePoint
from demarche.rencontres.forms.proces_verbaux import AdoptionForm, ProcesVerbalForm
from demarche.rencontres.models import PointOrdreDuJour, ProcesVerbal
from demarche.rencontres.permissions import peut_adopter_proces_verbal, peut_rediger_proces_verbal
from demarche.rencontres.proces_verbal.acces import (
    avec_adoption,
    proces_verbaux_lisibles,
    projets_en_cours,
    rencontre_suivante,
)
from demarche.rencontres.proces_verbal.composition import composer
from demarche.rencontres.proces_verbal.donnees import ProcesVerbalCompose, lire_donnees
from demarche.rencontres.proces_verbal.phrases import reprend_les_notes
from demarche.rencontres.proces_verbal.rendu import contexte_du_document, nom_de_fichier, rendre_pdf
from demarche.rencontres.proces_verbal.reserves import reserves_de
from demarche.rencontres.queries.rencontres import points_de
from demarche.rencontres.services.adoptions_proces_verbaux import (
    adopter_proces_verbal,
    est_intact,
    lire_document,
    points_restants,
    texte_resolution,
)
from demarche.rencontres.services.points import ajouter_point
from demarche.rencontres.services.presences import etats_des_sieges, sieges_du_jour
from demarche.rencontres.services.proces_verbaux import (
    modifier_proces_verbal,
    rediger_proces_verbal,
    supprimer_proces_verbal,
)
from demarche.rencontres.views.points import contexte_du_vote, sieges_qui_votent
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.pdf import reponse_pdf
from demarche.socle.views.formulaires import run_verb, save_form
from demarche.socle.views.pagination import page_de


def lire_proces_verbal(request: HttpRequest, pk: int) -> ProcesVerbal:
    """Return minutes this person may read; 404 for the others, who do not learn that they exist."""
    lisibles = proces_verbaux_lisibles(auteur_de(request)).select_related("document")
    return get_object_or_404(avec_adoption(lisibles), pk=pk)


def lire_projet(request: HttpRequest, pk: int) -> ProcesVerbal:
    """Return minutes that the team is about to write."""
    exiger(peut_rediger_proces_verbal(request.user))
    return lire_proces_verbal(request, pk)


def compose_de(proces_verbal: ProcesVerbal) -> ProcesVerbalCompose:
    """Return what the minutes say: frozen once adopted, as the rows stand before."""
    if proces_verbal.est_adopte:
        return lire_donnees(proces_verbal.donnees or {})
    return composer(proces_verbal)


@require_safe
def proces_verbal_liste(request: HttpRequest) -> HttpResponse:
    """Show the minutes this person may read: those to adopt, then the adopted ones, by pages."""
    utilisateur = auteur_de(request)
    adoptes = proces_verbaux_lisibles(utilisateur).filter(etat=EtatProcesVerbal.ADOPTE)
    page, parametres = page_de(request, adoptes.order_by("-rencontre__date", "-pk"))
    contexte = {"projets": projets_en_cours(utilisateur), "page": page, "parametres": parametres}
    return render(request, "rencontres/proces_verbal_liste.html", contexte)


@require_safe
def proces_verbal_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show minutes as they will print, or as they were frozen."""
    proces_verbal = lire_proces_verbal(request, pk)
    redige = peut_rediger_proces_verbal(request.user) and not proces_verbal.est_adopte
    compose = compose_de(proces_verbal)
    attendus: list[PointOrdreDuJour] = proces_verbal.points_attendus  # type: ignore[attr-defined]
    contexte: dict[str, Any] = {
        "proces_verbal": proces_verbal,
        "rencontre": proces_verbal.rencontre,
        "point": attendus[0] if attendus else None,
        "suivante": rencontre_suivante(proces_verbal.rencontre) if redige and not attendus else None,
        "redige": redige,
        "adopte": bool(attendus)
        and peut_adopter_proces_verbal(request.user)
        and attendus[0].rencontre.date <= timezone.localdate(),
        "intact": est_intact(proces_verbal) if proces_verbal.est_adopte else True,
        "reserves": reserves_de(compose) if redige else [],
        **contexte_du_document(compose),
    }
    return render(request, "rencontres/proces_verbal_detail.html", contexte)


@require_safe
def proces_verbal_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the PDF: the stored one once adopted, checked against its hash; a draft drawn now before."""
    proces_verbal = lire_proces_verbal(request, pk)
    try:
        octets = lire_document(proces_verbal) if proces_verbal.est_adopte else rendre_pdf(compose_de(proces_verbal))
    except ErreurMetier as erreur:
        messages.error(request, erreur.messages[0])
        return redirect(proces_verbal)
    return reponse_pdf(octets, nom_de_fichier(proces_verbal))


@require_POST
def proces_verbal_rediger(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the minutes of a meeting."""
    exiger(peut_rediger_proces_verbal(request.user))
    rencontre = get_object_or_404(Rencontre, pk=pk)
    verbe = partial(rediger_proces_verbal, rencontre.pk, auteur=auteur_de(request))
    if not run_verb(request, verbe, message="Le projet est prêt. Relisez ce qui est dit de chaque point."):
        return redirect(rencontre)
    return redirect("rencontres:proces_verbal_modifier", pk=rencontre.proces_verbal.pk)


@require_POST
def proces_verbal_reprendre(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the first draft again over the texts."""
    proces_verbal = lire_projet(request, pk)
    verbe = partial(rediger_proces_verbal, proces_verbal.rencontre_id, auteur=auteur_de(request), remplacer=True)
    run_verb(request, verbe, message="Les textes sont repris depuis les notes et les faits de la rencontre.")
    return redirect("rencontres:proces_verbal_modifier", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def proces_verbal_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the team write what is said, beside the facts that the rows tell."""
    proces_verbal = lire_projet(request, pk)
    if proces_verbal.est_adopte:
        messages.info(request, "Ce procès-verbal est adopté : il ne change plus.")
        return redirect(proces_verbal)
    points = list(points_de(proces_verbal.rencontre))
    faits = composer(proces_verbal)
    form = ProcesVerbalForm(request.POST or None, proces_verbal=proces_verbal, points=points, compose=faits)
    reponse = save_form(
        request,
        form,
        lambda: modifier_proces_verbal(
            proces_verbal,
            version=form.cleaned_data["version"],
            auteur=auteur_de(request),
            **form.textes,
        ),
        to=proces_verbal,
        message="Le projet est enregistré. Voici comment il se lira.",
        version=lambda: ProcesVerbal.objects.get(pk=pk).version,
    )
    if reponse:
        return reponse
    contexte = {
        "proces_verbal": proces_verbal,
        "rencontre": proces_verbal.rencontre,
        "form": form,
        "lignes": [(p, form.champ_du_point(p), f) for p, f in zip(points, faits.points, strict=True)],
        "quorum": faits.quorum,
        "sans_notes": not reprend_les_notes(proces_verbal.rencontre),
    }
    return render(request, "rencontres/proces_verbal_formulaire.html", contexte)


@require_POST
def proces_verbal_supprimer(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up a draft."""
    proces_verbal = lire_projet(request, pk)
    verbe = partial(supprimer_proces_verbal, proces_verbal, auteur=auteur_de(request))
    fait = run_verb(request, verbe, message="Le projet est supprimé. Les textes des points restent à la rencontre.")
    return redirect(proces_verbal.rencontre if fait else proces_verbal)


@require_POST
def proces_verbal_inscrire(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a draft on the agenda of the next meeting of the instance."""
    proces_verbal = lire_projet(request, pk)
    suivante = rencontre_suivante(proces_verbal.rencontre)
    if suivante is None:
        messages.error(request, "Aucune rencontre n’est annoncée : annoncez la prochaine, puis recommencez.")
        return redirect(proces_verbal)
    champs = {
        "genre": GenrePoint.PROCES_VERBAL,
        "titre": f"Adoption du procès-verbal : {proces_verbal.rencontre}"[:200],
        "proces_verbal": proces_verbal,
        "est_public": False,
    }
    verbe = partial(ajouter_point, suivante, champs=champs, auteur=auteur_de(request))
    run_verb(request, verbe, message=f"Le projet est à l’ordre du jour de «\u00a0{suivante}\u00a0».")
    return redirect(proces_verbal)


@require_http_methods(["GET", "HEAD", "POST"])
def proces_verbal_adopter(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the vote of the room on the minutes that a point brings; adopted, they are frozen."""
    exiger(peut_adopter_proces_verbal(request.user))
    point = get_object_or_404(
        PointOrdreDuJour.objects.select_related(
            "rencontre__instance_gouvernance", "proces_verbal__rencontre__instance_gouvernance"
        ),
        pk=pk,
        genre=GenrePoint.PROCES_VERBAL,
    )
    proces_verbal, rencontre = point.proces_verbal, point.rencontre
    assert proces_verbal is not None  # noqa: S101 - a constraint says so
    if proces_verbal.est_adopte or point.etat != EtatPoint.A_TRAITER:
        return redirect(proces_verbal)
    if rencontre.date > timezone.localdate():
        messages.info(request, "La rencontre qui l’adoptera n’a pas encore eu lieu.")
        return redirect(proces_verbal)
    compose = composer(proces_verbal)
    sieges = sieges_du_jour(rencontre)
    form = AdoptionForm(
        request.POST or None,
        point=point,
        **sieges_qui_votent(request, rencontre),
        presences=etats_des_sieges(rencontre, sieges),
        initial={"version": compose.empreinte},
    )

    def enregistrer() -> str:
        lu, vote = form.cleaned_data["version"], form.vote
        adopter_proces_verbal(point.pk, vote=vote, lu=lu, auteur=auteur_de(request), **form.nommes)
        return resolve_url(proces_verbal)

    def message(_: object) -> str:
        if ProcesVerbal.objects.get(pk=proces_verbal.pk).est_adopte:
            return "Le procès-verbal est adopté. Il ne change plus."
        return "Le vote est inscrit : sans adoption, le procès-verbal reste un projet."

    reponse = save_form(request, form, enregistrer, message=message, version=lambda: compose.empreinte)
    if reponse:
        return reponse
    contexte = {
        "point": point,
        "proces_verbal": proces_verbal,
        "texte": texte_resolution(proces_verbal),
        "restants": points_restants(proces_verbal),
        "reserves": reserves_de(compose),
        **contexte_du_document(compose),
        **contexte_du_vote(rencontre, form, sieges),
    }
    return render(request, "rencontres/proces_verbal_adopter.html", contexte)
