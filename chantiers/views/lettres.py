"""The letter of a decision, to print."""

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from chantiers import permissions
from chantiers.lettres import pdf_lettre
from demarche.models import Demarche
from demarche.pdf import reponse_pdf
from demarche.permissions import exiger

from .demandes import lire_demande


@require_safe
def lettre(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the letter on a decided request."""
    demande = lire_demande(request, pk)
    exiger(permissions.peut_lire_lettre(request.user, demande))
    octets = pdf_lettre(demande, Demarche.objects.first())
    return reponse_pdf(octets, f"decision-{slugify(demande.titre)[:60]}.pdf")
