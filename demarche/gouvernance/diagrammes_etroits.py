"""The drawings of the house for a narrow screen: the same boxes in one column, linked on the left."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from demarche.gouvernance.diagrammes import (
    FILET,
    Boite,
    BoitePlacee,
    InstanceDessinee,
    dessiner_boite,
    ecrire_seuil,
    grouper,
    mesurer,
    n,
    svg_complet,
)
from demarche.gouvernance.enums import QUI_DECIDENT
from demarche.socle.couleurs import COULEUR_PAR_DEFAUT

LARGEUR = 232.0  # points: a phone of 360 pixels, less its margins
RETRAIT, RAIL, ECART = 15.0, 7.0, 9.0


@dataclass(frozen=True)
class Rang:
    """One box of the column: how far it is indented, and the rank of the box it comes from (None: the top)."""

    boite: Boite
    niveau: int
    de: int | None = None


def dessiner_colonne(rangs: Sequence[Rang], *, titre: str, couleur: str = COULEUR_PAR_DEFAUT) -> str:
    """Return the SVG of boxes in one column, each linked to the one it comes from."""
    placees: list[BoitePlacee] = []
    haut = 0.0
    for rang in rangs:
        gauche = rang.niveau * RETRAIT
        mesuree = mesurer(rang.boite, LARGEUR - gauche - 18)
        largeur = LARGEUR - gauche
        centre = (gauche + largeur / 2, haut + mesuree.hauteur / 2)
        placees.append(
            BoitePlacee(mesuree.boite, mesuree.titre, mesuree.notes, largeur, mesuree.hauteur, centre[0], centre[1])
        )
        haut += mesuree.hauteur + ECART
    liens = "".join(_lier(rangs, placees, numero) for numero, rang in enumerate(rangs) if rang.de is not None)
    boites = "".join(dessiner_boite(placee, couleur) for placee in placees)
    return svg_complet(liens + boites, titre=titre, largeur=LARGEUR, hauteur=max(haut - ECART, 0))


def _lier(rangs: Sequence[Rang], placees: Sequence[BoitePlacee], numero: int) -> str:
    rang, vers = rangs[numero], placees[numero]
    assert rang.de is not None  # noqa: S101 - the caller asks only for boxes that come from another
    de = placees[rang.de]
    x = rangs[rang.de].niveau * RETRAIT + RAIL
    bas = de.y + de.hauteur / 2
    tirets = ' stroke-dasharray="4 3"' if rang.boite.genre == "exterieur" else ""
    if rang.niveau == rangs[rang.de].niveau:
        fin = vers.y - vers.hauteur / 2
        chemin, pointe = f"M{n(x)} {n(bas)}V{n(fin)}", f"M{n(x)} {n(fin)}l-3.5 -6h7z"
    else:
        gauche = vers.x - vers.largeur / 2
        chemin = f"M{n(x)} {n(bas)}V{n(vers.y)}H{n(gauche)}"
        pointe = f"M{n(gauche)} {n(vers.y)}l-6 -3.5v7z"
    return (
        f'<path d="{chemin}" fill="none" stroke="{FILET}" stroke-width="1.2"{tirets}/>'
        f'<path d="{pointe}" fill="{FILET}"/>'
    )


def schema_gouvernance_etroit(
    instances: Iterable[InstanceDessinee],
    *,
    titre: str = "Schéma de gouvernance",
    couleur: str = COULEUR_PAR_DEFAUT,
    notes: Mapping[int, tuple[str, ...]] | None = None,
) -> str:
    """Return the drawing of `schema_gouvernance` for a narrow screen; nothing when there is no instance."""
    boites, fleches = grouper(list(instances), notes or {})
    parents = {fleche.vers: fleche.de for fleche in fleches}
    par_cle = {boite.cle: boite for boite in boites}
    rangs: list[Rang] = []
    pile: list[tuple[str, int, int | None]] = [(b.cle, 0, None) for b in reversed(boites) if b.cle not in parents]
    while pile:
        cle, niveau, de = pile.pop()
        rangs.append(Rang(par_cle[cle], niveau, de))
        numero = len(rangs) - 1
        pile += [(b.cle, niveau + 1, numero) for b in reversed(boites) if parents.get(b.cle) == cle]
    return dessiner_colonne(rangs, titre=titre, couleur=couleur) if rangs else ""


def schema_allocation_etroit(
    *,
    noms: Mapping[str, str],
    seuil_comite: Decimal,
    seuil_assemblee: Decimal,
    titre: str = "Procédure d’allocation des fonds",
    couleur: str = COULEUR_PAR_DEFAUT,
) -> str:
    """Return the drawing of `schema_allocation` for a narrow screen."""
    bas, haut = ecrire_seuil(seuil_comite), ecrire_seuil(seuil_assemblee)
    coordination, comite, assemblee = (noms[genre] for genre in reversed(QUI_DECIDENT))
    origine = f"D’un chantier ou d’une concertation locale; si aucun ne couvre le domaine\u00a0: {comite}."
    besoin = "Le total des fonds dont elle a besoin dans l’exercice dit qui décide."
    return dessiner_colonne(
        [
            Rang(Boite("action", "Proposition d’action collective", (origine, besoin), "pivot"), 0),
            Rang(Boite("coordination", coordination, (f"moins de {bas}",), "principal"), 1, 0),
            Rang(Boite("pilotage", comite, (f"de {bas} à {haut} inclusivement",), "principal"), 1, 0),
            Rang(Boite("assemblee", assemblee, (f"plus de {haut}",), "principal"), 1, 0),
            Rang(Boite("resolution", "Décision consignée", ("résolution numérotée, fonds réservés",), "pivot"), 0, 0),
        ],
        titre=titre,
        couleur=couleur,
    )
