"""Proofs stronger than a code: a passkey and an application, as the browser and the phone really use them."""

import datetime
import re

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone
from playwright.sync_api import expect

from demarche.scrutins.models import Vote
from demarche.scrutins.services.questions import ouvrir_question
from tests.factories.demarche import DemarcheFactory, ExerciceFactory, InstanceGouvernanceFactory, MandatFactory
from tests.factories.preuves import ApplicationFactory, code_de_l_application

QUESTION = "Tenir les rencontres le mercredi"
CLE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def membre(transactional_db):
    """Who holds one of two seats, called to a question."""
    DemarcheFactory()
    ExerciceFactory()
    membres = [MandatFactory(utilisateur__email=f"siege{n}@exemple.test").utilisateur for n in range(2)]
    ouvrir_question(
        instance_gouvernance=InstanceGouvernanceFactory(comite=True),
        question=QUESTION,
        texte="Il est résolu de tenir les rencontres le mercredi.",
        echeance=timezone.now() + datetime.timedelta(days=7),
        auteur=membres[1],
    )
    return membres[0]


@pytest.fixture
def appareil(page_telephone):
    """A phone that holds passkeys, unlocked by its owner each time it is asked."""
    cdp = page_telephone.context.new_cdp_session(page_telephone)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": CLE})
    return page_telephone


def repondre_contre(page):
    page.goto("/espace/")
    page.get_by_role("link", name=QUESTION).click()
    page.get_by_text("Contre", exact=True).tap()
    page.get_by_text("Ajouter un commentaire").click()
    page.get_by_label("Commentaire").fill("Le mercredi, je travaille.")


def prouver_par_cle(page):
    page.get_by_role("button", name="Utiliser ma clé d’accès").tap()


def envoyer_apres_la_preuve(page, membre):
    """The answer waited for the proof; it leaves at the second « Envoyer »."""
    expect(page.get_by_text("Votre réponse n’est pas encore envoyée")).to_be_visible()
    expect(page.get_by_label("Commentaire")).to_have_value("Le mercredi, je travaille.")
    assert not Vote.objects.exists()
    page.get_by_role("button", name="Envoyer mon vote").tap()
    expect(page.get_by_text("Votre vote est enregistré")).to_be_visible()
    vote = Vote.objects.get()
    assert (vote.utilisateur, vote.choix, vote.commentaire) == (membre, "contre", "Le mercredi, je travaille.")


def test_passkey_is_added_proves_again_before_a_vote_and_signs_in(appareil, membre, connecter, verifier_axe, horloge):
    connecter(appareil, membre)
    appareil.goto("/compte/securite/webauthn/add/")
    verifier_axe(appareil)
    appareil.get_by_label("Nom de la clé").fill("Mon téléphone")
    appareil.get_by_label(re.compile("Me connecter avec cette clé")).check()
    appareil.get_by_role("button", name="Ajouter la clé").tap()
    expect(appareil.get_by_text("La clé d’accès est ajoutée.")).to_be_visible()
    prouver_par_cle(appareil)  # the spare codes ask for a proof that this session, opened by the test, does not have
    expect(appareil.get_by_role("heading", name="Codes de secours")).to_be_visible()
    assert Authenticator.objects.filter(user=membre, type=Authenticator.Type.WEBAUTHN).exists()

    repondre_contre(appareil)
    horloge.shift(datetime.timedelta(minutes=31))
    appareil.get_by_role("button", name="Envoyer mon vote").tap()
    expect(appareil.get_by_role("heading", name="Confirmez que c’est vous")).to_be_visible()
    verifier_axe(appareil)
    prouver_par_cle(appareil)
    envoyer_apres_la_preuve(appareil, membre)

    appareil.context.clear_cookies()
    appareil.goto("/compte/login/")
    appareil.get_by_role("button", name=re.compile("clé d’accès")).tap()
    expect(appareil.get_by_role("heading", name="Bonjour, Camille")).to_be_visible()


@pytest.fixture
def taper_avant_le_script(appareil):
    """Return a function that opens a page whose script is held back, taps the button, fills the form, checks that
    nothing was sent, lets the script arrive and taps again.
    """

    retenus, envois = [], []

    def retenir(route):
        retenus.append(route)

    def noter(requete):
        if requete.is_navigation_request():
            envois.append(requete.method)

    def taper(ouvrir, bouton, script, remplir=None):
        appareil.route(script, retenir)
        with appareil.expect_request(script):
            ouvrir()
        expect(bouton).to_be_visible()
        appareil.on("request", noter)
        adresse = appareil.url
        bouton.tap(force=True)
        if remplir:
            remplir()
        expect(bouton).to_be_disabled()
        assert (appareil.url, envois) == (adresse, [])
        appareil.remove_listener("request", noter)
        while retenus:
            retenus.pop().continue_()
        bouton.tap()  # waits by itself until the button lives
        appareil.unroute(script)

    return taper


@pytest.mark.parametrize("script", ["**/mfa/js/webauthn.js", "**/js/cle_acces.js"])
def test_tap_before_the_script_sends_nothing_and_the_journey_ends_well(
    appareil, membre, connecter, script, taper_avant_le_script
):
    connecter(appareil, membre)

    def remplir():
        appareil.get_by_label(re.compile("Me connecter avec cette clé")).check()
        appareil.get_by_label("Nom de la clé").press("Enter")

    taper_avant_le_script(
        lambda: appareil.goto("/compte/securite/webauthn/add/", wait_until="commit"),
        appareil.get_by_role("button", name="Ajouter la clé"),
        script,
        remplir,
    )
    expect(appareil.get_by_text("La clé d’accès est ajoutée.")).to_be_visible()

    taper_avant_le_script(
        lambda: appareil.goto("/compte/securite/recovery-codes/", wait_until="commit"),
        appareil.get_by_role("button", name="Utiliser ma clé d’accès"),
        script,
    )
    expect(appareil.get_by_role("heading", name="Codes de secours")).to_be_visible()

    appareil.context.clear_cookies()
    taper_avant_le_script(
        lambda: appareil.goto("/compte/sessions/", wait_until="commit"),
        appareil.get_by_role("button", name="Utiliser une clé d’accès"),
        script,
    )
    expect(appareil.get_by_role("heading", name="Appareils connectés")).to_be_visible()


def test_browser_without_passkeys_is_told_the_other_way(page, verifier_axe):
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto("/compte/login/")
    expect(page.get_by_text("ne fonctionne pas dans ce navigateur : recevez plutôt un code")).to_be_visible()
    expect(page.get_by_role("button", name="Utiliser une clé d’accès")).to_be_disabled()
    verifier_axe(page)


def test_application_proves_again_before_a_vote(page_telephone, membre, connecter, verifier_axe, horloge):
    ApplicationFactory(user=membre)
    connecter(page_telephone, membre)
    repondre_contre(page_telephone)
    horloge.shift(datetime.timedelta(minutes=31))
    page_telephone.get_by_role("button", name="Envoyer mon vote").tap()
    expect(page_telephone.get_by_role("heading", name="Confirmez que c’est vous")).to_be_visible()
    verifier_axe(page_telephone)
    page_telephone.get_by_label("Code").fill(code_de_l_application())
    page_telephone.get_by_role("button", name="Confirmer").tap()
    envoyer_apres_la_preuve(page_telephone, membre)
