"""The numbered figures of a bilan: drawn from its data, each with what it says in words."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from demarche.gouvernance import diagrammes
from demarche.socle.francais import MOIS
from demarche.socle.templatetags.formats import date_longue
from evaluation.bilan.document.donnees import BilanCompose, IndicateurBilan
from evaluation.plan.graphiques import Moment, Serie, graphique_barres, graphique_calendrier
from evaluation.plan.valeurs import ecrire_valeur

POINTS_PAR_PIXEL = 0.75
# The room of a figure on the page, in points: most stand alone, the measures two by two, the statuses beside the text.
PLACE = (440.0, 270.0)
PLACES = {"mesures": (215.0, 270.0), "statuts": (330.0, 150.0)}


@dataclass(frozen=True)
class Figure:
    """One numbered figure: its drawings, its caption, and the same thing in words."""

    cle: str
    numero: int
    legende: str
    dessins: tuple[SafeString, ...]
    description: str

    @property
    def ancre(self) -> str:
        return f"figure-{self.numero}"


Ebauche = tuple[str, str, tuple[SafeString, ...], str]


def dessiner_figures(bilan: BilanCompose, *, couleur: str) -> dict[str, Figure]:
    """Return the figures that the data allow, numbered in the order of the document.

    Shape: `gouvernance`, `allocation`, `evaluation`, `assemblees`, `mesures`, `rapports`, `statuts`; one that has
    nothing to draw is absent.
    """
    dessinateurs = (_gouvernance, _allocation, _evaluation, _assemblees, _mesures, _rapports, _statuts)
    ebauches: list[Ebauche] = [ebauche for dessinateur in dessinateurs for ebauche in dessinateur(bilan, couleur)]
    return {
        cle: Figure(cle, numero, legende, tuple(ajuster(d, *PLACES.get(cle, PLACE)) for d in dessins), description)
        for numero, (cle, legende, dessins, description) in enumerate(ebauches, start=1)
    }


# The root of a drawing, and its size in points or in pixels.
RACINE = re.compile(r'(<svg\b[^>]*?) width="([\d.]+)(pt|px)?" height="([\d.]+)(?:pt|px)?"')


def ajuster(svg: SafeString, largeur_maximale: float, hauteur_maximale: float) -> SafeString:
    """Return the drawing no larger than its place: WeasyPrint keeps the height of an SVG that it narrows."""
    trouve = RACINE.match(svg)
    if trouve is None:
        return svg
    unite = POINTS_PAR_PIXEL if trouve[3] != "pt" else 1.0
    largeur, hauteur = float(trouve[2]) * unite, float(trouve[4]) * unite
    facteur = min(1.0, largeur_maximale / largeur, hauteur_maximale / hauteur)
    racine = f'{trouve[1]} width="{largeur * facteur:.1f}pt" height="{hauteur * facteur:.1f}pt"'
    return mark_safe(racine + svg[trouve.end() :])  # noqa: S308 - the same drawing, with its size changed


def _schema(cle: str, diagramme: diagrammes.Diagramme) -> Ebauche:
    return cle, diagramme.titre, (mark_safe(diagramme.svg),), diagramme.description  # noqa: S308 - its words escaped


def _gouvernance(bilan: BilanCompose, couleur: str) -> Iterator[Ebauche]:
    instances = bilan.presentation.instances
    if instances:
        legende = f"Schéma de gouvernance, {bilan.exercice.fin.year}"
        diagramme = diagrammes.schema_gouvernance(instances, titre=legende, couleur=couleur)
        yield _schema("gouvernance", diagramme)


def _allocation(bilan: BilanCompose, couleur: str) -> Iterator[Ebauche]:
    regle = bilan.processus.regle
    if regle:
        diagramme = diagrammes.schema_allocation(
            noms=diagrammes.decideurs_dessines(bilan.presentation.instances),
            seuil_comite=regle.seuil_comite,
            seuil_assemblee=regle.seuil_assemblee,
            couleur=couleur,
        )
        yield _schema("allocation", diagramme)


def _evaluation(bilan: BilanCompose, couleur: str) -> Iterator[Ebauche]:
    plan = bilan.planification.calendrier
    if plan and plan.moments:
        debut = min(plan.debut, *(m.du for m in plan.moments))
        fin = max(plan.fin, *(m.au for m in plan.moments))
        moments = [Moment(m.dimension, m.du, m.au) for m in plan.moments]
        svg = graphique_calendrier(plan.titre, moments, debut=debut, fin=fin, largeur=760, couleur=couleur)
        yield "evaluation", plan.titre, (svg,), "Le tableau qui suit donne les mêmes moments, avec les instances."


def _assemblees(bilan: BilanCompose, couleur: str) -> Iterator[Ebauche]:
    assemblees = bilan.partenariats.assemblees
    if assemblees:
        titre = "Participation aux assemblées des partenaires"
        series = (
            Serie("Personnes", tuple((date_longue(a.date), a.nb_personnes) for a in assemblees)),
            Serie("Organisations", tuple((date_longue(a.date), a.nb_organisations) for a in assemblees)),
        )
        phrases = [
            f"Le {date_longue(a.date)} : {a.nb_personnes} personnes, {a.nb_organisations} organisations."
            for a in assemblees
        ]
        yield "assemblees", titre, (graphique_barres(titre, *series, couleur=couleur),), " ".join(phrases)


def _mesures(bilan: BilanCompose, couleur: str) -> Iterator[Ebauche]:
    comparables = [i for i in bilan.communications.indicateurs if len(i.realisees) > 1]
    if comparables:
        dessins = tuple(
            graphique_barres(
                f"{i.nom} ({i.unite})",
                Serie(i.nom, tuple((quand(m.date, m.debut_periode), m.valeur) for m in i.realisees)),
                unite=i.nom,
                largeur=380,
                couleur=couleur,
            )
            for i in comparables
        )
        titre = "Évolution des mesures de l’année"
        yield "mesures", titre, dessins, " ".join(_phrase_mesures(i) for i in comparables)


def quand(jour: datetime.date, debut: datetime.date | None) -> str:
    """Return how a measure is dated: `30 juin 2024`, or `2023-2024` over the twelve months of an exercice."""
    if debut is None:
        return date_longue(jour)
    if debut.year == jour.year - 1 and (jour - debut).days > 360:
        return f"{debut.year}-{jour.year}"
    return f"{date_longue(debut)} au {date_longue(jour)}"


def _phrase_mesures(indicateur: IndicateurBilan) -> str:
    valeurs = ", ".join(f"{ecrire_valeur(m.valeur)} ({quand(m.date, m.debut_periode)})" for m in indicateur.realisees)
    return f"{indicateur.nom}, en {indicateur.unite} : {valeurs}."


def _rapports(bilan: BilanCompose, couleur: str) -> Iterator[Ebauche]:
    perspectives, fin = bilan.perspectives, bilan.exercice.fin
    if perspectives.chantiers and perspectives.concertations:
        nom = bilan.identite.sigle or bilan.identite.nom
        diagramme = diagrammes.schema_rapports(
            centre=bilan.identite.nom,
            gauche=("concertations locales", perspectives.concertations),
            droite=("chantiers", [f"Chantier {c}" for c in perspectives.chantiers]),
            titre=f"Rapports entre {nom}, les concertations locales et les chantiers, {fin.year}",
            couleur=couleur,
        )
        yield _schema("rapports", diagramme)


def _statuts(bilan: BilanCompose, couleur: str) -> Iterator[Ebauche]:
    comptes = [c for c in bilan.synthese.comptes if c.nombre]
    if comptes:
        titre = f"Les {bilan.synthese.total} cibles {bilan.exercice.code} selon leur statut"
        serie = Serie("Cibles", tuple((c.libelle, c.nombre) for c in comptes))
        description = ", ".join(f"{c.libelle.lower()} : {c.nombre}" for c in comptes)
        svg = graphique_barres(titre, serie, largeur=500, couleur=couleur)
        yield "statuts", titre, (svg,), f"{description[0].upper()}{description[1:]}."


# The cover's drawing: every activity of the year, on its day, on the line of its chantier.

GAUCHE, DROITE, HAUTEUR_LIGNE, RAYON_MAXIMAL = 120.0, 486.0, 42.0, 17.0
LARGEUR = 500.0


def motif_activites(bilan: BilanCompose) -> SafeString:
    """Return the year as dots: one an activity, larger when more people came; empty without activity."""
    lignes = [
        (c.nom or "Autres actions", [x for a in c.actions for x in a.activites]) for c in bilan.actions.chantiers
    ]
    lignes = [(nom, activites) for nom, activites in lignes if activites]
    if not lignes:
        return SafeString("")
    plus_grand = max(x.nb_personnes for _, activites in lignes for x in activites) or 1
    hauteur = HAUTEUR_LIGNE * len(lignes) + 22
    morceaux = []
    for rang, (nom, activites) in enumerate(lignes):
        y = HAUTEUR_LIGNE * (rang + 0.5)
        morceaux.append(_texte_motif(0, y + 3, nom if len(nom) < 26 else f"{nom[:24]}…"))
        morceaux.append(
            f'<line x1="{GAUCHE}" x2="{DROITE}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ffffff" stroke-opacity="0.4" '
            'stroke-width="0.7"/>'
        )
        for activite in activites:
            part = Decimal(activite.nb_personnes) / Decimal(plus_grand)
            rayon = 2.6 + (RAYON_MAXIMAL - 2.6) * float(part.sqrt())
            morceaux.append(
                f'<circle cx="{_abscisse(bilan, activite.date):.1f}" cy="{y:.1f}" r="{rayon:.1f}" fill="#ffffff" '
                'fill-opacity="0.3" stroke="#ffffff" stroke-width="0.9"/>'
            )
    morceaux.extend(_texte_motif(_abscisse(bilan, jour), hauteur - 6, lettre) for jour, lettre in _mois(bilan))
    titre = f"Les activités de l’année, du {date_longue(bilan.exercice.debut)} au {date_longue(bilan.exercice.fin)}"
    return mark_safe(  # noqa: S308 - numbers, and words escaped
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{LARGEUR:.0f}" height="{hauteur:.0f}" '
        f'viewBox="0 0 {LARGEUR:.0f} {hauteur:.0f}"><title>{escape(titre)}</title>{"".join(morceaux)}</svg>'
    )


def _abscisse(bilan: BilanCompose, jour: datetime.date) -> float:
    duree = max((bilan.exercice.fin - bilan.exercice.debut).days, 1)
    return GAUCHE + (DROITE - GAUCHE) * (jour - bilan.exercice.debut).days / duree


def _texte_motif(x: float, y: float, texte: str) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}"'
    return f'<text {place} font-family="Source Sans 3" font-size="9" fill="#ffffff">{escape(texte)}</text>'


def _mois(bilan: BilanCompose) -> Iterator[tuple[datetime.date, str]]:
    """Yield the first day of each month of the exercice with the month's first letter."""
    jour = bilan.exercice.debut
    while jour <= bilan.exercice.fin:
        yield jour, MOIS[jour.month - 1][0].upper()
        jour = datetime.date(jour.year + jour.month // 12, jour.month % 12 + 1, 1)
