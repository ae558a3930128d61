"""The register of resolutions: list, page, PDF, how one is corrected."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import exiger
from demarche.comptes.protocoles import PAGES
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.enums import MODES_A_DISTANCE
from demarche.gouvernance.models import Resolution
from demarche.gouvernance.permissions import peut_voir_decisions
from demarche.gouvernance.protocoles import SUITES
from demarche.registre.queries import decrire_lignes
from demarche.scrutins.document_resolution import composer_feuille, rendre_pdf
from demarche.scrutins.forms.scrutins import FiltreForm
from demarche.scrutins.permissions import peut_corriger_resolution
from demarche.scrutins.queries import scrutin_de
from demarche.socle.pdf import reponse_pdf
from demarche.socle.views.pagination import page_de


def resolutions_de(utilisateur: Utilisateur) -> QuerySet[Resolution]:
    """Return the resolutions this person may read: all, or those that the rooms above open to a partner.

    Errors: PermissionDenied when there is none.
    """
    if peut_voir_decisions(utilisateur):
        return Resolution.objects.all()
    lisibles = SUITES.resolutions_lisibles_par(utilisateur)
    if lisibles is None:
        raise PermissionDenied
    return Resolution.objects.filter(lisibles)


def lire_resolution(utilisateur: Utilisateur, pk: int) -> Resolution:
    """Return one resolution this person may read, with what its page and its document say; 404 for another."""
    relations = ("instance_gouvernance", "scrutin", "exercice", "rencontre", "inscrite_par", "corrige")
    return get_object_or_404(resolutions_de(utilisateur).select_related(*relations), pk=pk)


@require_safe
def resolution_liste(request: HttpRequest) -> HttpResponse:
    """Show the register, by instance and exercice."""
    lisibles = resolutions_de(auteur_de(request))
    filtre = FiltreForm(request.GET)
    resolutions = lisibles.select_related("instance_gouvernance", "scrutin", "exercice").prefetch_related(
        "corrections"
    )
    filtre.is_valid()
    for nom in ("instance_gouvernance", "exercice"):
        if choisi := filtre.cleaned_data.get(nom):
            resolutions = resolutions.filter(**{nom: choisi})
    page, parametres = page_de(request, resolutions)
    page.object_list = [(resolution, scrutin_de(resolution)) for resolution in page]
    contexte = {"filtre": filtre, "page": page, "parametres": parametres, "est_filtree": filtre.has_changed()}
    return render(request, "scrutins/resolution_liste.html", contexte)


@require_safe
def resolution_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one resolution: its words, the counts of its ballot, what corrects it, its lines in the register."""
    utilisateur = auteur_de(request)
    resolution = lire_resolution(utilisateur, pk)
    voit_tout = peut_voir_decisions(utilisateur)
    feuille = composer_feuille(resolution)
    lignes = [*feuille.autres_lignes, *([feuille.ligne] if feuille.ligne else [])]
    contexte = {
        "resolution": resolution,
        "scrutin": feuille.scrutin,
        "feuille": feuille,
        "lignes": decrire_lignes(sorted(lignes, key=lambda ligne: ligne.numero)),
        "voit_tout": voit_tout,
        "peut_corriger": peut_corriger_resolution(utilisateur),
        "sections": PAGES.sections_de("scrutins.resolution", utilisateur, resolution),
    }
    return render(request, "scrutins/resolution_detail.html", contexte)


@require_safe
def resolution_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the resolution as a document to file or to hand over."""
    exiger(peut_voir_decisions(auteur_de(request)))
    resolution = lire_resolution(auteur_de(request), pk)
    return reponse_pdf(rendre_pdf(composer_feuille(resolution)), f"resolution-{resolution.code}.pdf")


@require_safe
def resolution_corriger(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how a resolution is corrected: by another one, put on the agenda of a meeting or to a ballot."""
    exiger(peut_corriger_resolution(auteur_de(request)))
    resolution = lire_resolution(auteur_de(request), pk)
    instance = resolution.instance_gouvernance
    contexte = {
        "resolution": resolution,
        "sections": PAGES.sections_de("scrutins.correction", auteur_de(request), resolution),
        "a_distance": instance.mode_decision in MODES_A_DISTANCE,
    }
    return render(request, "scrutins/resolution_corriger.html", contexte)
