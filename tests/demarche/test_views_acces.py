"""Every page of the app by every role: works, 403, sign-in, wrong method."""

import pytest
from django.urls import reverse

from tests.adresses import adresse_de

from ..factories.demarche import (
    DemarcheFactory,
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    RencontreFactory,
    ResolutionFactory,
    RoleAttribueFactory,
    SiegeFactory,
    TerritoireFactory,
    UtilisateurFactory,
)
from ..factories.personas import PERSONAS

TOUTE_PERSONNE = set(PERSONAS)
EQUIPE = {"agent", "coordonnateur"}
DECISIONS = EQUIPE | {"membre_comite", "fiduciaire"}
REGLAGES = {"coordonnateur", "administrateur"}
LECTURE_RESOLUTIONS = DECISIONS | {"partenaire"}  # those on decided requests and of the assemblée

LECTURE = {
    "espace": (None, TOUTE_PERSONNE),
    "rencontre_liste": (None, TOUTE_PERSONNE),
    "rencontre_detail": ("rencontre", TOUTE_PERSONNE),
    "rencontre_nouvelle": (None, EQUIPE),
    "rencontre_modifier": ("rencontre", EQUIPE),
    "resolution_liste": (None, LECTURE_RESOLUTIONS),
    "resolution_detail": ("resolution", DECISIONS),
    "instance_detail": ("instance", DECISIONS | REGLAGES),
    "reglages": (None, REGLAGES),
    "reglages_demarche": (None, REGLAGES),
    "exercices": (None, REGLAGES),
    "territoires": (None, REGLAGES),
    "territoire_modifier": ("territoire", REGLAGES),
    "cadres": (None, REGLAGES),
    "cadre_nouveau": (None, REGLAGES),
    "instances": (None, REGLAGES),
    "instance_nouvelle": (None, REGLAGES),
    "instance_modifier": ("instance", REGLAGES),
    "siege_nouveau": ("instance", REGLAGES),
    "siege_modifier": ("siege", REGLAGES),
    "siege_pourvoir": ("siege", REGLAGES),
    "mandat_terminer": ("mandat", REGLAGES),
    "comptes": (None, REGLAGES),
    "compte_inviter": (None, REGLAGES),
    "compte_detail": ("compte", REGLAGES),
    "compte_modifier": ("compte", REGLAGES),
    "role_terminer": ("role", REGLAGES),
}
GESTES = {
    "role_attribuer": ("compte", REGLAGES),
    "compte_desactiver": ("compte", REGLAGES),
    "compte_reactiver": ("compte", REGLAGES),
    "compte_reinviter": ("compte", REGLAGES),
}


@pytest.fixture
def objets(db):
    DemarcheFactory()
    ExerciceFactory()
    return {
        "rencontre": RencontreFactory(est_publique=True, heure="13:30"),
        "resolution": ResolutionFactory(),
        "instance": InstanceGouvernanceFactory(comite=True),
        "territoire": TerritoireFactory(),
        "siege": SiegeFactory(),
        "mandat": MandatFactory(),
        "compte": UtilisateurFactory(agent=True),
        "role": RoleAttribueFactory(),
    }


def adresse(nom, cle, objets):
    return adresse_de(f"{nom}", args=[objets[cle].pk] if cle else [])


@pytest.mark.parametrize("role", PERSONAS)
def test_page_by_role(role, objets, client_de):
    client = client_de(role)
    attendu = {nom: 200 if role in permis else 403 for nom, (_, permis) in LECTURE.items()}
    if role == "partenaire":
        attendu["resolution_detail"] = 404  # one of the comité, on no request: it does not exist for a partner
    assert {nom: client.get(adresse(nom, cle, objets)).status_code for nom, (cle, _) in LECTURE.items()} == attendu


@pytest.mark.parametrize("role", PERSONAS)
def test_gesture_by_role(role, objets, client_de):
    client = client_de(role)
    for nom, (cle, permis) in GESTES.items():
        reponse = client.post(adresse(nom, cle, objets))
        assert (reponse.status_code == 403) is (role not in permis), nom


def test_pages_ask_to_sign_in(objets, client_de):
    client = client_de("public")
    for nom, (cle, _) in {**LECTURE, **GESTES}.items():
        url = adresse(nom, cle, objets)
        reponse = client.post(url) if nom in GESTES else client.get(url)
        suite = reverse("espace") if nom in GESTES else url  # a gesture is no page to come back to
        assert (reponse.status_code, reponse.url) == (302, f"{reverse('account_login')}?next={suite}"), nom


def test_gesture_is_not_a_link(objets, client_de):
    client = client_de("coordonnateur")
    assert {
        nom: client.get(adresse(nom, cle, objets)).status_code for nom, (cle, _) in GESTES.items()
    } == dict.fromkeys(GESTES, 405)


def test_reading_pages_refuse_to_be_posted(objets, client_de):
    client = client_de("coordonnateur")
    lues = ["espace", "rencontre_liste", "resolution_liste", "reglages", "instances", "cadres", "comptes"]
    assert [client.post(adresse(nom, None, objets)).status_code for nom in lues] == [405] * len(lues)


def test_unknown_object_is_404(db, client_de):
    client = client_de("coordonnateur")
    avec_objet = {**LECTURE, **GESTES}
    for nom, (cle, _) in avec_objet.items():
        if cle:
            url = adresse_de(f"{nom}", args=[999_999])
            reponse = client.post(url) if nom in GESTES else client.get(url)
            assert reponse.status_code == 404, nom


def test_menu_shows_what_opens(objets, client_de):
    for role in PERSONAS:
        client = client_de(role)
        menu = [lien for _, liens in client.get(reverse("espace")).context["menu"] for lien in liens]
        assert {client.get(lien.url).status_code for lien in menu} == {200}, role
        assert ("Réglages" in [lien.libelle for lien in menu]) is (role in REGLAGES)
        assert ("Résolutions" in [lien.libelle for lien in menu]) is (role in LECTURE_RESOLUTIONS)


def test_hub_opens_every_page_it_shows(objets, client_de):
    client = client_de("administrateur")
    liens = client.get(reverse("reglages")).context["liens"]
    assert len(liens) >= 6
    assert {client.get(reverse(lien.route)).status_code for lien in liens} == {200}
