"""Every link shown to somebody opens: the button and the view ask the same predicate."""

import pytest
from django.core.management import call_command
from django.test import Client, override_settings

from demarche.comptes.models import Utilisateur

from .visite import parcourir

ROLES = {
    "public": None,
    "coordonnatrice": "coordonnatrice@demo.example",
    "agente": "agente@demo.example",
    "membre": "citoyenne@demo.example",
    "fiduciaire": "fiduciaire@demo.example",
    "partenaire": "partenaire@demo.example",
    "administrateur": "administrateur@demo.example",
}


@pytest.fixture
def demo(db):
    with override_settings(DEMO=True):  # for the command alone: the tests' urls have no demonstration
        call_command("charger_demo", verbosity=0)


@pytest.mark.parametrize("role", ROLES)
def test_every_link_opens(demo, role):
    client = Client()
    if ROLES[role]:
        client.force_login(Utilisateur.objects.get(email=ROLES[role]))
    visite = parcourir(client, "/espace/" if ROLES[role] else "/")
    assert visite.refus == []
    assert len(visite.pages) > 8
