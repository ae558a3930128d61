"""Who opens which page, role by role; what does not exist; what only a POST may do."""

import pytest

from tests.factories.chantiers import ActionCollectiveFactory, ActiviteFactory, EnveloppeFactory
from tests.factories.demarche import ExerciceFactory
from tests.factories.personas import TOUS

pytestmark = pytest.mark.django_db

EQUIPE = {"agent", "coordonnateur"}
LECTEURS = EQUIPE | {"membre_comite", "fiduciaire"}
QUI = {
    "/chantiers/": set(TOUS),
    "/chantiers/{chantier}/": set(TOUS),
    "/actions/": set(TOUS),
    "/actions/{action}/": set(TOUS),
    "/chantiers/nouveau/": EQUIPE,
    "/chantiers/{chantier}/modifier/": EQUIPE,
    "/chantiers/{chantier}/objectifs/": EQUIPE,
    "/actions/nouvelle/": EQUIPE,
    "/actions/{action}/modifier/": EQUIPE,
    "/actions/{action}/activites/noter/": EQUIPE,
    "/activites/noter/": EQUIPE,
    "/activites/{activite}/modifier/": EQUIPE,
    "/activites/{activite}/supprimer/": EQUIPE,
    "/activites/": LECTEURS,
    "/activites/exporter.csv": LECTEURS,
    "/actions/{action}/budget/": LECTEURS,
    "/budget/": LECTEURS,
    "/budget/lignes/": LECTEURS,
    "/budget/exporter.xlsx": LECTEURS,
    "/budget/demarche/": LECTEURS,
    "/budget/sommes-residuelles/": LECTEURS,
    "/budget/sommes-residuelles/modifier/": {"coordonnateur"},
    "/enveloppes/": LECTEURS,
    "/enveloppes/{enveloppe}/": LECTEURS,
    "/enveloppes/nouvelle/": {"coordonnateur"},
    "/enveloppes/{enveloppe}/modifier/": {"coordonnateur"},
    "/reglages/allocation/": {"coordonnateur", "administrateur"},
    "/reglages/allocation/nouvelle/": {"coordonnateur", "administrateur"},
}


@pytest.mark.parametrize("role", TOUS)
def test_each_page_opens_for_its_roles_only(client_de, role):
    ExerciceFactory()
    activite = ActiviteFactory()
    cles = {
        "activite": activite.pk,
        "action": activite.action_collective_id,
        "chantier": activite.action_collective.chantier_id,
        "enveloppe": EnveloppeFactory().pk,
    }
    client = client_de(role)
    refus = 302 if role == "public" else 403
    obtenus = {adresse: client.get(adresse.format(**cles)).status_code for adresse in QUI}
    assert obtenus == {adresse: 200 if role in roles else refus for adresse, roles in QUI.items()}


@pytest.mark.parametrize("role", TOUS)
def test_nobody_else_writes(client_de, role):
    ExerciceFactory()
    action = ActionCollectiveFactory()
    ecritures = [f"/actions/{action.pk}/budget/", "/budget/demarche/", f"/actions/{action.pk}/modifier/"]
    client = client_de(role)
    for adresse in ecritures:
        statut = client.post(adresse, {}).status_code
        assert statut == (200 if role in EQUIPE else 302 if role == "public" else 403), adresse


@pytest.mark.parametrize(
    "adresse",
    [
        "/chantiers/999/",
        "/chantiers/999/modifier/",
        "/chantiers/999/objectifs/",
        "/actions/999/",
        "/actions/999/modifier/",
        "/actions/999/budget/",
        "/actions/999/activites/noter/",
        "/activites/999/modifier/",
        "/activites/999/supprimer/",
        "/enveloppes/999/modifier/",
        "/budget/exporter.pdf",
        "/activites/exporter.html",
    ],
)
def test_what_does_not_exist_is_404(client_de, adresse):
    ExerciceFactory()
    assert client_de("coordonnateur").get(adresse).status_code == 404


@pytest.mark.parametrize("adresse", ["/chantiers/", "/actions/", "/budget/", "/enveloppes/", "/activites/"])
def test_lists_are_only_read(client_de, adresse):
    ExerciceFactory()
    assert client_de("coordonnateur").post(adresse).status_code == 405


def test_menu_follows_the_role(client_de):
    ExerciceFactory()
    for role, vu in (("agent", True), ("fiduciaire", True), ("partenaire", False), ("administrateur", False)):
        page = client_de(role).get("/actions/").content.decode()
        assert ("Enveloppes" in page) is vu
        assert 'href="/chantiers/" aria-current="page"' in page
