"""The bilan: the team's page, the draft, the publication, and what the public reads."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from demarche.comptes.permissions import exiger, peut_gerer_reglages
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.diagrammes import DiagrammeImpossible
from demarche.gouvernance.models import Exercice
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.pdf import reponse_pdf
from evaluation.bilan import permissions
from evaluation.bilan.document.composition import composer_bilan
from evaluation.bilan.document.etat import etat_des_sections
from evaluation.bilan.models import Bilan
from evaluation.bilan.queries import bilans as lus
from evaluation.bilan.queries.verifications import rapport_de_verification
from evaluation.bilan.services.bilans import dit, lire_version, produire_brouillon, publier_bilan
from evaluation.plan.views.formulaires import exercice_exige


def _retourner(request: HttpRequest, exercice: Exercice, erreur: Exception | None = None) -> HttpResponse:
    """Go back to the page of the exercice, with what prevented the document if something did."""
    if erreur is not None:
        messages.error(request, erreur.message if isinstance(erreur, ErreurMetier) else str(erreur))
    return redirect(f"{reverse('bilan:bilan')}?exercice={exercice.code}")


@require_safe
def bilan(request: HttpRequest) -> HttpResponse:
    """Show what the bilan of an exercice holds, what it lacks, and its published versions."""
    exiger(permissions.peut_preparer_bilan(request.user))
    exercice = exercice_exige(request)
    try:
        bilan = composer_bilan(exercice)
    except ErreurMetier as erreur:
        messages.error(request, erreur.message)
        return redirect("espace")
    sections = etat_des_sections(bilan, gere_reglages=peut_gerer_reglages(request.user), est_clos=exercice.est_clos)
    derniere = lus.derniere_version(exercice)
    contexte = {
        "exercice": exercice,
        "exercices": Exercice.objects.all(),
        "sections": sections,
        "nb_remplies": sum(section.est_remplie for section in sections),
        "nb_reservees": bilan.actions.nb_reservees,
        "rapport": rapport_de_verification(exercice),
        "versions": lus.versions_de(exercice),
        "est_a_jour": derniere is not None and dit(derniere, bilan),
        "peut_publier": permissions.peut_publier_bilan(request.user),
    }
    return render(request, "bilan/bilan_etat.html", contexte)


@require_safe
def verifications(request: HttpRequest) -> HttpResponse:
    """Run every check over the exercice and show what was found, the gravest first."""
    exiger(permissions.peut_preparer_bilan(request.user))
    exercice = exercice_exige(request)
    contexte = {
        "exercice": exercice,
        "exercices": Exercice.objects.all(),
        "rapport": rapport_de_verification(exercice),
    }
    return render(request, "bilan/verification_rapport.html", contexte)


@require_safe
def bilan_brouillon(request: HttpRequest) -> HttpResponse:
    """Answer the draft PDF of an exercice, as the data stand."""
    exiger(permissions.peut_preparer_bilan(request.user))
    exercice = exercice_exige(request)
    try:
        octets = produire_brouillon(exercice)
    except (ErreurMetier, DiagrammeImpossible) as erreur:
        return _retourner(request, exercice, erreur)
    return reponse_pdf(octets, f"bilan-{exercice.code}-brouillon.pdf")


@require_POST
def bilan_publier(request: HttpRequest) -> HttpResponse:
    """Publish the bilan of an exercice as a new version."""
    exiger(permissions.peut_publier_bilan(request.user))
    exercice = exercice_exige(request)
    avant = lus.derniere_version(exercice)
    try:
        version = publier_bilan(exercice, auteur=auteur_de(request))
    except (ErreurMetier, DiagrammeImpossible) as erreur:
        return _retourner(request, exercice, erreur)
    if version == avant:
        messages.info(request, f"Rien n’a changé depuis la version {version.numero} : elle reste la dernière publiée.")
    else:
        messages.success(request, f"La version {version.numero} du bilan {exercice.code} est publiée.")
    return _retourner(request, exercice)


@login_not_required
@require_safe
def bilans_publics(request: HttpRequest) -> HttpResponse:
    """Show the published bilans to everybody: the last version of each exercice."""
    return render(request, "bilan/bilan_publics.html", {"bilans": lus.bilans_publics()})


@login_not_required
@require_safe
def bilan_pdf_publie(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the PDF of one published version, the bytes that were published."""
    version = get_object_or_404(Bilan.objects.select_related("exercice").defer("donnees"), pk=pk)
    try:
        octets = lire_version(version)
    except ErreurMetier as erreur:
        return render(request, "bilan/bilan_absent.html", {"version": version, "raison": erreur.message}, status=410)
    reponse = reponse_pdf(octets, f"bilan-{version.exercice.code}-version-{version.numero}.pdf")
    reponse["ETag"] = f'"{version.empreinte}"'
    reponse["Cache-Control"] = "public, max-age=3600"
    return reponse
