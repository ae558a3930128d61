"""Spreadsheets that leave this app. Text stays text: no cell of ours is ever read as a formula."""

import csv
import datetime
import io
from dataclasses import dataclass
from typing import Any

from import_export.fields import Field
from import_export.resources import Resource
from import_export.widgets import DateWidget

from .enums import TITRES_CATEGORIES, CategoriePartenaire, ModeAdhesion
from .queries import ListePartenaires

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
NON_PUBLIE = "(nom non publié)"
DEBUTS_DE_FORMULE = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class LignePartenaire:
    """One partner of the list, as a row; an unnamed citizen has a row too, so that the count is right."""

    categorie: str
    nom: str
    sigle: str
    precision: str
    du: datetime.date | None
    mode: str


class PartenaireResource(Resource):  # type: ignore[misc]
    """The columns of the list of partners."""

    categorie = Field(attribute="categorie", column_name="Catégorie")
    nom = Field(attribute="nom", column_name="Nom")
    sigle = Field(attribute="sigle", column_name="Sigle")
    precision = Field(attribute="precision", column_name="Groupe ou fonction")
    du = Field(attribute="du", column_name="Partenaire depuis", widget=DateWidget(coerce_to_string=False))
    mode = Field(attribute="mode", column_name="Adhésion")

    class Meta:
        fields = ("categorie", "nom", "sigle", "precision", "du", "mode")
        export_order = fields


def lignes_partenaires(liste: ListePartenaires) -> list[LignePartenaire]:
    """Return the rows of a list, in its order; nothing that the list does not show."""
    modes = {valeur: libelle.split(" (")[0] for valeur, libelle in ModeAdhesion.choices}
    citoyen = TITRES_CATEGORIES[CategoriePartenaire.CITOYEN]
    return [
        *(
            LignePartenaire(TITRES_CATEGORIES[o.categorie], o.nom, o.sigle, "", o.du, modes[o.mode])
            for o in liste.organisations
        ),
        *(LignePartenaire(citoyen, c.nom, "", c.precision, c.du, modes[c.mode]) for c in liste.citoyens),
        *(LignePartenaire(citoyen, NON_PUBLIE, "", "", None, "") for _ in range(liste.nb_citoyens_non_publies)),
    ]


def exporter_partenaires(liste: ListePartenaires, extension: str) -> bytes:
    """Return the list of partners as the bytes of a file, XLSX or CSV."""
    donnees = PartenaireResource().export(queryset=lignes_partenaires(liste))
    entetes = [str(entete) for entete in donnees.headers]
    if extension == "csv":
        return _csv(entetes, donnees)
    return _xlsx(f"Partenaires {liste.jour.isoformat()}", entetes, donnees)


def _csv(entetes: list[str], lignes: Any) -> bytes:
    """Write with a semicolon and a byte-order mark, as a French spreadsheet expects; neutralise formulas."""
    sortie = io.StringIO(newline="")
    ecrivain = csv.writer(sortie, delimiter=";")
    ecrivain.writerow(entetes)
    for ligne in lignes:
        ecrivain.writerow([f"'{v}" if str(v).startswith(DEBUTS_DE_FORMULE) else v for v in ligne])
    return sortie.getvalue().encode("utf-8-sig")


def _xlsx(titre: str, entetes: list[str], lignes: Any) -> bytes:
    """Write one sheet whose texts are texts and whose dates are dates."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    classeur = Workbook(write_only=True)
    feuille = classeur.create_sheet(titre)
    feuille.freeze_panes = "A2"
    for indice, largeur in enumerate((26, 52, 14, 34, 18, 14)):
        feuille.column_dimensions["ABCDEF"[indice]].width = largeur
    for rang, ligne in enumerate([entetes, *lignes]):
        cellules = []
        for valeur in ligne:
            cellule = WriteOnlyCell(feuille, value=valeur)
            if isinstance(valeur, str):
                cellule.data_type = "s"
            if rang == 0:
                cellule.font = Font(bold=True)
            cellules.append(cellule)
        feuille.append(cellules)
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()
