"""Passkeys without their script: the button is inert, and what is sent all the same is refused on the same page."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from fido2.utils import websafe_encode
from fido2.webauthn import CollectedClientData

from demarche.comptes.forms.cles import NON_AJOUTEE, NON_RECONNUE, VIDE
from tests.comptes.test_views_connexion import CONFIRMER, code_recu, demander_code
from tests.factories.demarche import UtilisateurFactory
from tests.factories.preuves import ApplicationFactory, CleAccesFactory, code_de_l_application

pytestmark = pytest.mark.django_db
BOUTON = re.compile(r"<button\b[^>]*>", re.DOTALL)
SANS_SCRIPT = [None, "", "0", "false", "null", "[1]", '"x"', "{", "9" * 5000, "[" * 5000]
CLIENT = websafe_encode(CollectedClientData.create("webauthn.get", b"defi", "https://testserver"))
SIGNEE = {"clientDataJSON": CLIENT, "authenticatorData": websafe_encode(bytes(37)), "signature": "AAAA"}
DEMI_CLE = {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}}
INCONNUES = [
    '{"id": 1}',
    json.dumps(DEMI_CLE),
    json.dumps(DEMI_CLE | {"id": "BBBB"}),
    json.dumps(DEMI_CLE | {"response": SIGNEE}),
]
DESTINATION = "/rencontres/?exercice=2025-2026"


def ouvrir_connexion(client):
    client.get("/compte/securite/webauthn/login/", HTTP_ACCEPT="application/json")
    return f"/compte/login/?next={DESTINATION}"


def ouvrir_reauthentification(client):
    client.force_login(CleAccesFactory().user)
    return f"/compte/securite/webauthn/reauthenticate/?next={DESTINATION}"


def ouvrir_ajout(client):
    client.force_login(UtilisateurFactory())
    return "/compte/securite/webauthn/add/"


def ouvrir_deuxieme_preuve(client):
    compte = CleAccesFactory().user
    demander_code(client, compte.email, DESTINATION)
    return client.post(CONFIRMER, {"code": code_recu(compte.email), "next": DESTINATION}).url


PORTES = {
    "passkey_login": (ouvrir_connexion, "/compte/securite/webauthn/login/", "Se connecter"),
    "mfa_webauthn_reauthenticate": (
        ouvrir_reauthentification,
        "/compte/securite/webauthn/reauthenticate/",
        "Confirmez que c’est vous",
    ),
    "mfa_webauthn_add": (ouvrir_ajout, "/compte/securite/webauthn/add/", "Ajouter une clé d’accès"),
    "mfa_webauthn_authenticate": (
        ouvrir_deuxieme_preuve,
        "/compte/securite/authenticate/",
        "Une deuxième preuve",
    ),
}


def envoyer(client, adresse, cle):
    return client.post(adresse, {"next": DESTINATION, **({} if cle is None else {"credential": cle})})


def verifier_refus(reponse, bouton, titre, raison):
    """The same page, the reason just before the button, which says so too; the destination goes on."""
    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert f"<h1>{titre}</h1>" in page
    raisons = re.findall(r'<ul class="champ__erreur" id="id_credential_error">.*?</ul>', page, re.DOTALL)
    assert [raison in dite for dite in raisons] == [True]
    assert "errorlist" not in page
    (balise,) = [balise for balise in BOUTON.findall(page) if f'id="{bouton}"' in balise]
    assert "disabled" in balise
    assert 'aria-describedby="id_credential_error"' in balise
    if bouton in {"passkey_login", "mfa_webauthn_reauthenticate"}:
        assert f'name="next" value="{DESTINATION}"' in page


@pytest.mark.parametrize("bouton", PORTES)
def test_passkey_button_is_inert_until_its_script_is_there(bouton, client):
    ouvrir, _, titre = PORTES[bouton]
    page = client.get(ouvrir(client)).content.decode()
    assert f"<h1>{titre}</h1>" in page
    (balise,) = [balise for balise in BOUTON.findall(page) if f'id="{bouton}"' in balise]
    assert " disabled" in balise
    assert "La clé d’accès a besoin de JavaScript. Sans lui, " in page
    assert "id_credential_error" not in page
    scripts = re.findall(r'<script ([^>]*)src="[^"]*/(webauthn-json|webauthn|cle_acces)\.js"', page)
    assert scripts == [("defer ", "webauthn-json"), ("defer ", "webauthn"), ('type="module" ', "cle_acces")]


@pytest.mark.parametrize("cle", SANS_SCRIPT)
@pytest.mark.parametrize("bouton", PORTES)
def test_form_sent_without_the_script_stays_on_its_page(bouton, cle, client):
    ouvrir, adresse, titre = PORTES[bouton]
    client.get(ouvrir(client))
    avant = Authenticator.objects.count()
    verifier_refus(envoyer(client, adresse, cle), bouton, titre, VIDE)
    assert Authenticator.objects.count() == avant


@pytest.mark.parametrize("cle", INCONNUES)
@pytest.mark.parametrize("bouton", PORTES)
def test_refused_passkey_stays_on_its_page(bouton, cle, client):
    ouvrir, adresse, titre = PORTES[bouton]
    client.get(ouvrir(client))
    avant = Authenticator.objects.count()
    raison = NON_AJOUTEE if bouton == "mfa_webauthn_add" else NON_RECONNUE
    reponse = envoyer(client, adresse, cle)
    verifier_refus(reponse, bouton, titre, raison)
    assert Authenticator.objects.count() == avant
    assert "rawId" not in reponse.content.decode()


def test_refused_sign_in_leads_to_the_destination_by_a_code(client):
    compte = UtilisateurFactory()
    page = envoyer(client, "/compte/securite/webauthn/login/", "").content.decode()
    (demande,) = re.findall(r'action="(/compte/login/code/[^"]*)"', page)
    (suite,) = {client.post(demande, {"email": compte.email, "next": DESTINATION}).url}
    assert client.post(suite, {"code": code_recu(compte.email), "next": DESTINATION}).url == DESTINATION


def test_refused_sign_in_keeps_no_destination_elsewhere(client):
    client.post("/compte/securite/webauthn/login/", {"credential": "", "next": "https://ailleurs.example/"})
    compte = UtilisateurFactory()
    client.force_login(compte)
    reponse = client.post("/compte/securite/webauthn/login/", {"next": "https://ailleurs.example/"})
    assert reponse.url == "/espace/"


def test_proof_refused_once_leads_to_the_destination_by_another_way(client):
    compte = ApplicationFactory(user=CleAccesFactory().user).user
    client.force_login(compte)
    page = envoyer(client, "/compte/securite/webauthn/reauthenticate/", "").content.decode()
    (autre,) = re.findall(r'<a class="bouton" href="(/compte/securite/reauthenticate/[^"]*)"', page)
    reponse = client.post(autre, {"code": code_de_l_application()})
    assert reponse.url == DESTINATION


def test_too_many_refusals_are_counted_once_each_and_said(client, settings):
    """Production keeps allauth's limits; the suite turns them off."""
    client.force_login(CleAccesFactory().user)
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/5m/key"}
    adresse = "/compte/securite/webauthn/reauthenticate/"
    client.get(adresse)
    pages = [envoyer(client, adresse, INCONNUES[-1]).content.decode() for _ in range(4)]
    assert ["Trop de tentatives" in page for page in pages] == [False, False, False, True]


def boutons_des_gabarits():
    """Return (template, opening tag) for each button that only a script or the browser can make act."""
    for gabarit in sorted((settings.BASE_DIR / "templates").rglob("*.html")):
        for balise in BOUTON.findall(gabarit.read_text()):
            if 'type="button"' in balise:
                yield gabarit.relative_to(settings.BASE_DIR / "templates").as_posix(), balise


def test_every_button_that_waits_for_a_script_is_sent_inert():
    """`hidden` or `disabled` until the script ties it; `popovertarget` needs none. The gallery's act on nothing."""
    galerie = {"gouvernance/composants.html", "gouvernance/_exemple_decision.html"}
    boutons = [(gabarit, balise) for gabarit, balise in boutons_des_gabarits() if gabarit not in galerie]
    assert len(boutons) > 10
    inerte = re.compile(r"\s(?:hidden|disabled|popovertarget)\b")
    assert [(gabarit, balise) for gabarit, balise in boutons if not inerte.search(balise)] == []
