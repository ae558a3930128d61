"""The agenda of a meeting as a PDF, of one family with the bilan."""

from collections.abc import Sequence

from django.template.loader import render_to_string

from demarche.gouvernance.models import Demarche, Rencontre
from demarche.rencontres.models import PointOrdreDuJour
from demarche.socle.couleurs import jetons
from demarche.socle.pdf import render_pdf


def pdf_ordre_du_jour(rencontre: Rencontre, points: Sequence[PointOrdreDuJour], demarche: Demarche | None) -> bytes:
    """Return the tagged PDF of these points of one agenda.

    Errors: RessourceRefusee when the machine lacks a part.
    """
    contexte = {
        "rencontre": rencontre,
        "points": points,
        "demarche": demarche,
        "duree": sum(point.duree_minutes or 0 for point in points),
    }
    return render_pdf(
        render_to_string("pdf/ordre_du_jour.html", contexte),
        titre=f"Ordre du jour – {rencontre.titre}",
        auteur=demarche.nom if demarche else "",
        feuilles=("css/pdf.css", "css/pdf_ordre_du_jour.css"),
        jetons=jetons(demarche.couleur) if demarche else None,
    )
