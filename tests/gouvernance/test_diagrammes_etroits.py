"""The drawings for a narrow screen: one column, the same boxes, nothing typed left unescaped."""

import re
from decimal import Decimal
from types import SimpleNamespace

import pytest

from demarche.gouvernance.diagrammes import decideurs_dessines
from demarche.gouvernance.diagrammes_etroits import LARGEUR, schema_allocation_etroit, schema_gouvernance_etroit
from demarche.gouvernance.views.gouvernance import en_bref


def instance(pk, nom, genre, parent=None):
    return SimpleNamespace(pk=pk, nom=nom, genre=genre, parent_id=parent)


ARBRE = [
    instance(1, "Assemblée", "assemblee"),
    instance(2, "Comité <de> pilotage", "comite_pilotage", 1),
    instance(3, "Chantier Logement", "comite_chantier", 2),
    instance(4, "Chantier Aînés", "comite_chantier", 2),
]


def test_column_holds_every_instance_within_the_width():
    svg = schema_gouvernance_etroit(ARBRE, notes={2: ("6 sièges sur 7",)})
    for texte in ("Assemblée", "Comité &lt;de&gt; pilotage", "6 sièges sur 7", "Chantier Logement", "Chantier Aînés"):
        assert texte in svg
    rectangles = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"', svg)
    assert len(rectangles) == 3  # the chantiers share a box
    assert all(float(x) + float(largeur) == pytest.approx(LARGEUR) for x, _, largeur in rectangles)
    hauts = [float(y) for _, y, _ in rectangles]
    assert hauts == sorted(hauts)


def test_same_rows_same_drawing_and_nothing_for_none():
    assert schema_gouvernance_etroit(ARBRE) == schema_gouvernance_etroit(ARBRE)
    assert schema_gouvernance_etroit([]) == ""


def test_allocation_says_both_thresholds():
    noms = {**decideurs_dessines([]), "comite_pilotage": "Cercle directeur"}
    svg = schema_allocation_etroit(noms=noms, seuil_comite=Decimal("1000"), seuil_assemblee=Decimal("50000"))
    assert "Comité de pilotage" not in svg
    for texte in ("Cercle directeur", "moins de 1\u00a0000\u00a0$", "plus de 50\u00a0000\u00a0$"):
        assert texte in svg


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
