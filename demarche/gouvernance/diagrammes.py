"""Diagrams drawn from rows: Graphviz places the boxes, we draw them with our own tokens.

Only box names made by us and sizes in inches go to `dot`: nothing that a person typed ever reaches it, and the
drawing does not depend on the fonts of the machine. Same input, same SVG; attributes only, no inline style.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Protocol

from django.utils.html import escape

from demarche.gouvernance.enums import QUI_DECIDENT, GenreInstance
from demarche.socle.couleurs import COULEUR_PAR_DEFAUT
from demarche.socle.francais import ecrire_nombre, enumerer
from demarche.socle.pdf import chemin_statique

POLICE = "Source Sans 3, Segoe UI, sans-serif"
TAILLE, TAILLE_NOTE = 10.5, 9.0
INTERLIGNE = 1.28
MARGE_X, MARGE_Y = 9.0, 7.0
LARGEUR_TEXTE = 124.0
POINTS = 72.0  # a Graphviz inch
ENCRE, ENCRE_DOUCE, FILET = "#1f2426", "#555b5c", "#857f72"
BLANC, PAPIER = "#ffffff", "#f3efe5"


class DiagrammeImpossible(RuntimeError):
    """The layout program is missing or failed; the message is a French sentence that says what to install."""


@dataclass(frozen=True)
class Boite:
    """One box: its title, smaller lines under it, and its kind: `principal`, `ordinaire`, `exterieur` or `pivot`."""

    cle: str
    titre: str
    notes: tuple[str, ...] = ()
    genre: str = "ordinaire"


@dataclass(frozen=True)
class Fleche:
    """One link from a box to another; dashed when it only informs, without a point when it goes both ways."""

    de: str
    vers: str
    libelle: str = ""
    est_pointillee: bool = False
    a_pointe: bool = True


@dataclass(frozen=True)
class Diagramme:
    """One drawing and what it says in words."""

    titre: str
    svg: str
    description: str


@dataclass(frozen=True)
class BoitePlacee:
    """One box with its wrapped lines, its centre and its size in points."""

    boite: Boite
    titre: tuple[str, ...]
    notes: tuple[str, ...]
    largeur: float
    hauteur: float
    x: float = 0.0
    y: float = 0.0


# Text measured with our own font, so that a box fits its words on every machine.


@lru_cache(maxsize=8)
def police(gras: bool, taille: float) -> "MesurePolice":
    from PIL import ImageFont

    nom = "fonts/SourceSans3-Semibold.ttf" if gras else "fonts/SourceSans3-Regular.ttf"
    return ImageFont.truetype(str(chemin_statique(nom)), size=round(taille * 10))


class MesurePolice(Protocol):
    def getlength(self, text: str) -> float: ...


def largeur_texte(texte: str, *, gras: bool, taille: float) -> float:
    """Return the width of one line, in points."""
    return float(police(gras, taille).getlength(texte)) / 10


def couper(texte: str, *, largeur: float, gras: bool, taille: float) -> tuple[str, ...]:
    """Return the text on lines that fit the width; a word longer than the line is cut."""
    lignes: list[str] = []
    courante = ""
    for mot in texte.split(" "):
        essai = f"{courante} {mot}" if courante else mot
        if largeur_texte(essai, gras=gras, taille=taille) <= largeur:
            courante = essai
            continue
        if courante:
            lignes.append(courante)
        while largeur_texte(mot, gras=gras, taille=taille) > largeur and len(mot) > 1:
            n = len(mot) - 1
            while n > 1 and largeur_texte(mot[:n] + "-", gras=gras, taille=taille) > largeur:
                n -= 1
            lignes.append(mot[:n] + "-")
            mot = mot[n:]  # noqa: PLW2901 - what remains of the word
        courante = mot
    lignes.append(courante)
    return tuple(lignes)


def mesurer(boite: Boite, largeur: float) -> BoitePlacee:
    """Return the box with its lines and its size."""
    titre = couper(boite.titre, largeur=largeur, gras=True, taille=TAILLE)
    notes = tuple(
        ligne for note in boite.notes for ligne in couper(note, largeur=largeur, gras=False, taille=TAILLE_NOTE)
    )
    hauteur = len(titre) * TAILLE * INTERLIGNE + len(notes) * TAILLE_NOTE * INTERLIGNE + 2 * MARGE_Y
    return BoitePlacee(boite, titre, notes, largeur + 2 * MARGE_X, hauteur + (3 if notes else 0))


# Layout.


def placer(
    boites: Sequence[BoitePlacee],
    fleches: Sequence[Fleche],
    *,
    sens: str,
    rangs: Sequence[Sequence[str]],
    ecart: tuple[float, float],
) -> tuple[list[BoitePlacee], float, float]:
    """Return the boxes placed by `dot`, with the width and height of the whole, in points."""
    import graphviz

    noms = {placee.boite.cle: f"b{i}" for i, placee in enumerate(boites)}
    graphe = graphviz.Digraph(graph_attr={"rankdir": sens, "nodesep": str(ecart[0]), "ranksep": str(ecart[1])})
    graphe.attr("node", shape="box", fixedsize="true", label="")
    for placee in boites:
        graphe.node(
            noms[placee.boite.cle], width=f"{placee.largeur / POINTS:.4f}", height=f"{placee.hauteur / POINTS:.4f}"
        )
    for fleche in fleches:
        graphe.edge(noms[fleche.de], noms[fleche.vers])
    for rang in rangs:
        with graphe.subgraph(graph_attr={"rank": "same"}) as groupe:
            for cle in rang:
                groupe.node(noms[cle])
    try:
        texte = graphe.pipe(format="plain", encoding="utf-8")
    except graphviz.ExecutableNotFound as erreur:
        raise DiagrammeImpossible(
            "Le programme « dot » de Graphviz manque : installez-le avec « sudo apt-get install graphviz », "
            "puis recommencez."
        ) from erreur
    except graphviz.CalledProcessError as erreur:
        raise DiagrammeImpossible("Graphviz n’a pas pu placer le schéma.") from erreur
    return lire_positions(texte, boites)


def lire_positions(texte: str, boites: Sequence[BoitePlacee]) -> tuple[list[BoitePlacee], float, float]:
    """Return what the plain output of `dot` says; its y axis goes up, ours goes down."""
    lignes = [ligne.split() for ligne in texte.splitlines()]
    entete = next(mots for mots in lignes if mots[0] == "graph")
    largeur, hauteur = float(entete[2]) * POINTS, float(entete[3]) * POINTS
    positions = {
        mots[1]: (float(mots[2]) * POINTS, hauteur - float(mots[3]) * POINTS) for mots in lignes if mots[0] == "node"
    }
    placees = [
        BoitePlacee(b.boite, b.titre, b.notes, b.largeur, b.hauteur, *positions[f"b{i}"]) for i, b in enumerate(boites)
    ]
    return placees, largeur, hauteur


# Drawing.


def n(valeur: float) -> str:
    """Return a coordinate on one decimal."""
    return f"{valeur:.1f}".removesuffix(".0")


def ligne_texte(
    x: float, y: float, texte: str, *, taille: float, encre: str, gras: bool = False, ancre: str = "middle"
) -> str:
    """Return one line of SVG text, escaped."""
    poids = ' font-weight="600"' if gras else ""
    return (
        f'<text x="{n(x)}" y="{n(y)}" text-anchor="{ancre}" font-family="{POLICE}" font-size="{n(taille)}"{poids} '
        f'fill="{encre}">{escape(texte)}</text>'
    )


def dessiner_boite(p: BoitePlacee, couleur: str) -> str:
    """Return one box; what tells the kinds apart is the frame as much as the colour."""
    fond, encre, trait, epaisseur, tirets = {
        "principal": (couleur, BLANC, couleur, "1.2", ""),
        "pivot": (PAPIER, ENCRE, couleur, "1.6", ""),
        "exterieur": (BLANC, ENCRE, FILET, "1", ' stroke-dasharray="4 3"'),
    }.get(p.boite.genre, (BLANC, ENCRE, couleur, "1.2", ""))
    gauche, haut = p.x - p.largeur / 2, p.y - p.hauteur / 2
    morceaux = [
        f'<rect x="{n(gauche)}" y="{n(haut)}" width="{n(p.largeur)}" height="{n(p.hauteur)}" rx="5" fill="{fond}" '
        f'stroke="{trait}" stroke-width="{epaisseur}"{tirets}/>'
    ]
    y = haut + MARGE_Y + TAILLE
    for ligne in p.titre:
        morceaux.append(ligne_texte(p.x, y, ligne, taille=TAILLE, encre=encre, gras=True))
        y += TAILLE * INTERLIGNE
    y += 1.5
    for ligne in p.notes:
        encre_note = encre if p.boite.genre == "principal" else ENCRE_DOUCE
        morceaux.append(ligne_texte(p.x, y, ligne, taille=TAILLE_NOTE, encre=encre_note))
        y += TAILLE_NOTE * INTERLIGNE
    return "".join(morceaux)


def couloir(de: BoitePlacee, vers: BoitePlacee, toutes: Sequence[BoitePlacee]) -> float:
    """Return the height of the free lane between the row of a box and the next row, where the links turn."""
    if vers.y < de.y:
        return couloir(vers, de, toutes)
    bas = max(p.y + p.hauteur / 2 for p in toutes if abs(p.y - de.y) < 1)
    haut = min(p.y - p.hauteur / 2 for p in toutes if abs(p.y - vers.y) < 1)
    return (bas + haut) / 2 if haut > bas else (de.y + de.hauteur / 2 + vers.y - vers.hauteur / 2) / 2


def dessiner_fleche(fleche: Fleche, placees: Sequence[BoitePlacee], *, sens: str, couleur: str = FILET) -> str:
    """Return one link as a line with two right angles, from the edge of a box to the edge of the next."""
    de = next(p for p in placees if p.boite.cle == fleche.de)
    vers = next(p for p in placees if p.boite.cle == fleche.vers)
    if sens == "TB":
        signe = 1 if vers.y >= de.y else -1
        x1, y1, x2, y2 = de.x, de.y + signe * de.hauteur / 2, vers.x, vers.y - signe * vers.hauteur / 2
        milieu = couloir(de, vers, placees)
        chemin = f"M{n(x1)} {n(y1)}V{n(milieu)}H{n(x2)}V{n(y2)}" if abs(x1 - x2) > 0.5 else f"M{n(x1)} {n(y1)}V{n(y2)}"
        pointe = f"M{n(x2)} {n(y2)}l-3.5 {n(-6 * signe)}h7z"
        etiquette = (x2, milieu + signe * 9)
    else:
        signe = 1 if vers.x >= de.x else -1
        x1, y1, x2, y2 = de.x + signe * de.largeur / 2, de.y, vers.x - signe * vers.largeur / 2, vers.y
        milieu = (x1 + x2) / 2
        chemin = f"M{n(x1)} {n(y1)}H{n(milieu)}V{n(y2)}H{n(x2)}" if abs(y1 - y2) > 0.5 else f"M{n(x1)} {n(y1)}H{n(x2)}"
        pointe = f"M{n(x2)} {n(y2)}l{n(-6 * signe)} -3.5v7z"
        etiquette = ((milieu + x2) / 2, y2 - 4)
    tirets = ' stroke-dasharray="4 3"' if fleche.est_pointillee else ""
    dessin = f'<path d="{chemin}" fill="none" stroke="{couleur}" stroke-width="1.2"{tirets}/>'
    if fleche.a_pointe:
        dessin += f'<path d="{pointe}" fill="{couleur}"/>'
    if fleche.libelle:
        largeur = largeur_texte(fleche.libelle, gras=True, taille=TAILLE_NOTE) + 8
        x, y = etiquette
        dessin += (
            f'<rect x="{n(x - largeur / 2)}" y="{n(y - 9)}" width="{n(largeur)}" height="12.5" fill="{BLANC}"/>'
            + ligne_texte(x, y, fleche.libelle, taille=TAILLE_NOTE, encre=ENCRE, gras=True)
        )
    return dessin


def svg_complet(contenu: str, *, titre: str, largeur: float, hauteur: float, marge: float = 2.0) -> str:
    """Return the whole SVG: its title first, then the drawing, with a hair of margin around."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{n(largeur + 2 * marge)}pt" '
        f'height="{n(hauteur + 2 * marge)}pt" viewBox="{n(-marge)} {n(-marge)} {n(largeur + 2 * marge)} '
        f'{n(hauteur + 2 * marge)}"><title>{escape(titre)}</title>{contenu}</svg>'
    )


def dessiner(
    boites: Sequence[Boite],
    fleches: Sequence[Fleche],
    *,
    titre: str,
    couleur: str = COULEUR_PAR_DEFAUT,
    sens: str = "TB",
    rangs: Sequence[Sequence[str]] = (),
    ecart: tuple[float, float] = (0.2, 0.42),
    largeur: float = LARGEUR_TEXTE,
) -> str:
    """Return the SVG of boxes and links.

    sens:   `TB` from top to bottom, `LR` from left to right.
    rangs:  boxes kept on one line.
    Errors: DiagrammeImpossible, a French sentence, when Graphviz is missing.
    """
    mesurees = [mesurer(boite, largeur) for boite in boites]
    placees, total_x, total_y = placer(mesurees, fleches, sens=sens, rangs=rangs, ecart=ecart)
    contenu = "".join(dessiner_fleche(f, placees, sens=sens) for f in fleches)
    contenu += "".join(dessiner_boite(p, couleur) for p in placees)
    return svg_complet(contenu, titre=titre, largeur=total_x, hauteur=total_y)


# The drawings of the house.


class InstanceDessinee(Protocol):
    """What the drawing reads of an instance: the model has it, and so has the bilan's copy."""

    @property
    def pk(self) -> int: ...
    @property
    def nom(self) -> str: ...
    @property
    def genre(self) -> str: ...
    @property
    def parent_id(self) -> int | None: ...


GENRES_PRINCIPAUX = frozenset({GenreInstance.ASSEMBLEE, GenreInstance.COMITE_PILOTAGE})
GENRES_EXTERIEURS = frozenset({GenreInstance.CONCERTATION, GenreInstance.FIDUCIAIRE})
PLURIELS = {
    GenreInstance.COMITE_CHANTIER: "Comités de chantier",
    GenreInstance.CONCERTATION: "Concertations locales",
    GenreInstance.CERCLE: "Cercles",
}


def grouper(
    instances: Sequence[InstanceDessinee], notes: Mapping[int, tuple[str, ...]]
) -> tuple[list[Boite], list[Fleche]]:
    """Return boxes and links of the tree; childless instances of one kind under one parent share a box of names."""
    connus = {i.pk for i in instances}
    parents = {i.parent_id for i in instances if i.parent_id in connus}
    groupes: dict[tuple[int | None, str], list[InstanceDessinee]] = {}
    for instance in instances:
        partage = instance.pk not in parents and instance.genre in PLURIELS
        cle = (instance.parent_id, instance.genre if partage else f"seule-{instance.pk}")
        groupes.setdefault(cle, []).append(instance)
    boites, fleches = [], []
    for (parent, genre), membres in groupes.items():
        seule = membres[0]
        if len(membres) > 1:
            boite = Boite(f"i{seule.pk}", PLURIELS[GenreInstance(genre)], tuple(m.nom for m in membres), _genre(seule))
        else:
            boite = Boite(f"i{seule.pk}", seule.nom, notes.get(seule.pk, ()), _genre(seule))
        boites.append(boite)
        if parent in connus:
            fleches.append(Fleche(f"i{parent}", boite.cle, est_pointillee=seule.genre in GENRES_EXTERIEURS))
    return boites, fleches


def _genre(instance: InstanceDessinee) -> str:
    if instance.genre in GENRES_PRINCIPAUX:
        return "principal"
    return "exterieur" if instance.genre in GENRES_EXTERIEURS else "ordinaire"


def decrire_gouvernance(instances: Sequence[InstanceDessinee]) -> str:
    """Return in sentences who depends on whom."""
    noms = {i.pk: i.nom for i in instances}
    phrases = []
    for instance in instances:
        enfants = [i.nom for i in instances if i.parent_id == instance.pk]
        if enfants:
            phrases.append(f"De « {instance.nom} » relèvent : {enumerer(enfants)}.")
    isolees = [i.nom for i in instances if i.parent_id not in noms and all(j.parent_id != i.pk for j in instances)]
    if isolees:
        phrases.append(f"Sans lien hiérarchique : {enumerer(isolees)}.")
    return " ".join(phrases)


def schema_gouvernance(
    instances: Iterable[InstanceDessinee],
    *,
    titre: str = "Schéma de gouvernance",
    couleur: str = COULEUR_PAR_DEFAUT,
    notes: Mapping[int, tuple[str, ...]] | None = None,
) -> Diagramme:
    """Draw the instances under their parents; childless comités and concertations share one box.

    notes: small lines for the box of one instance, by its pk: its role, how it decides, its seats.
    """
    liste = list(instances)
    boites, fleches = grouper(liste, notes or {})
    svg = dessiner(boites, fleches, titre=titre, couleur=couleur) if boites else ""
    return Diagramme(titre, svg, decrire_gouvernance(liste))


def ecrire_seuil(montant: Decimal) -> str:
    """Return an amount without useless cents: `50 000 $`."""
    decimales = 0 if montant == montant.to_integral_value() else 2
    return f"{ecrire_nombre(montant, decimales=decimales)}\u00a0$"


def decideurs_dessines(instances: Iterable[InstanceDessinee]) -> dict[str, str]:
    """Return how these instances name each kind that decides on money (R1); by its kind where there is none."""
    noms = {str(genre): str(genre.label) for genre in QUI_DECIDENT}
    return noms | {une.genre: une.nom for une in reversed(list(instances)) if une.genre in noms}


def schema_allocation(
    *,
    noms: Mapping[str, str],
    seuil_comite: Decimal,
    seuil_assemblee: Decimal,
    titre: str = "Procédure d’allocation des fonds",
    couleur: str = COULEUR_PAR_DEFAUT,
) -> Diagramme:
    """Draw how a collective action is proposed (R2) and which instance decides on its funds (R1).

    noms: how the démarche names the instance of each kind, the coordination, the comité and the assemblée.
    """
    coordination, comite, assemblee = (noms[genre] for genre in reversed(QUI_DECIDENT))
    bas, haut = ecrire_seuil(seuil_comite), ecrire_seuil(seuil_assemblee)
    boites = [
        Boite("chantier", "Un chantier", ("dans son champ d’action",)),
        Boite("concertation", "Une concertation locale", ("dans son champ d’action",)),
        Boite("comite", comite, ("si le domaine n’est couvert par aucun des deux",)),
        Boite("action", "Proposition d’action collective", ("besoin total de fonds dans l’exercice",), "pivot"),
        Boite("coordination", coordination, (f"moins de {bas}",), "principal"),
        Boite("pilotage", comite, (f"de {bas} à {haut} inclusivement",), "principal"),
        Boite("assemblee", assemblee, (f"plus de {haut}",), "principal"),
        Boite("resolution", "Décision consignée", ("résolution numérotée, fonds réservés",), "pivot"),
    ]
    origines, instances = ("chantier", "concertation", "comite"), ("coordination", "pilotage", "assemblee")
    fleches = [Fleche(o, "action") for o in origines]
    fleches += [Fleche("action", i) for i in instances] + [Fleche(i, "resolution") for i in instances]
    svg = dessiner(
        boites, fleches, titre=titre, couleur=couleur, rangs=(origines, instances), ecart=(0.25, 0.33), largeur=132
    )
    description = (
        "Une action collective est proposée par un chantier ou par une concertation locale; si aucun des deux ne "
        f"couvre le domaine, par l’instance «\u00a0{comite}\u00a0». Le total des fonds dont elle a besoin désigne qui "
        f"décide\u00a0: «\u00a0{coordination}\u00a0» à moins de {bas}, «\u00a0{comite}\u00a0» de {bas} à {haut} "
        f"inclusivement, «\u00a0{assemblee}\u00a0» à plus de {haut}. La décision est consignée dans une "
        "résolution numérotée."
    )
    return Diagramme(titre, svg, description)


def schema_rapports(
    *,
    centre: str,
    gauche: tuple[str, Sequence[str]],
    droite: tuple[str, Sequence[str]],
    titre: str,
    couleur: str = COULEUR_PAR_DEFAUT,
) -> Diagramme:
    """Draw the démarche between two families of instances, such as its chantiers and the local concertations."""
    boites = [
        *(Boite(f"g{i}", nom, genre="exterieur") for i, nom in enumerate(gauche[1])),
        Boite("centre", centre, (), "principal"),
        *(Boite(f"d{i}", nom) for i, nom in enumerate(droite[1])),
    ]
    fleches = [Fleche(f"g{i}", "centre", est_pointillee=True, a_pointe=False) for i in range(len(gauche[1]))]
    fleches += [Fleche("centre", f"d{i}", a_pointe=False) for i in range(len(droite[1]))]
    svg = dessiner(boites, fleches, titre=titre, couleur=couleur, sens="LR", ecart=(0.09, 0.42), largeur=158)
    description = (
        f"{centre} se tient entre {len(gauche[1])} {gauche[0]} ({enumerer(gauche[1])}) et "
        f"{len(droite[1])} {droite[0]} ({enumerer(droite[1])})."
    )
    return Diagramme(titre, svg, description)
