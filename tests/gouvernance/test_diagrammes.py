"""The diagrams: drawn from rows, the same list for a phone, nothing typed left unescaped."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from demarche.gouvernance.diagrammes import (
    Boite,
    DiagrammeImpossible,
    couper,
    decideurs_dessines,
    schema_allocation,
    schema_gouvernance,
    schema_rapports,
)
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.views.gouvernance import en_bref


def instance(pk, nom, genre, parent_id=None):
    return SimpleNamespace(pk=pk, nom=nom, genre=genre, parent_id=parent_id)


GOUVERNANCE = [
    instance(1, "Assemblée", GenreInstance.ASSEMBLEE),
    instance(2, "Comité <b>& cie</b>", GenreInstance.COMITE_PILOTAGE, 1),
    instance(3, "Table des aînés", GenreInstance.CONCERTATION, 2),
    instance(4, "Table jeunesse", GenreInstance.CONCERTATION, 2),
]


def test_gouvernance_is_drawn_from_rows_and_escaped():
    diagramme = schema_gouvernance(GOUVERNANCE)
    assert "<b>" not in diagramme.svg
    assert "Comité &lt;b&gt;&amp; cie&lt;/b&gt;" in diagramme.svg
    assert "Concertations locales" in diagramme.svg  # the two tables share one box
    assert diagramme.svg.count('class="node"') == 3
    assert diagramme.description == (
        "De « Assemblée » relèvent : Comité <b>& cie</b>. "
        "De « Comité <b>& cie</b> » relèvent : Table des aînés et Table jeunesse."
    )


def test_svg_has_its_title_first_and_no_inline_style():
    svg = schema_gouvernance(GOUVERNANCE).svg
    assert svg.index("<title>") == svg.index(">") + 1
    assert "style=" not in svg
    assert svg == schema_gouvernance(GOUVERNANCE).svg


def test_gouvernance_without_instance_is_empty():
    assert schema_gouvernance([]).svg == ""


def test_allocation_writes_its_thresholds():
    diagramme = schema_allocation(
        noms=decideurs_dessines([]), seuil_comite=Decimal("1000"), seuil_assemblee=Decimal("50000.50")
    )
    assert "1\xa0000\xa0$" in diagramme.description
    assert "50\xa0000,50\xa0$" in diagramme.description
    assert "«\xa0Comité de pilotage\xa0» de" in diagramme.description


def test_allocation_names_the_instances_by_their_rows():
    noms = decideurs_dessines(
        [
            SimpleNamespace(pk=1, nom="Cercle directeur", genre="comite_pilotage", parent_id=None),
            SimpleNamespace(pk=2, nom="Un second comité", genre="comite_pilotage", parent_id=None),
            SimpleNamespace(pk=3, nom="Chantier jeunes", genre="comite_chantier", parent_id=None),
        ]
    )
    assert noms == {
        "coordination": "Coordination",
        "comite_pilotage": "Cercle directeur",
        "assemblee": "Assemblée des partenaires",
    }
    diagramme = schema_allocation(noms=noms, seuil_comite=Decimal(1000), seuil_assemblee=Decimal(50000))
    assert "Comité de pilotage" not in diagramme.svg + diagramme.description
    assert diagramme.description.count("Cercle directeur") == 2


def test_rapports_describe_both_sides():
    diagramme = schema_rapports(
        centre="La démarche", gauche=("concertations", ["A", "B"]), droite=("chantiers", ["C"]), titre="T"
    )
    assert diagramme.description == "La démarche se tient entre 2 concertations (A et B) et 1 chantiers (C)."


def test_missing_dot_says_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "/nulle-part")
    with pytest.raises(DiagrammeImpossible, match="installez-le"):
        schema_gouvernance(GOUVERNANCE)


def test_a_long_word_is_cut_to_its_box():
    lignes = couper("a" * 60, 100, 9)
    assert len(lignes) > 1
    assert "".join(lignes) == "a" * 60


def test_a_phone_reads_the_same_boxes_nested():
    liste = schema_gouvernance(GOUVERNANCE, notes={2: ("6 sièges sur 7",)}).liste
    tables = Boite("Concertations locales", ("Table des aînés", "Table jeunesse"), "exterieur")
    comite = Boite("Comité <b>& cie</b>", ("6 sièges sur 7",), "principal", (tables,))
    assert liste == (Boite("Assemblée", (), "principal", (comite,)),)
    html = render_to_string("gouvernance/_boites.html", {"boites": liste, "rang": 0})
    assert html.count("<ul") == 3
    assert "Comité &lt;b&gt;&amp; cie&lt;/b&gt;" in html


def test_allocation_on_a_phone_says_both_thresholds():
    liste = schema_allocation(
        noms=decideurs_dessines([]), seuil_comite=Decimal("1000"), seuil_assemblee=Decimal("50000")
    ).liste
    assert [boite.notes for boite in liste[0].dessous] == [
        ("moins de 1\u00a0000\u00a0$",),
        ("de 1\u00a0000\u00a0$ à 50\u00a0000\u00a0$ inclusivement",),
        ("plus de 50\u00a0000\u00a0$",),
    ]


@pytest.mark.parametrize(
    ("role", "bref"),
    [
        ("", ""),
        ("Garde le cap. Et le reste.", "Garde le cap"),
        (
            "Reçoit et verse les fonds, tient la comptabilité, emploie l’équipe et occupe un siège.",
            "Reçoit et verse les fonds, tient la comptabilité, emploie l’équipe et occupe un siège",
        ),
        (
            "Reçoit et verse les fonds de la démarche, tient la comptabilité, emploie l’équipe et occupe un siège.",
            "Reçoit et verse les fonds de la démarche, tient la comptabilité…",
        ),
        (
            "Dirige le travail quotidien de la démarche et peut approuver seule une action de moins de mille dollars.",
            "",
        ),
    ],
)
def test_role_in_short(role, bref):
    assert en_bref(role) == bref
