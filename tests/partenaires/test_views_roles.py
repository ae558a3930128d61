"""What each role of the team sees of an adhesion."""

import pytest

from tests.factories.partenaires import AdhesionFactory

pytestmark = pytest.mark.django_db


def test_agent_sees_an_adhesion_without_its_buttons(client_de):
    adhesion = AdhesionFactory(a_etudier=True)
    for role, voit in (("agent", False), ("coordonnateur", True)):
        page = client_de(role).get(adhesion.get_absolute_url()).content.decode()
        assert ("Accepter l’adhésion" in page) is voit
