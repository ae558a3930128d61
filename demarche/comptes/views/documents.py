"""Documents are served here only, after a permission."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from demarche.comptes.permissions import est_equipe
from demarche.comptes.protocoles import DOCUMENTS
from demarche.comptes.views.acces import personne_connectee
from demarche.socle.fichiers import PDF, TYPES
from demarche.socle.models import Document

TYPES_SERVIS = {type_fichier.type_contenu for type_fichier in TYPES}


def peut_lire_document(request: HttpRequest, document: Document) -> bool:
    """True for a public document, for the team, and for anybody a room lets in."""
    personne = personne_connectee(request)
    return document.est_public or est_equipe(personne) or any(acces.lisible(personne, document) for acces in DOCUMENTS)


@login_not_required
@require_safe
def document_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Serve one file; a person who may not read it does not learn that it exists."""
    objet = Document.objects.filter(pk=pk).first()
    if objet and personne_connectee(request):
        for acces in DOCUMENTS:
            if ailleurs := acces.adresse(objet):  # served by one view alone, which checks its hash
                return redirect(ailleurs)
    if objet is None or not peut_lire_document(request, objet):
        if personne_connectee(request) is None:
            return redirect_to_login(request.get_full_path())
        raise Http404
    return reponse_fichier(objet)


def reponse_fichier(objet: Document) -> HttpResponseBase:
    """Return the file: shown in the browser for an image or a PDF, downloaded otherwise."""
    connu = objet.type_contenu in TYPES_SERVIS
    montre = connu and (objet.est_image or objet.type_contenu == PDF.type_contenu)
    try:
        contenu = objet.fichier.open("rb")
    except FileNotFoundError:
        return HttpResponse(
            "Ce fichier n’est plus sur le serveur.", status=410, content_type="text/plain; charset=utf-8"
        )
    reponse = FileResponse(
        contenu,
        as_attachment=not montre,
        filename=objet.nom_origine,
        content_type=objet.type_contenu if connu else "application/octet-stream",
    )
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Cache-Control"] = "private, max-age=600"
    return reponse
