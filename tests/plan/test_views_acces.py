"""A closed exercice is only read; an exercice or a section that is not there."""

import pytest
from django.urls import reverse

from demarche.gouvernance.models import Exercice
from evaluation.bilan.enums import SectionNarrative
from tests.adresses import adresse_de
from tests.factories.evaluation import (
    ResultatFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def adresse():
    """Return the address of each page, on one row of everything."""
    resultat = ResultatFactory(cible__chiffree=True)
    cles = {
        **dict.fromkeys(["cibles_modifier", "effets_modifier"], resultat.cible.strategie_id),
        **dict.fromkeys(["cible_detail", "cible_modifier", "resultat_creer"], resultat.cible_id),
        "resultat_modifier": resultat.pk,
        "narratif_modifier": SectionNarrative.CONTEXTE.value,
    }
    return lambda nom: adresse_de(f"{nom}", args=[cles[nom]] if nom in cles else [])


def test_unknown_exercice_and_section_are_404(adresse, client_de):
    agent = client_de("agent")
    assert agent.get(adresse("plan") + "?exercice=1999-2000").status_code == 404
    assert agent.get(reverse("bilan:narratif_modifier", args=["inconnue"])).status_code == 404


@pytest.mark.regle("R10")
def test_closed_exercice_cannot_be_written(adresse, client_de):
    for exercice in Exercice.objects.all():
        exercice.est_clos = True
        exercice.save()
    client = client_de("coordonnateur")
    ecritures = ("cibles_modifier", "effets_modifier", "cible_modifier", "resultat_creer", "resultat_modifier")
    statuts = {nom: client.get(adresse(nom)).status_code for nom in (*ecritures, "narratif_modifier", "cible_detail")}
    assert statuts == dict.fromkeys((*ecritures, "narratif_modifier"), 403) | {"cible_detail": 200}
