"""The pages that say who decides on a sum name the instances by their rows (R1)."""

import pytest
from django.urls import reverse

from demarche.gouvernance.queries.gouvernance import noms_des_decideurs
from tests.factories.chantiers import DemandeFondsFactory, RegleAllocationFactory
from tests.factories.demarche import CadreReferenceFactory, InstanceGouvernanceFactory, MandatFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def comite_renomme():
    comite = InstanceGouvernanceFactory(comite=True)
    comite.nom = "Cercle directeur"
    comite.save()
    return comite


def test_first_active_instance_names_its_kind(comite_renomme):
    assert noms_des_decideurs() == {
        "coordination": "Coordination",
        "comite_pilotage": "Cercle directeur",
        "assemblee": "Assemblée des partenaires",
    }
    comite_renomme.est_active = False
    comite_renomme.save()
    assert noms_des_decideurs()["comite_pilotage"] == "Comité de pilotage"


@pytest.mark.regle("R1")
def test_a_renamed_comite_has_its_name_everywhere(comite_renomme, client_de):
    cadre = CadreReferenceFactory()
    RegleAllocationFactory(source=str(cadre))
    mandat = MandatFactory(siege__instance_gouvernance=comite_renomme)
    demande = DemandeFondsFactory(soumise=True, instance_gouvernance=comite_renomme)
    client = client_de("coordonnateur")
    for adresse in (
        reverse("gouvernance:gouvernance"),
        reverse("demandes:regle_liste"),
        reverse("rencontres:dossier_siege", args=[mandat.siege_id]),
        reverse("gouvernance:cadre_detail", args=[cadre.pk]),
        reverse("gouvernance:valeur_liste"),
        demande.get_absolute_url(),
    ):
        page = client.get(adresse).content.decode()
        assert "Cercle directeur" in page, adresse
        assert "omité de pilotage" not in page, adresse


def test_a_draft_says_the_instance_to_come_by_its_name(comite_renomme, client_de):
    RegleAllocationFactory()
    page = client_de("coordonnateur").get(DemandeFondsFactory().get_absolute_url()).content.decode()
    assert "Qui décide\u00a0: Cercle directeur" in page
