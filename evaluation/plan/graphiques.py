"""Charts drawn on the server: Vega-Lite to SVG, French formats, one drawing for the screen and for paper.

Every SVG begins with its <title>, carries attributes only (no inline style), reads in black and white because each
bar has its figure written beside it, and is kept in the cache under the digest of what it draws.
"""

import datetime
import hashlib
import json
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils.html import escape
from django.utils.safestring import SafeString

from demarche.socle.francais import MOIS

COULEUR = "#1f4e5f"
# Shades told apart without their hue: dark, light, middle.
NUANCES = (COULEUR, "#b9c9c4", "#7d9a96", "#3f6a76")
ENCRE, ENCRE_DOUCE, FILET = "#1f2426", "#555b5c", "#ddd6c7"
POLICE = "Source Sans 3"
UN_MOIS = 30 * 24 * 3600
FORMAT_NOMBRE = {"decimal": ",", "thousands": "\u00a0", "grouping": [3], "currency": ["", "\u00a0$"]}
FORMAT_TEMPS = {
    "dateTime": "%e %B %Y à %H:%M",
    "date": "%Y-%m-%d",
    "time": "%H:%M",
    "periods": ["", ""],
    "days": ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
    "shortDays": ["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."],
    "months": list(MOIS),
    "shortMonths": [
        "janv.",
        "févr.",
        "mars",
        "avr.",
        "mai",
        "juin",
        "juill.",
        "août",
        "sept.",
        "oct.",
        "nov.",
        "déc.",
    ],
}
CONFIGURATION: dict[str, Any] = {
    "aria": False,  # Vega describes its marks in English; the title and the legend of the figure do it in French
    "background": "transparent",
    "font": POLICE,
    "view": {"stroke": None},
    "axis": {
        "labelColor": ENCRE,
        "labelFontSize": 14,
        "titleColor": ENCRE_DOUCE,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "labelFont": POLICE,
        "titleFont": POLICE,
        "gridColor": FILET,
        "domainColor": ENCRE_DOUCE,
        "ticks": False,
        "labelPadding": 6,
    },
    "legend": {"labelFontSize": 14, "labelColor": ENCRE, "titleFontSize": 13, "orient": "top", "symbolType": "square"},
    "text": {"font": POLICE, "fontSize": 14, "color": ENCRE},
}

VALEUR = {"field": "valeur", "type": "quantitative"}
# A long label takes several lines rather than losing its end.
AXE_LIBELLES: dict[str, Any] = {"title": None, "labelLimit": 0, "labelExpr": "split(datum.value, '\\n')"}
SOUS_TITRE = {"anchor": "start", "fontSize": 13, "fontWeight": "normal", "color": ENCRE_DOUCE, "font": POLICE}


@dataclass(frozen=True)
class Serie:
    """One series of a chart: its name, and a figure for each label, in order."""

    nom: str
    points: tuple[tuple[str, Decimal | int], ...]


@dataclass(frozen=True)
class Point:
    """One dated value of a curve; a forecast is drawn hollow."""

    date: datetime.date
    valeur: Decimal
    est_prevu: bool = False


@dataclass(frozen=True)
class Moment:
    """One bar of a calendar."""

    libelle: str
    debut: datetime.date
    fin: datetime.date


def graphique_barres(
    titre: str, *series: Serie, unite: str = "", largeur: int = 460, couleur: str = COULEUR
) -> SafeString:
    """Return horizontal bars, one a label and a series, each with its figure written at its end.

    Shape:  labels in the order of the series' points; several series stand one above the other under a label.
    """
    rangs = list(dict.fromkeys(_couper(libelle) for serie in series for libelle, _ in serie.points))
    noms = [serie.nom for serie in series]
    valeurs = [
        {"libelle": _couper(libelle), "serie": serie.nom, "valeur": float(valeur)}
        for serie in series
        for libelle, valeur in serie.points
    ]
    decimales = any(valeur != int(valeur) for serie in series for _, valeur in serie.points)
    position: dict[str, Any] = {
        "y": {"field": "libelle", "type": "nominal", "sort": rangs, "axis": AXE_LIBELLES},
        "x": VALEUR | {"axis": None, "scale": {"zero": True, "domainMin": 0, "padding": 0}},
    }
    barre: dict[str, Any] = {"mark": {"type": "bar", "color": couleur, "height": {"band": 0.7}}, "encoding": {}}
    if len(series) > 1:
        position["yOffset"] = {"field": "serie", "sort": noms}
        barre["encoding"]["color"] = {
            "field": "serie",
            "scale": {"domain": noms, "range": [couleur, *NUANCES[1 : len(noms)]]},
            "legend": {"title": None, "direction": "horizontal", "columns": 2},
        }
    etiquette = {
        "mark": {"type": "text", "align": "left", "dx": 5},
        "encoding": {"text": VALEUR | {"format": ",.2f" if decimales else ",.0f"}},
    }
    specification = {
        "data": {"values": valeurs},
        "width": largeur - 200,
        "height": {"step": 42 if len(series) == 1 else 24},
        "encoding": position,
        "layer": [barre, etiquette],
        **({"title": {"text": unite, **SOUS_TITRE}} if unite else {}),
    }
    return dessiner(titre, specification)


def graphique_evolution(
    titre: str, points: Sequence[Point], *, unite: str, largeur: int = 420, couleur: str = COULEUR
) -> SafeString:
    """Return a curve of dated values from zero, the first and last values written; forecasts are hollow and apart."""
    valeurs = [
        {"date": point.date.isoformat(), "valeur": float(point.valeur), "prevu": point.est_prevu} for point in points
    ]
    realisees = [v for v in valeurs if not v["prevu"]]
    bouts = [*realisees[:1], *realisees[-1:]] if len(realisees) > 1 else realisees
    date = {"title": None, "grid": False, "format": "%b %Y", "tickCount": 4, "labelOverlap": True}
    mesure = {
        "title": unite,
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "start",
        "titleY": -14,
        "titleX": -30,
    }
    mesure |= {"tickCount": 4, "format": ",.0f", "domain": False}
    point = {"type": "point", "opacity": 1, "color": couleur}
    specification = {
        "width": largeur - 90,
        "height": 220,
        "encoding": {
            "x": {"field": "date", "type": "temporal", "scale": {"padding": 24}, "axis": date},
            "y": VALEUR | {"scale": {"zero": True}, "axis": mesure},
        },
        "layer": [
            {"data": {"values": realisees}, "mark": {"type": "line", "color": couleur, "strokeWidth": 2.5}},
            {"data": {"values": realisees}, "mark": point | {"filled": True, "size": 60}},
            {"data": {"values": [v for v in valeurs if v["prevu"]]}, "mark": point | {"filled": False, "size": 70}},
            {
                "data": {"values": bouts},
                "mark": {"type": "text", "dy": -14, "fontWeight": "bold", "fontSize": 15},
                "encoding": {"text": VALEUR | {"format": ",.0f"}},
            },
        ],
    }
    return dessiner(titre, specification)


def graphique_calendrier(
    titre: str,
    moments: Sequence[Moment],
    *,
    debut: datetime.date,
    fin: datetime.date,
    largeur: int = 900,
    couleur: str = COULEUR,
) -> SafeString:
    """Return a calendar by months: one line a label, one bar for each of its moments."""
    rangs = list(dict.fromkeys(_couper(moment.libelle, 34) for moment in moments))
    valeurs = [
        {
            "libelle": _couper(moment.libelle, 34),
            "debut": moment.debut.isoformat(),
            "fin": (moment.fin + datetime.timedelta(days=1)).isoformat(),
        }
        for moment in moments
    ]
    mois = (fin.year - debut.year) * 12 + fin.month - debut.month + 1
    bornes = [debut.isoformat(), (fin + datetime.timedelta(days=1)).isoformat()]
    axe = {
        "title": None,
        "orient": "top",
        "format": "%b %Y" if mois > 12 else "%b",
        "tickCount": {"interval": "month", "step": 1 if mois <= 12 else 3 if mois <= 36 else 6},
        "labelAlign": "left",
        "labelOverlap": True,
        "grid": True,
    }
    libelles = {"field": "libelle", "type": "nominal", "sort": rangs, "axis": {**AXE_LIBELLES, "domain": False}}
    barre = {"type": "bar", "color": couleur, "height": 14, "cornerRadius": 3, "stroke": couleur, "clip": True}
    specification = {
        "data": {"values": valeurs},
        "width": largeur - 280,
        "height": {"step": 40},
        "encoding": {
            "y": libelles,
            "x": {"field": "debut", "type": "temporal", "scale": {"domain": bornes}, "axis": axe},
            "x2": {"field": "fin"},
        },
        "layer": [{"mark": barre}],
    }
    return dessiner(titre, specification, classe="dessin dessin--large")


def _couper(libelle: str, largeur: int = 26) -> str:
    return "\n".join(textwrap.wrap(libelle, largeur)) or libelle


def dessiner(titre: str, specification: dict[str, Any], *, classe: str = "dessin") -> SafeString:
    """Return the SVG of a Vega-Lite specification whose data are inline, from the cache when it was drawn before."""
    complete = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "config": CONFIGURATION, **specification}
    cle = hashlib.sha256(f"{classe} {titre}\n{json.dumps(complete, sort_keys=True)}".encode()).hexdigest()
    svg = cache.get(f"graphique:{cle}")
    if svg is None:
        svg = _nommer(_convertir(complete), titre, cle[:8]).replace('class="marks"', f'class="{classe}"', 1)
        cache.set(f"graphique:{cle}", svg, UN_MOIS)
    return SafeString(svg)


def _convertir(specification: dict[str, Any]) -> str:
    import vl_convert

    for dossier in settings.STATICFILES_DIRS:  # labels are measured with the fonts that the pages use
        vl_convert.register_font_directory(str(dossier / "fonts"))
    svg = vl_convert.vegalite_to_svg(
        specification,
        allowed_base_urls=[],  # nothing is fetched: the data are inline
        format_locale=FORMAT_NOMBRE,
        time_format_locale=FORMAT_TEMPS,
    )
    return str(svg)


def _nommer(svg: str, titre: str, cle: str) -> str:
    """Return the SVG with its title as first child and identifiers that are its own on the page."""
    for identifiant in dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg)):
        svg = re.sub(rf'(id="|#){re.escape(identifiant)}(?=["\')])', rf"\g<1>g{cle}-{identifiant}", svg)
    svg = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", svg)  # inside an image nothing is announced, least in English
    entete, reste = svg.split(">", 1)
    return f'{entete} role="img" aria-label="{escape(titre)}"><title>{escape(titre)}</title>{reste}'
