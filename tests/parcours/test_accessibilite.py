"""axe finds nothing, and nothing overflows, on any page of the sample démarche, desktop and phone."""

import pytest
from django.core.management import call_command
from django.test import Client, override_settings

from demarche.models import Utilisateur
from tests.visite import parcourir

PERSONNES = {
    "public": ("/", None),
    "coordination": ("/espace/", "coordonnatrice@demo.example"),
    "comité": ("/espace/", "citoyenne@demo.example"),
}


@pytest.mark.parametrize("personne", PERSONNES)
def test_every_page_is_accessible(personne, transactional_db, page, page_telephone, connecter, verifier_axe):
    with override_settings(DEMO=True):  # for the command alone: the tests' urls have no demonstration
        call_command("charger_demo", verbosity=0)
    depart, courriel = PERSONNES[personne]
    client = Client()
    if courriel:
        utilisateur = Utilisateur.objects.get(email=courriel)
        client.force_login(utilisateur)
        connecter(page, utilisateur)
        connecter(page_telephone, utilisateur)
    fautes = []
    for route, adresse in parcourir(client, depart).pages.items():
        for ecran in (page, page_telephone):
            ecran.goto(adresse)
            try:
                verifier_axe(ecran)
            except AssertionError as faute:
                fautes.append(f"{route} : {faute}")
    assert not fautes, "\n\n".join(fautes)
