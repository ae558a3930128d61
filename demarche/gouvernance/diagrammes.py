"""Diagrams drawn from rows: Graphviz draws the boxes in our colours, and we write our words in them.

Only sizes and colours go to `dot`: nothing that a person typed reaches it, and the drawing does not depend on the
fonts of the machine. Same input, same SVG; attributes only, no inline style.
"""

import re
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Protocol

from django.utils.html import escape

from demarche.gouvernance.enums import QUI_DECIDENT, GenreInstance
from demarche.socle.couleurs import COULEUR_PAR_DEFAUT
from demarche.socle.francais import ecrire_nombre, enumerer
from demarche.socle.pdf import chemin_statique

POLICE = "Source Sans 3,Segoe UI,sans-serif"
TAILLE, TAILLE_NOTE = 10.5, 9.0
INTERLIGNE = 1.28
ENCRE, ENCRE_DOUCE, FILET, BLANC, PAPIER = "#1f2426", "#555b5c", "#857f72", "#ffffff", "#f3efe5"


class DiagrammeImpossible(RuntimeError):
    """The layout program is missing or failed; the message is a French sentence that says what to install."""


@dataclass(frozen=True)
class Boite:
    """One box: its title, smaller lines under it, its kind, and the boxes that depend on it.

    genre: `principal`, `ordinaire`, `exterieur` or `pivot`.
    """

    titre: str
    notes: tuple[str, ...] = ()
    genre: str = "ordinaire"
    dessous: tuple["Boite", ...] = ()


@dataclass(frozen=True)
class Diagramme:
    """One drawing, the same thing in sentences, and its boxes as a nested list for a narrow screen."""

    titre: str
    svg: str
    description: str
    liste: tuple[Boite, ...] = ()


def dessiner(
    boites: Sequence[Boite],
    fleches: Iterable[tuple[int, int]],
    *,
    titre: str,
    couleur: str,
    rangs: Iterable[Sequence[int]] = (),
    largeur: float = 142.0,
    pointe: str = "normal",
    **graphe: str,
) -> str:
    """Return the SVG of boxes and of the links between their positions; dashed to or from an outside box.

    rangs:   boxes kept on one line.
    largeur: of each box, in points.
    graphe:  attributes of the graph for Graphviz.
    Errors:  DiagrammeImpossible, a French sentence, when Graphviz is missing.
    """
    import graphviz

    options = {"nodesep": "0.2", "ranksep": "0.42", "bgcolor": "transparent", "pad": "0.03"}
    dessin = graphviz.Digraph(graph_attr=options | graphe)
    dessin.attr("node", shape="box", style="rounded,filled", fixedsize="true", fontname=POLICE, fontsize=str(TAILLE))
    dessin.attr("edge", color=FILET, penwidth="1.2", arrowsize="0.6", arrowhead=pointe)
    sortie, entree = ("e", "w") if graphe.get("rankdir") == "LR" else ("s", "n")
    ecrites = [BoiteEcrite(boite, largeur, couleur) for boite in boites]
    for numero, ecrite in enumerate(ecrites):
        dessin.node(f"b{numero}", **ecrite.attributs)
    for de, vers in fleches:
        exterieur = "exterieur" in (boites[de].genre, boites[vers].genre)
        dessin.edge(f"b{de}:{sortie}", f"b{vers}:{entree}", style="dashed" if exterieur else "solid")
    for rang in rangs:
        with dessin.subgraph(graph_attr={"rank": "same"}) as groupe:
            for numero in rang:
                groupe.node(f"b{numero}")
    try:
        svg = dessin.pipe(format="svg", encoding="utf-8")
    except graphviz.ExecutableNotFound as erreur:
        raise DiagrammeImpossible(
            "Le programme « dot » de Graphviz manque : installez-le avec « sudo apt-get install graphviz », "
            "puis recommencez."
        ) from erreur
    except graphviz.CalledProcessError as erreur:
        raise DiagrammeImpossible("Graphviz n’a pas pu placer le schéma.") from erreur
    # The prologue, the comments, the names and the identifiers of `dot` go: two drawings may stand on one page.
    svg = re.sub(r"<!--.*?-->|<title>.*?</title>| id=\"\w+\"", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = svg.replace("<svg", '<svg role="img"', 1).replace(">", f"><title>{escape(titre)}</title>", 1)
    # `dot` writes the name of a box in its middle: our words take that place.
    return re.sub(
        r'<text [^>]* x="(?P<x>[-\d.]+)" y="(?P<y>[-\d.]+)"[^>]*>b(?P<numero>\d+)</text>',
        lambda place: ecrites[int(place["numero"])].ecrire(float(place["x"]), float(place["y"])),
        svg,
    )


class BoiteEcrite:
    """One box with its words on lines; the frame tells the kinds apart as much as the colour."""

    def __init__(self, boite: Boite, largeur: float, couleur: str) -> None:
        fond, self.encre, trait = {
            "principal": (couleur, BLANC, couleur),
            "pivot": (PAPIER, ENCRE, couleur),
            "exterieur": (BLANC, ENCRE, FILET),
        }.get(boite.genre, (BLANC, ENCRE, couleur))
        self.encre_notes = self.encre if boite.genre == "principal" else ENCRE_DOUCE
        self.titre = couper(boite.titre, largeur - 18, TAILLE, gras=True)
        self.notes = [ligne for note in boite.notes for ligne in couper(note, largeur - 18, TAILLE_NOTE)]
        self.hauteur = INTERLIGNE * (len(self.titre) * TAILLE + len(self.notes) * TAILLE_NOTE)
        self.attributs = {
            "width": f"{largeur / 72:.3f}",
            "height": f"{(self.hauteur + 14) / 72:.3f}",
            "fillcolor": fond,
            "color": trait,
            "penwidth": "1.6" if boite.genre == "pivot" else "1.2",
        }
        if boite.genre == "exterieur":
            self.attributs["style"] = "rounded,filled,dashed"

    def ecrire(self, x: float, y: float) -> str:
        """Return the words as SVG, escaped; `y` is the base of one line of title in the middle of the box."""
        y -= (self.hauteur - INTERLIGNE * TAILLE) / 2
        textes = []
        for lignes, taille, style in (
            (self.titre, TAILLE, f'font-weight="600" fill="{self.encre}"'),
            (self.notes, TAILLE_NOTE, f'fill="{self.encre_notes}"'),
        ):
            for ligne in lignes:
                place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-family="{POLICE}" font-size="{taille}"'
                textes.append(f"<text {place} {style}>{escape(ligne)}</text>")
                y += INTERLIGNE * taille
        return "".join(textes)


@cache
def mesurer(gras: bool) -> Callable[[str], float]:
    """Return what measures one line of our own font, for letters of 100 points."""
    from PIL import ImageFont

    fichier = f"fonts/SourceSans3-{'Semibold' if gras else 'Regular'}.ttf"
    return ImageFont.truetype(str(chemin_statique(fichier)), size=100).getlength


def couper(texte: str, largeur: float, taille: float, *, gras: bool = False) -> list[str]:
    """Return the text on lines that fit the width; a word longer than the line is cut."""
    lignes: list[str] = []
    for mot in texte.split(" "):
        essai = f"{lignes[-1]} {mot}" if lignes else mot
        if mesurer(gras)(essai) * taille / 100 <= largeur:
            lignes[-1:] = [essai]
        else:
            lignes += textwrap.wrap(mot, 18) or [mot]
    return lignes


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


GENRES_BOITES = {
    GenreInstance.ASSEMBLEE: "principal",
    GenreInstance.COMITE_PILOTAGE: "principal",
    GenreInstance.CONCERTATION: "exterieur",
    GenreInstance.FIDUCIAIRE: "exterieur",
}
PLURIELS = {
    GenreInstance.COMITE_CHANTIER: "Comités de chantier",
    GenreInstance.CONCERTATION: "Concertations locales",
    GenreInstance.CERCLE: "Cercles",
}


def arborer(instances: Sequence[InstanceDessinee], notes: Mapping[int, tuple[str, ...]]) -> tuple[Boite, ...]:
    """Return the boxes as a tree; childless instances of one kind under one parent share a box of names."""
    connus = {i.pk for i in instances}
    enfants: dict[int | None, list[InstanceDessinee]] = defaultdict(list)
    for instance in instances:
        enfants[instance.parent_id if instance.parent_id in connus else None].append(instance)

    def sous(pk: int | None) -> tuple[Boite, ...]:
        groupes: dict[str, list[InstanceDessinee]] = defaultdict(list)
        for une in enfants[pk]:
            partage = une.genre in PLURIELS and une.pk not in enfants
            groupes[une.genre if partage else str(une.pk)].append(une)
        return tuple(boite(membres) for membres in groupes.values())

    def boite(membres: Sequence[InstanceDessinee]) -> Boite:
        une = membres[0]
        genre = GENRES_BOITES.get(GenreInstance(une.genre), "ordinaire")
        if len(membres) > 1:
            return Boite(PLURIELS[GenreInstance(une.genre)], tuple(membre.nom for membre in membres), genre)
        return Boite(une.nom, notes.get(une.pk, ()), genre, sous(une.pk))

    return sous(None)


def aplatir(boites: Sequence[Boite]) -> tuple[list[Boite], list[tuple[int, int]]]:
    """Return the boxes of a tree, a parent before its children, and the links between their positions."""
    toutes: list[Boite] = []
    liens: list[tuple[int, int]] = []

    def ajouter(boite: Boite, parent: int | None) -> None:
        numero = len(toutes)
        toutes.append(boite)
        if parent is not None:
            liens.append((parent, numero))
        for enfant in boite.dessous:
            ajouter(enfant, numero)

    for boite in boites:
        ajouter(boite, None)
    return toutes, liens


def decrire_gouvernance(instances: Sequence[InstanceDessinee]) -> str:
    """Return in sentences who depends on whom."""
    enfants = {i.pk: [j.nom for j in instances if j.parent_id == i.pk] for i in instances}
    phrases = [f"De « {i.nom} » relèvent : {enumerer(enfants[i.pk])}." for i in instances if enfants[i.pk]]
    isolees = [i.nom for i in instances if i.parent_id not in enfants and not enfants[i.pk]]
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
    lues = list(instances)
    arbre = arborer(lues, notes or {})
    boites, liens = aplatir(arbre)
    svg = dessiner(boites, liens, titre=titre, couleur=couleur) if boites else ""
    return Diagramme(titre, svg, decrire_gouvernance(lues), arbre)


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
    deciseurs = (
        Boite(coordination, (f"moins de {bas}",), "principal"),
        Boite(comite, (f"de {bas} à {haut} inclusivement",), "principal"),
        Boite(assemblee, (f"plus de {haut}",), "principal"),
    )
    action = Boite("Proposition d’action collective", ("besoin total de fonds dans l’exercice",), "pivot")
    resolution = Boite("Décision consignée", ("résolution numérotée, fonds réservés",), "pivot")
    origines = (
        Boite("Un chantier", ("dans son champ d’action",)),
        Boite("Une concertation locale", ("dans son champ d’action",)),
        Boite(comite, ("si le domaine n’est couvert par aucun des deux",)),
    )
    svg = dessiner(
        (*origines, action, *deciseurs, resolution),
        [(n, 3) for n in (0, 1, 2)] + [lien for n in (4, 5, 6) for lien in ((3, n), (n, 7))],
        titre=titre,
        couleur=couleur,
        rangs=((0, 1, 2), (4, 5, 6)),
        largeur=150.0,
        nodesep="0.25",
        ranksep="0.33",
    )
    description = (
        "Une action collective est proposée par un chantier ou par une concertation locale; si aucun des deux ne "
        f"couvre le domaine, par l’instance «\u00a0{comite}\u00a0». Le total des fonds dont elle a besoin désigne qui "
        f"décide\u00a0: «\u00a0{coordination}\u00a0» à moins de {bas}, «\u00a0{comite}\u00a0» de {bas} à {haut} "
        f"inclusivement, «\u00a0{assemblee}\u00a0» à plus de {haut}. La décision est consignée dans une "
        "résolution numérotée."
    )
    origine = f"D’un chantier ou d’une concertation locale; si aucun ne couvre le domaine\u00a0: {comite}."
    besoin = "Le total des fonds dont elle a besoin dans l’exercice dit qui décide."
    return Diagramme(
        titre, svg, description, (replace(action, notes=(origine, besoin), dessous=deciseurs), resolution)
    )


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
        Boite(centre, genre="principal"),
        *(Boite(nom, genre="exterieur") for nom in gauche[1]),
        *(Boite(nom) for nom in droite[1]),
    ]
    a_gauche = len(gauche[1])
    liens = [(n, 0) if n <= a_gauche else (0, n) for n in range(1, len(boites))]
    svg = dessiner(
        boites, liens, titre=titre, couleur=couleur, largeur=176.0, pointe="none", rankdir="LR", nodesep="0.09"
    )
    description = (
        f"{centre} se tient entre {a_gauche} {gauche[0]} ({enumerer(gauche[1])}) et "
        f"{len(droite[1])} {droite[0]} ({enumerer(droite[1])})."
    )
    return Diagramme(titre, svg, description)
