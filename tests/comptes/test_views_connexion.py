"""Signing in by an e-mailed code: the whole way, in French, back to where one was going."""

import re
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from demarche.socle.models import Courriel
from tests.factories.demarche import UtilisateurFactory
from tests.factories.preuves import ApplicationFactory, CodesDeSecoursFactory

pytestmark = pytest.mark.django_db
DEMANDER = "/compte/login/code/"
CONFIRMER = "/compte/login/code/confirm/"


def demander_code(client, email, suite=""):
    return client.post(DEMANDER, {"email": email, **({"next": suite} if suite else {})})


def code_recu(email):
    return re.search(r"^\s+([A-Z0-9-]{6,9})$", Courriel.objects.filter(destinataire=email).latest("pk").texte, re.M)[1]


def test_code_signs_in_and_leads_back_to_the_ballot(client):
    compte = UtilisateurFactory(email="lea@exemple.test")
    assert client.get("/espace/").url == "/compte/login/?next=/espace/"
    page = client.get("/compte/login/?next=/rencontres/")
    assert 'name="next"' in page.content.decode()
    suite = demander_code(client, "LEA@exemple.test", "/rencontres/").url
    courriel = Courriel.objects.get()
    assert (courriel.destinataire, courriel.sujet) == ("lea@exemple.test", "Votre code de connexion")
    assert 'value="/rencontres/"' in client.get(suite).content.decode()
    reponse = client.post(CONFIRMER, {"code": code_recu("lea@exemple.test"), "next": "/rencontres/"})
    assert reponse.url == "/rencontres/"
    assert client.get("/rencontres/").wsgi_request.user == compte
    assert len(client.get("/compte/sessions/").context["sessions"]) == 1


def test_code_without_destination_leads_to_the_space(client):
    UtilisateurFactory(email="lea@exemple.test")
    demander_code(client, "lea@exemple.test")
    assert client.post(CONFIRMER, {"code": code_recu("lea@exemple.test")}).url == "/espace/"


def messages_de(reponse):
    return [str(message) for message in reponse.context["messages"]]


@pytest.mark.parametrize(("suite", "accueil"), [("", True), ("/rencontres/", False)])
def test_welcome_is_not_said_before_what_one_came_for(client, suite, accueil):
    UtilisateurFactory(email="lea@exemple.test")
    demander_code(client, "lea@exemple.test", suite)
    donnees = {"code": code_recu("lea@exemple.test"), **({"next": suite} if suite else {})}
    page = client.post(CONFIRMER, donnees, follow=True)
    assert [message.startswith("Vous êtes connecté") for message in messages_de(page)] == [True] * accueil


def test_code_is_announced_once(client):
    page = client.post(DEMANDER, {"email": "lea@exemple.test"}, follow=True)
    assert page.content.decode().count("lea@exemple.test") == 1


@pytest.mark.parametrize(
    ("suite", "dite"), [("/scrutins/999999/", True), ("/demandes/999999/fiche/", True), ("/rencontres/", False)]
)
def test_sign_in_says_that_an_answer_is_asked_and_nothing_else(client, suite, dite):
    page = client.get(f"/compte/login/?next={suite}").content.decode()
    assert ("lire ce qui est proposé et y répondre" in page) is dite


def test_destination_stays_on_this_site(client):
    UtilisateurFactory(email="lea@exemple.test")
    demander_code(client, "lea@exemple.test", "https://ailleurs.example/")
    reponse = client.post(CONFIRMER, {"code": code_recu("lea@exemple.test"), "next": "https://ailleurs.example/"})
    assert reponse.url == "/espace/"


def test_wrong_code_is_said_and_then_refused(client, settings):
    UtilisateurFactory(email="lea@exemple.test")
    demander_code(client, "lea@exemple.test")
    page = client.post(CONFIRMER, {"code": "AAAAAA"})
    assert "errorlist" in page.content.decode() or "champ__erreur" in page.content.decode()
    for _ in range(settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS):
        reponse = client.post(CONFIRMER, {"code": "AAAAAA"})
    assert reponse.status_code == 302
    assert client.post(CONFIRMER, {"code": code_recu("lea@exemple.test")}).url == DEMANDER


def test_code_expires(client, horloge, settings):
    UtilisateurFactory(email="lea@exemple.test")
    demander_code(client, "lea@exemple.test")
    horloge.shift(settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT + 1)
    client.post(CONFIRMER, {"code": code_recu("lea@exemple.test")})
    assert client.get("/espace/").status_code == 302


def test_unknown_address_looks_like_a_known_one(client):
    UtilisateurFactory(email="lea@exemple.test")
    connue, inconnue = demander_code(client, "lea@exemple.test"), demander_code(Client(), "x@exemple.test")
    assert (connue.status_code, connue.url) == (inconnue.status_code, inconnue.url)
    assert Courriel.objects.count() == 1


def test_closed_account_receives_no_way_in(client):
    UtilisateurFactory(email="lea@exemple.test", is_active=False)
    demander_code(client, "lea@exemple.test")
    for courriel in Courriel.objects.all():
        client.post(CONFIRMER, {"code": (re.findall(r"[A-Z0-9]{6}", courriel.texte) or ["X"])[0]})
    assert client.get("/espace/").status_code == 302


def test_requests_for_codes_are_counted(client, settings):
    """Production keeps allauth's limits; the suite turns them off."""
    UtilisateurFactory(email="lea@exemple.test")
    del settings.ACCOUNT_RATE_LIMITS
    *premieres, derniere = [demander_code(Client(), "lea@exemple.test") for _ in range(4)]
    assert [reponse.status_code for reponse in premieres] == [302, 302, 302]
    assert "Trop de tentatives" in derniere.content.decode()
    assert Courriel.objects.count() == 3


def test_too_many_attempts_from_one_place_are_stopped_in_french(client, settings):
    del settings.ACCOUNT_RATE_LIMITS
    reponses = [client.post("/compte/login/", {"login": "x"}) for _ in range(31)]
    assert [reponse.status_code for reponse in reponses] == [200] * 30 + [429]
    assert "Trop de demandes en peu de temps" in reponses[-1].content.decode()


def test_nobody_signs_up_alone(client):
    page = client.get("/compte/signup/")
    assert "invit" in page.content.decode() or "équipe" in page.content.decode()
    client.post("/compte/signup/", {"email": "intrus@exemple.test"})
    assert not Courriel.objects.exists()


def test_there_are_no_passwords(client_de):
    for chemin in ("change/", "set/", "reset/", "reset/key/1-set-password/"):
        assert client_de("public").get(f"/compte/password/{chemin}").status_code == 302
        reponse = client_de("agent").post(f"/compte/password/{chemin}", {"password1": "x" * 20, "password2": "x" * 20})
        assert reponse.url == reverse("mfa_index")


def test_account_address_is_not_changed_by_its_holder(client_de, personne_de):
    client = client_de("agent")
    client.post("/compte/email/", {"email": "autre@exemple.test", "action_add": ""})
    assert personne_de("agent").email == "agent@exemple.test"
    assert "la coordination" in client.get("/compte/email/", follow=True).content.decode()


def test_signing_out(client_de):
    client = client_de("agent")
    assert client.post("/compte/logout/").url == "/"
    assert client.get("/espace/").status_code == 302


ANGLAIS = re.compile(
    r"\b(the|your|you|sign|password|please|email|account|device|devices|enter|add|remove|authenticator|recovery|codes?"
    r" (?:is|are)|security|keys?|activate|deactivate|sessions? started|log ?out|cancel|confirm your|submit)\b",
    re.IGNORECASE,
)


def texte_visible(page):
    html = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>|<!--.*?-->", " ", page.content.decode())
    attributs = " ".join(re.findall(r'(?:placeholder|title|aria-label|alt)="([^"]*)"', html))
    return re.sub(r"<[^>]+>", " ", html) + attributs


PUBLIQUES = ["/compte/login/", DEMANDER, "/compte/signup/", "/compte/inactive/", "/compte/confirm-email/"]
PRIVEES = [
    "/compte/logout/",
    "/compte/reauthenticate/",
    "/compte/securite/",
    "/compte/securite/totp/activate/",
    "/compte/securite/totp/deactivate/",
    "/compte/securite/webauthn/",
    "/compte/securite/webauthn/add/",
    "/compte/securite/recovery-codes/",
    "/compte/securite/recovery-codes/generate/",
    "/compte/securite/reauthenticate/",
    "/compte/sessions/",
]


@pytest.mark.parametrize("adresse", PUBLIQUES)
def test_public_sign_in_pages_speak_french(adresse, client):
    page = client.get(adresse, follow=True)
    assert page.status_code == 200
    assert ANGLAIS.findall(texte_visible(page)) == []


@pytest.mark.parametrize("avec_totp", [False, True])
@pytest.mark.parametrize("adresse", PRIVEES)
def test_sign_in_settings_speak_french(adresse, avec_totp, client_de, personne_de):
    if avec_totp:
        ApplicationFactory(user=personne_de("agent"))
        CodesDeSecoursFactory(user=personne_de("agent"))
    page = client_de("agent").get(adresse, follow=True)
    assert page.status_code in {200, 403, 404}
    assert ANGLAIS.findall(texte_visible(page)) == []


def test_second_factor_is_asked_in_french(client, personne_de):
    compte = personne_de("agent")
    ApplicationFactory(user=compte)
    demander_code(client, compte.email)
    page = client.post(CONFIRMER, {"code": code_recu(compte.email)}, follow=True)
    assert page.redirect_chain[-1][0].startswith("/compte/securite/authenticate/")
    assert ANGLAIS.findall(texte_visible(page)) == []
    refuse = client.post("/compte/securite/authenticate/", {"code": "000000"})
    assert ANGLAIS.findall(texte_visible(refuse)) == []
    assert client.get("/espace/").status_code == 302


def test_errors_of_sign_in_speak_french(client):
    UtilisateurFactory(email="lea@exemple.test")
    pages = [client.post(DEMANDER, {"email": "pas-un-courriel"}), client.post(DEMANDER, {"email": ""})]
    demander_code(client, "lea@exemple.test")
    pages.append(client.post(CONFIRMER, {"code": "AAAAAA"}))
    pages.append(client.post(CONFIRMER, {"code": ""}))
    assert [ANGLAIS.findall(texte_visible(page)) for page in pages] == [[]] * 4


def test_messages_of_sign_in_speak_french(client, personne_de):
    from allauth.mfa.adapter import get_adapter

    compte = personne_de("agent")
    demander_code(client, compte.email)
    client.post(CONFIRMER, {"code": code_recu(compte.email)})
    requete = client.get("/espace/").wsgi_request
    for gabarit in (
        "totp_activated",
        "totp_deactivated",
        "webauthn_added",
        "webauthn_removed",
        "recovery_codes_generated",
    ):
        get_adapter().send_notification_mail(f"mfa/email/{gabarit}", compte)
    assert requete.user == compte
    for courriel in Courriel.objects.all():
        assert ANGLAIS.findall(courriel.sujet + courriel.texte) == [], courriel.sujet


@pytest.mark.parametrize(
    ("venue", "suite"),
    [
        ("http://testserver/instances/2/?onglet=sieges", "/instances/2/?onglet=sieges"),
        ("https://ailleurs.test/piege/", "/espace/"),
        ("", "/espace/"),
    ],
)
def test_form_sent_once_the_session_has_ended_leads_back_to_its_page(client, venue, suite):
    reponse = client.post("/registre/verifier/", HTTP_REFERER=venue)
    assert (reponse.status_code, reponse.url) == (302, f"/compte/login/?{urlencode({'next': suite}, safe='/')}")
    assert "rien n’a été enregistré" in client.get(reponse.url).content.decode()


def test_address_that_only_receives_says_so_in_french(client_de):
    reponse = client_de("coordonnateur").get("/registre/verifier/")
    assert (reponse.status_code, reponse["Allow"]) == (405, "POST")
    assert "Rien n’a été enregistré." in reponse.content.decode()
