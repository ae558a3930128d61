"""What the menu shows to each role; where signing in leads back."""

import pytest
from django.urls import reverse

from tests.factories.demarche import DemarcheFactory, ExerciceFactory, RencontreFactory, UtilisateurFactory
from tests.factories.personas import PERSONAS

REGLAGES = {"coordonnateur", "administrateur"}
LECTURE_RESOLUTIONS = {"agent", "coordonnateur", "membre_comite", "fiduciaire", "partenaire"}


@pytest.fixture(autouse=True)
def exercice(db):
    DemarcheFactory()
    ExerciceFactory()


def test_signing_in_leads_back_to_a_page_but_not_to_a_gesture(client_de):
    client, connexion = client_de("public"), reverse("account_login")
    page = RencontreFactory(est_publique=True).get_absolute_url()
    assert client.get(page).url == f"{connexion}?next={page}"
    geste = reverse("comptes:compte_desactiver", args=[UtilisateurFactory().pk])
    assert client.post(geste).url == f"{connexion}?next={reverse('espace')}"


def test_menu_follows_the_role(client_de):
    for role in PERSONAS:
        menu = client_de(role).get(reverse("espace")).context["menu"]
        libelles = {lien.libelle for _, liens in menu for lien in liens}
        assert ("Réglages" in libelles) is (role in REGLAGES)
        assert ("Résolutions" in libelles) is (role in LECTURE_RESOLUTIONS)
