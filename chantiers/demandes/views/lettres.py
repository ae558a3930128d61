"""The letter of a decision, to print."""

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from chantiers.demandes.lettres import pdf_lettre
from chantiers.demandes.permissions import peut_lire_lettre
from chantiers.demandes.views.demandes import lire_demande
from demarche.comptes.permissions import exiger
from demarche.gouvernance.models import Demarche
from demarche.socle.pdf import reponse_pdf


@require_safe
def demande_lettre(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the letter on a decided request."""
    demande = lire_demande(request, pk)
    exiger(peut_lire_lettre(request.user, demande))
    octets = pdf_lettre(demande, Demarche.objects.first())
    return reponse_pdf(octets, f"decision-{slugify(demande.titre)[:60]}.pdf")
