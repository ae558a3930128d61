"""What each section of the bilan lacks, from what was composed."""

from dataclasses import replace

import pytest

from evaluation.bilan.document.composition import composer_bilan
from evaluation.bilan.document.etat import etat_des_sections
from tests.bilan.donnees_bilan import petit_exercice

pytestmark = pytest.mark.django_db
PRESENTATION = "Présentation de la démarche"
MANQUE = "les objectifs, la vision ou les instances"


def manques(bilan):
    return {section.titre: section.manque for section in etat_des_sections(bilan, gere_reglages=True)}


def test_presentation_lacks_objectives_vision_or_instances():
    bilan = composer_bilan(petit_exercice())
    assert manques(bilan)[PRESENTATION] == ""
    for champ in ("objectifs", "vision", "instances"):
        sans = replace(bilan, presentation=replace(bilan.presentation, **{champ: ()}))
        assert manques(sans)[PRESENTATION] == MANQUE, champ


def test_annexes_lack_partners_or_transitory_results():
    bilan = composer_bilan(petit_exercice())
    sans = replace(bilan, annexe_effets=(), annexe_partenaires=replace(bilan.annexe_partenaires, total=0))
    assert [manques(b)["Annexe 1 – Liste des partenaires"] for b in (bilan, sans)] == ["", "les partenaires"]
    assert [manques(b)["Annexe 2 – Résultats transitoires"] for b in (bilan, sans)] == [
        "",
        "les domaines et leurs résultats",
    ]
