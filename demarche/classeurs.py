"""Spreadsheets that leave the house. Text stays text: no cell is ever read as a formula; numbers stay numbers."""

import csv
import datetime
import io
from collections.abc import Iterable, Sequence
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


def ecrire_xlsx(titre: str, entetes: Sequence[str], lignes: Iterable[Sequence[Any]]) -> bytes:
    """Return a workbook of one sheet: texts as texts, numbers as numbers, dates as dates, header row frozen."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    tout = [list(entetes), *(list(ligne) for ligne in lignes)]
    classeur = Workbook(write_only=True)
    feuille = classeur.create_sheet(titre[:31])
    feuille.freeze_panes = "A2"
    for rang in range(len(entetes)):
        largeur = max(len(str(ligne[rang] if ligne[rang] is not None else "")) for ligne in tout) + 2
        colonne = feuille.column_dimensions[get_column_letter(rang + 1)]
        colonne.width = min(max(largeur, LARGEUR_MINIMALE), LARGEUR_MAXIMALE)
    for rang, ligne in enumerate(tout):
        cellules = []
        for valeur in ligne:
            texte = isinstance(valeur, str)
            cellule = WriteOnlyCell(feuille, value=ILLEGAL_CHARACTERS_RE.sub("", valeur) if texte else valeur)
            if texte:
                cellule.data_type = "s"
            if rang == 0:
                cellule.font = Font(bold=True)
            cellules.append(cellule)
        feuille.append(cellules)
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


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
    """Return the rows of one resource as a file to download, `xlsx` or `csv`; anything else is a page not found."""
    if extension not in TYPES:
        raise Http404
    jeu = ressource().export(queryset=lignes)
    entetes, rangs = [str(entete) for entete in jeu.headers], list(jeu)
    contenu = ecrire_csv(entetes, rangs) if extension == "csv" else ecrire_xlsx(titre, entetes, rangs)
    reponse = HttpResponse(contenu, content_type=TYPES[extension])
    reponse["Content-Disposition"] = f'attachment; filename="{nom}.{extension}"'
    return reponse
