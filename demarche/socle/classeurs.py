"""Spreadsheets to download. Numbers stay numbers, and no text is read as a formula."""

import csv
import datetime
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from import_export.fields import Field
from import_export.resources import Resource
from import_export.widgets import Widget

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
DEBUTS_DE_FORMULE = ("=", "+", "-", "@", "\t", "\r", "\n")
LARGEUR_MINIMALE, LARGEUR_MAXIMALE = 10, 60


def valeur_csv(valeur: Any) -> str:
    """Return one cell as a French spreadsheet reads it: decimal comma, ISO date, text that cannot start a formula."""
    if valeur is None:
        return ""
    if isinstance(valeur, Decimal | float):
        return f"{valeur:f}".replace(".", ",")
    if isinstance(valeur, int | datetime.date):
        return str(valeur)
    texte = str(valeur)
    return (
        f"'{texte}" if texte.lstrip().startswith(DEBUTS_DE_FORMULE) or texte.startswith(("\t", "\r", "\n")) else texte
    )


def ecrire_csv(entetes: Sequence[str], lignes: Iterable[Sequence[Any]]) -> bytes:
    """Return a CSV with semicolons and a byte-order mark."""
    sortie = io.StringIO(newline="")
    ecrivain = csv.writer(sortie, delimiter=";")
    ecrivain.writerow(entetes)
    ecrivain.writerows([valeur_csv(valeur) for valeur in ligne] for ligne in lignes)
    return sortie.getvalue().encode("utf-8-sig")


@dataclass(frozen=True)
class Feuille:
    """One sheet: its rows, and at their foot the row of totals, as values; cells empty where nothing adds up."""

    titre: str
    entetes: Sequence[str]
    lignes: Sequence[Sequence[Any]]
    totaux: Sequence[Any] = ()


def ecrire_classeur(feuilles: Iterable[Feuille]) -> bytes:
    """Return a workbook of these sheets, header and totals in bold."""
    from openpyxl import Workbook

    classeur = Workbook(write_only=True)
    for feuille in feuilles:
        _ecrire_feuille(classeur.create_sheet(feuille.titre[:31]), feuille)
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


def _ecrire_feuille(page: Any, feuille: Feuille) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    tout = [list(feuille.entetes), *feuille.lignes, *([feuille.totaux] if feuille.totaux else [])]
    page.freeze_panes = "A2"
    for rang in range(len(feuille.entetes)):
        largeur = max(len(str(ligne[rang] if ligne[rang] is not None else "")) for ligne in tout) + 2
        colonne = page.column_dimensions[get_column_letter(rang + 1)]
        colonne.width = min(max(largeur, LARGEUR_MINIMALE), LARGEUR_MAXIMALE)
    for rang, ligne in enumerate(tout):
        cellules = []
        for valeur in ligne:
            texte = isinstance(valeur, str)
            cellule = WriteOnlyCell(page, value=ILLEGAL_CHARACTERS_RE.sub("", valeur) if texte else valeur)
            if texte:
                cellule.data_type = "s"
            if rang == 0 or ligne is feuille.totaux:
                cellule.font = Font(bold=True)
            if isinstance(valeur, Decimal):
                cellule.number_format = "#,##0.00"
            cellules.append(cellule)
        page.append(cellules)


class Brut(Widget):  # type: ignore[misc]
    """Give the value as it is: a number stays a number, a date a date; the writer of the file does the rest."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


def colonne(attribut: str, titre: str) -> Field:
    """Return one column of a resource."""
    return Field(attribute=attribut, column_name=titre, widget=Brut())


def reponse_classeur(
    extension: str, *, nom: str, titre: str, ressource: type[Resource], lignes: Iterable[Any]
) -> HttpResponse:
    """Return the rows of one resource as a file to download."""
    jeu = ressource().export(queryset=lignes)
    return reponse_feuilles(extension, nom=nom, feuilles=[Feuille(titre, [str(e) for e in jeu.headers], list(jeu))])


def reponse_feuilles(extension: str, *, nom: str, feuilles: Sequence[Feuille]) -> HttpResponse:
    """Return these sheets as a file to download; a CSV holds the first one alone, without its totals.

    Errors: Http404 when the extension is neither `xlsx` nor `csv`.
    """
    if extension not in TYPES:
        raise Http404
    premiere = feuilles[0]
    contenu = ecrire_csv(premiere.entetes, premiere.lignes) if extension == "csv" else ecrire_classeur(feuilles)
    disposition = f'attachment; filename="{nom}.{extension}"'
    return HttpResponse(contenu, content_type=TYPES[extension], headers={"Content-Disposition": disposition})
