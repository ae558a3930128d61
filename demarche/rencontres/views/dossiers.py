"""The dossier de siège: its page and its PDF."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import exiger
from demarche.comptes.protocoles import PAGES
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.models import Siege
from demarche.gouvernance.permissions import peut_voir_decisions, peut_voir_instance
from demarche.gouvernance.queries.demarche import la_demarche
from demarche.rencontres.dossier_siege import composer_dossier
from demarche.rencontres.permissions import peut_lire_dossier_siege
from demarche.socle.couleurs import jetons
from demarche.socle.pdf import render_pdf, reponse_pdf


def lire_siege(request: HttpRequest, pk: int) -> Siege:
    """Return a seat whose file this person may read."""
    siege = get_object_or_404(Siege.objects.select_related("instance_gouvernance"), pk=pk)
    exiger(peut_lire_dossier_siege(request.user, siege))
    return siege


def contexte_du_dossier(utilisateur: Utilisateur, siege: Siege, *, imprime: bool) -> dict[str, Any]:
    """Return what the page and the PDF read; `imprime` leaves the links out."""
    sections = PAGES.sections_de("rencontres.dossier_siege", utilisateur, siege)
    return {
        "dossier": composer_dossier(siege),
        "sections": [(titre, gabarit, {**contexte, "imprime": imprime}) for titre, gabarit, contexte in sections],
        "imprime": imprime,
        "voit_decisions": peut_voir_decisions(utilisateur) and not imprime,
        "voit_instance": peut_voir_instance(utilisateur) and not imprime,
    }


@require_safe
def dossier_siege(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the file of one seat."""
    siege = lire_siege(request, pk)
    contexte = contexte_du_dossier(auteur_de(request), siege, imprime=False)
    return render(request, "rencontres/dossier_siege.html", contexte)


@require_safe
def dossier_siege_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the file of one seat, to print or to hand over."""
    siege = lire_siege(request, pk)
    demarche = la_demarche()
    contexte = {
        **contexte_du_dossier(auteur_de(request), siege, imprime=True),
        "demarche_nom": demarche.nom if demarche else "",
        "jour": timezone.localdate(),
    }
    octets = render_pdf(
        render_to_string("pdf/dossier_siege.html", contexte),
        titre=f"Dossier de siège, {siege.libelle}, {siege.instance_gouvernance}",
        auteur=contexte["demarche_nom"],
        feuilles=("css/pdf.css", "css/pdf_seance.css"),
        jetons=jetons(demarche.couleur) if demarche else None,
    )
    return reponse_pdf(octets, f"dossier-{slugify(siege.instance_gouvernance.prefixe)}-siege-{siege.numero}.pdf")
