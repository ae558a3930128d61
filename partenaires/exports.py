"""Columns of the spreadsheet of the partners."""

import datetime
from dataclasses import dataclass

from import_export.resources import Resource

from demarche.socle.classeurs import colonne
from partenaires.enums import TITRES_CATEGORIES, CategoriePartenaire, ModeAdhesion
from partenaires.queries.liste import ListePartenaires

NON_PUBLIE = "(nom non publié)"


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

    categorie = colonne("categorie", "Catégorie")
    nom = colonne("nom", "Nom")
    sigle = colonne("sigle", "Sigle")
    precision = colonne("precision", "Groupe ou fonction")
    du = colonne("du", "Partenaire depuis")
    mode = colonne("mode", "Adhésion")

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
