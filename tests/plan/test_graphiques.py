"""Charts: named, escaped, with nothing that a strict policy would refuse."""

import datetime
import re
from decimal import Decimal

from django.core.cache import cache

from evaluation.plan import graphiques
from evaluation.plan.graphiques import (
    Moment,
    Point,
    Serie,
    graphique_barres,
    graphique_calendrier,
    graphique_evolution,
)

DEBUT, FIN = datetime.date(2025, 7, 1), datetime.date(2026, 6, 30)


def dessins():
    serie = Serie("Printemps", (("Personnes <b>", Decimal(1234)), ("Organisations", 21)))
    points = [Point(DEBUT, Decimal(10)), Point(FIN, Decimal(30)), Point(FIN, Decimal(40), est_prevu=True)]
    return [
        graphique_barres("Présences <i>", serie, Serie("Automne", (("Personnes <b>", 2),)), unite="présences"),
        graphique_evolution("Abonnés", points, unite="abonnés"),
        graphique_calendrier("Calendrier", [Moment("Bilan <u>", DEBUT, DEBUT)], debut=DEBUT, fin=FIN),
    ]


def test_title_is_the_first_child():
    for svg in dessins():
        assert re.match(r'<svg [^>]*role="img" aria-label="[^"]+"><title>[^<]+</title>', svg)


def test_nothing_executes_and_nothing_is_fetched():
    for svg in dessins():
        assert not re.search(r"<script|<style|style=|https?://(?!www\.w3\.org)|<i>|<b>|<u>", svg)


def test_no_english_reaches_a_reader():
    for svg in dessins():
        assert not re.search(r"aria-roledescription|axis for|mark container|\bJul\b|\bJun\b", svg)


def test_numbers_are_written_the_quebec_way():
    assert "1\u00a0234" in dessins()[0]


def test_identifiers_are_its_own():
    svg = dessins()[2]
    assert all(identifiant.startswith("g") for identifiant in re.findall(r'\bid="([^"]+)"', svg))
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(re.findall(r'\bid="([^"]+)"', svg))


def test_same_content_is_drawn_once(monkeypatch):
    serie = Serie("Un", (("A", 1),))
    premier = graphique_barres("Titre", serie)
    monkeypatch.setattr(graphiques, "_convertir", lambda specification: "<svg><title>autre</title></svg>")
    assert graphique_barres("Titre", serie) == premier
    cache.clear()
    assert graphique_barres("Titre", serie) != premier
