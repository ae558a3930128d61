"""Figures and dates as templates write them."""

import datetime
from decimal import Decimal

import pytest

from demarche.socle.francais import compter, enumerer
from demarche.socle.templatetags import formats
from tests.factories import JOUR


@pytest.mark.parametrize(
    ("ecart", "texte"),
    [
        (0, "aujourd’hui"),
        (1, "demain"),
        (-1, "hier"),
        (3, "dans 3\u00a0jours"),
        (-2, "il y a 2\u00a0jours"),
        (59, "dans 59\u00a0jours"),
        (60, "dans 2\u00a0mois"),
        (-729, "il y a 24\u00a0mois"),
        (-730, "il y a 2\u00a0ans"),
    ],
)
def test_delai(ecart, texte):
    assert formats.delai(JOUR + datetime.timedelta(days=ecart)) == texte


def test_delai_without_date_is_empty():
    assert formats.delai(None) == ""


def test_dates_and_times():
    assert formats.date_longue(datetime.date(2024, 7, 1)) == "1er\u00a0juillet\u00a02024"
    assert formats.date_courte(datetime.date(2024, 5, 8)) == "2024-05-08"
    assert formats.heure(datetime.time(14)) == "14\u00a0h"
    assert formats.heure(datetime.time(9, 5)) == "9\u00a0h\u00a005"
    instant = datetime.datetime(2024, 5, 8, 18, 5, tzinfo=datetime.UTC)
    assert formats.instant(instant) == "8\u00a0mai\u00a02024 à 14\u00a0h\u00a005"


def test_figures():
    assert formats.dollars(None) == "—"
    assert formats.pourcent(Decimal("0.305")) == "30,5\u00a0%"
    assert formats.heures(Decimal("7.50")) == "7,5\u00a0h"
    assert formats.heures(172) == "172\u00a0h"
    assert formats.nombre(Decimal("12345.6"), 1) == "12\u00a0345,6"


def test_lists_and_plurals():
    assert [enumerer("abc"[:nb]) for nb in range(4)] == ["", "a", "a et b", "a, b et c"]
    assert [compter(nb, "ligne") for nb in (0, 1, 2)] == ["0\u00a0ligne", "1\u00a0ligne", "2\u00a0lignes"]
