"""Render: the composed minutes → HTML → PDF. Same data, same bytes."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.text import slugify

from demarche.rencontres.models import ProcesVerbal
from demarche.rencontres.proces_verbal.donnees import ProcesVerbalCompose
from demarche.socle.couleurs import jetons
from demarche.socle.francais import ecrire_date
from demarche.socle.pdf import render_pdf

GABARIT = "pdf/proces_verbal.html"
ETATS = {"present": "Présences", "excuse": "Absences motivées", "absent": "Absences", "": "Présence non notée"}
VACANT = "vacant"


def titre_de(compose: ProcesVerbalCompose) -> str:
    """Return the title of the document, for its file and its metadata."""
    return f"Procès-verbal, {compose.identite.instance}, {ecrire_date(compose.seance.date)}"


def nom_de_fichier(proces_verbal: ProcesVerbal) -> str:
    """Return « proces-verbal-cp-2026-05-08.pdf »."""
    rencontre = proces_verbal.rencontre
    return f"proces-verbal-{slugify(rencontre.instance_gouvernance.prefixe)}-{rencontre.date.isoformat()}.pdf"


def contexte_du_document(compose: ProcesVerbalCompose) -> dict[str, Any]:
    """Return what the page and the PDF read alike."""
    return {
        "pv": compose,
        "titre": titre_de(compose),
        "groupes": [
            (titre, compose.presences_en(etat)) for etat, titre in ETATS.items() if compose.presences_en(etat)
        ],
        "vacants": compose.presences_en(VACANT),
    }


def rendre_pdf(compose: ProcesVerbalCompose) -> bytes:
    """Return the tagged PDF of these minutes: a draft says so at the head of each page."""
    return render_pdf(
        render_to_string(GABARIT, contexte_du_document(compose)),
        titre=titre_de(compose),
        auteur=compose.identite.demarche,
        feuilles=("css/pdf.css", "css/pdf_seance.css"),
        jetons=jetons(compose.identite.couleur),
    )
