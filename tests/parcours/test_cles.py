"""Proofs stronger than a code: a passkey and an application, as the browser and the phone really use them."""

import datetime
import re

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone
from playwright.sync_api import expect

from demarche.models import Vote
from demarche.services.questions import ouvrir_question
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
