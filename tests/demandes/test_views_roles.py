"""What each role sees of the menu; the formats that are not offered."""

import pytest

from tests.factories.demarche import ExerciceFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("adresse", ["/budget/exporter.pdf", "/activites/exporter.html"])
def test_unknown_format_is_404(client_de, adresse):
    ExerciceFactory()
    assert client_de("coordonnateur").get(adresse).status_code == 404


def test_menu_follows_the_role(client_de):
    ExerciceFactory()
    for role, vu in (("agent", True), ("fiduciaire", True), ("partenaire", False), ("administrateur", False)):
        page = client_de(role).get("/actions/").content.decode()
        assert ("Enveloppes" in page) is vu
        assert 'href="/chantiers/" aria-current="page"' in page
