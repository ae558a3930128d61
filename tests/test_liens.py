"""Every link shown to somebody opens: the button and the view ask the same predicate."""

import pytest

from tests.exemple import PERSONAS
from tests.routes import connecte
from tests.visite import parcourir


@pytest.mark.parametrize("role", PERSONAS)
def test_every_link_opens(demo, a_grands_pas, role):
    visite = parcourir(connecte(role), "/" if role == "public" else "/espace/")
    assert visite.refus == []
    assert len(visite.pages) > 8
