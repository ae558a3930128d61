"""axe finds nothing, and nothing overflows, on any page of the sample démarche, desktop and phone."""

import pytest
from django.test import Client

from demarche.comptes.models import Utilisateur
from tests.demo import test_views_demo
from tests.exemple import PERSONAS
from tests.visite import parcourir

ECRANS = ({"width": 1280, "height": 900}, {"width": 360, "height": 740})
PUBLIC, COORDINATION, COMITE = (PERSONAS[role] for role in ("public", "coordonnateur", "membre_comite"))
DEMONSTRATION = (
    ("demo_connexion", "/demonstration/"),
    ("demo_courriels", "/demonstration/courriels/"),
)


def session(courriel):
    """Return the account, and a client signed in as it."""
    client = Client()
    if courriel is None:
        return None, client
    utilisateur = Utilisateur.objects.get(email=courriel)
    client.force_login(utilisateur)
    return utilisateur, client


def pages_de(courriel):
    return parcourir(session(courriel)[1], "/espace/" if courriel else "/").pages


def adresses(lot):
    """Return the pages of one half: (person, route, address); the comité's are those the coordination does not see.

    The halves take about as long as each other, so that two processes share the work.
    """
    coordination = pages_de(COORDINATION)
    trouvees = [(COORDINATION, *page) for page in coordination.items()]
    trouvees.append((COORDINATION, "gouvernance:composants", "/composants/"))  # linked from nowhere
    trouvees += [(COMITE, *page) for page in pages_de(COMITE).items() if page[0] not in coordination]
    trouvees += [(PUBLIC, *page) for page in (*pages_de(PUBLIC).items(), *DEMONSTRATION)]
    return trouvees[lot::2]


@pytest.mark.parametrize("lot", [0, 1])
def test_every_page_is_accessible(lot, base_exemple, transactional_db, settings, page, connecter, verifier_axe):
    settings.DEMO, settings.ROOT_URLCONF = True, test_views_demo.__name__  # the demonstration's addresses are there
    visees = sorted(adresses(lot), key=lambda visee: visee[0] or "")  # the public first, then one session each
    assert len(visees) > 50
    fautes, en_cours = [], PUBLIC
    for courriel, route, adresse in visees:
        if courriel != en_cours:
            connecter(page, session(courriel)[0])
            en_cours = courriel
        assert page.goto(adresse, wait_until="domcontentloaded").ok, adresse
        for ecran in ECRANS:
            page.set_viewport_size(ecran)
            try:
                verifier_axe(page)
            except AssertionError as faute:
                fautes.append(f"{route}, {ecran['width']} px : {faute}")
    assert not fautes, "\n\n".join(fautes)
