"""The one door to PDF: HTML in, tagged PDF/UA bytes out, and nothing fetched from outside.

The page asks for two kinds of resources only: `statique:fonts/…`, a short list of our own files, and
`image:nom`, the images handed over by the caller. Anything else stops the rendering.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

journal = logging.getLogger(__name__)

LANGUE = "fr-CA"
FEUILLES = frozenset(
    f"css/{nom}.css" for nom in ("pdf", "pdf_seance", "pdf_ordre_du_jour", "pdf_lettre", "pdf_resolution")
)
POLICES = {"SourceSans3": ("Regular", "It", "Semibold", "Bold"), "SourceSerif4": ("Regular", "It", "Semibold")}
STATIQUES = frozenset(f"fonts/{nom}-{graisse}.ttf" for nom, graisses in POLICES.items() for graisse in graisses)
POINTS_PAR_POUCE = 150
QUALITE_JPEG = 85
SANS_BLOC_INSECABLE = "* { break-inside: auto !important; break-after: auto !important; }"
# A relative address becomes absolute under this name, and is then refused like any other.
ADRESSE_REFUSEE = "http://relatif.invalid/"


class RessourceRefusee(RuntimeError):
    """The document asks for something that is not ours, or one of our own files is missing: a fault of the code."""


@dataclass(frozen=True)
class ImagePdf:
    """One image handed to the document, asked for as `image:nom`."""

    contenu: bytes
    type_contenu: str


def chemin_statique(nom: str) -> Path:
    """Return the path of one of our own static files.

    Errors: RessourceRefusee when the file is not there.
    """
    trouve = finders.find(nom)
    if not trouve:
        raise RessourceRefusee(f"Le fichier {nom} manque à l’application : le PDF ne peut pas être produit.")
    return Path(str(trouve))


@lru_cache(maxsize=32)
def lire_statique(nom: str) -> bytes:
    """Return the content of one of our own static files, read once."""
    return chemin_statique(nom).read_bytes()


def chargeur(images: Mapping[str, ImagePdf]) -> Any:
    """Return the fetcher that serves `data:`, our short list and these images, and stops on anything else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Chargeur(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            schema, _, nom = url.partition(":")
            if schema == "data":
                return super().fetch(url, headers)
            if schema == "statique" and nom in STATIQUES:
                try:
                    contenu = lire_statique(nom)
                except (OSError, RessourceRefusee) as erreur:
                    raise FatalURLFetchingError(str(erreur)) from erreur
                return URLFetcherResponse(url, contenu, {"Content-Type": "font/ttf"})
            if schema == "image" and nom in images:
                image = images[nom]
                return URLFetcherResponse(url, image.contenu, {"Content-Type": image.type_contenu})
            raise FatalURLFetchingError(f"Ressource refusée dans un PDF : {url}")

    return Chargeur(allowed_protocols=("data",), allow_redirects=False)


def page_complete(corps: str, *, titre: str, auteur: str, jetons: Mapping[str, str]) -> str:
    """Return the whole HTML document: language, title, author and colour tokens around the body."""
    regles = format_html_join(" ", "--{}: {};", jetons.items())
    return format_html(
        '<!DOCTYPE html>\n<html lang="{}">\n<head>\n<meta charset="utf-8">\n<title>{}</title>\n'
        '<meta name="author" content="{}">\n<meta name="generator" content="Démarche">\n'
        "<style>:root {{ {} }}</style>\n</head>\n<body>\n{}\n</body>\n</html>",
        LANGUE,
        titre,
        auteur,
        regles,
        mark_safe(corps),  # noqa: S308 - written by our own templates, which escape what people typed
    )


def render_pdf(
    html: str,
    *,
    titre: str,
    auteur: str = "",
    feuilles: Sequence[str] = ("css/pdf.css",),
    jetons: Mapping[str, str] | None = None,
    images: Mapping[str, ImagePdf] | None = None,
) -> bytes:
    """Return the tagged PDF (PDF/UA-1) of one body of HTML; same input, same bytes.

    html:     the content of `<body>`, already escaped by its template.
    feuilles: names of our own print stylesheets.
    jetons:   values of CSS custom properties, without their dashes (`couleur`).
    images:   what `image:nom` addresses mean.
    Errors:   RessourceRefusee when the document asks for anything else, or when one of our files is missing.
    """
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError

    if inconnues := set(feuilles) - FEUILLES:
        raise RessourceRefusee(f"Feuille de style inconnue : {', '.join(sorted(inconnues))}")
    fetcher = chargeur(images or {})
    polices = FontConfiguration()
    page = page_complete(html, titre=titre, auteur=auteur, jetons=jetons or {})

    def ecrire(*textes: str) -> bytes:
        styles = [
            weasyprint.CSS(string=texte, url_fetcher=fetcher, base_url=ADRESSE_REFUSEE, font_config=polices)
            for texte in textes
        ]
        document = weasyprint.HTML(string=page, base_url=ADRESSE_REFUSEE, url_fetcher=fetcher)
        octets: bytes = document.write_pdf(
            stylesheets=styles,
            font_config=polices,
            pdf_variant="pdf/ua-1",
            optimize_images=True,
            jpeg_quality=QUALITE_JPEG,
            dpi=POINTS_PAR_POUCE,
        )
        return octets

    try:
        textes = [lire_statique(nom).decode() for nom in feuilles]
        try:
            return ecrire(*textes)
        except AssertionError:
            # WeasyPrint stops on some blocks taller than a page that may not be broken: let them break.
            journal.warning("« %s » ne se coupe pas comme voulu : le PDF est refait sans blocs insécables.", titre)
            return ecrire(*textes, SANS_BLOC_INSECABLE)
    except FatalURLFetchingError as erreur:
        raise RessourceRefusee(str(erreur)) from erreur


def reponse_pdf(octets: bytes, nom: str) -> HttpResponse:
    """Answer a PDF that the browser shows under this name, and that no cache keeps: a right may end tomorrow."""
    return HttpResponse(
        octets,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{nom}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
