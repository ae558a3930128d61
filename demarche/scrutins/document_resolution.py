"""The sheet of one resolution: number, text, count, recusals, line of the register; page and PDF read it alike."""

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from demarche.gouvernance.models import Resolution
from demarche.gouvernance.queries.demarche import la_demarche
from demarche.registre.enums import GenreEvenement
from demarche.registre.models import EvenementRegistre
from demarche.registre.queries import lignes_de_l_objet
from demarche.scrutins.models import Electeur, Scrutin
from demarche.scrutins.queries import scrutin_de
from demarche.socle.couleurs import jetons
from demarche.socle.pdf import render_pdf

GABARIT = "pdf/resolution.html"


@dataclass(frozen=True)
class FeuilleResolution:
    """What is said of one resolution beside its own row."""

    resolution: Resolution
    corrections: tuple[Resolution, ...]  # those that correct it, the oldest first
    recuses: tuple[Electeur, ...]  # the recused seats; partners of the assemblée are only counted
    ligne: EvenementRegistre | None
    autres_lignes: tuple[EvenementRegistre, ...]  # those of its ballot

    @property
    def scrutin(self) -> Scrutin | None:
        return scrutin_de(self.resolution)


def composer_feuille(resolution: Resolution) -> FeuilleResolution:
    """Return the sheet of a resolution, in three queries."""
    scrutin = scrutin_de(resolution)
    lignes = lignes_de_l_objet(f"resolution {resolution.pk}", f"scrutin {scrutin.pk if scrutin else None}")
    recuses = Electeur.objects.filter(scrutin=scrutin, siege__isnull=False, recusation__isnull=False).order_by(
        "numero"
    )
    return FeuilleResolution(
        resolution=resolution,
        corrections=tuple(resolution.corrections.order_by("pk")),
        recuses=tuple(recuses) if scrutin else (),
        ligne=next((ligne for ligne in lignes if ligne.genre == GenreEvenement.RESOLUTION), None),
        autres_lignes=tuple(ligne for ligne in lignes if ligne.genre != GenreEvenement.RESOLUTION),
    )


def rendre_pdf(feuille: FeuilleResolution) -> bytes:
    """Return the tagged PDF of one resolution; same rows, same bytes."""
    demarche = la_demarche()
    contexte: dict[str, Any] = {"feuille": feuille, "resolution": feuille.resolution, "demarche": demarche}
    return render_pdf(
        render_to_string(GABARIT, contexte),
        titre=f"Résolution {feuille.resolution.code}",
        auteur=demarche.nom if demarche else "",
        feuilles=("css/pdf.css", "css/pdf_resolution.css"),
        jetons=jetons(demarche.couleur) if demarche else None,
    )
