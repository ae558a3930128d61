"""The one door to the private modules of allauth: nothing else imports them, and what it promises holds."""

import re

import pytest
from allauth.account.authentication import get_authentication_records
from django.conf import settings

from demarche.comptes import allauth_internals
from demarche.socle.models import Courriel
from tests.comptes.test_views_connexion import CONFIRMER, code_recu
from tests.factories.demarche import UtilisateurFactory

PRIVE = re.compile(r"^\s*(?:from|import)\s+allauth\.[\w.]*\binternal\b", re.MULTILINE)


@pytest.fixture
def requete(rf, client):
    """A request with the session of a browser, as allauth's middleware gives it."""
    requete = client.get("/compte/login/").wsgi_request
    requete.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = requete.session.session_key
    return requete


def test_private_modules_of_allauth_have_one_door():
    modules = [
        fichier
        for dossier in ("demarche", "partenaires", "chantiers", "evaluation", "tests")
        for fichier in (settings.BASE_DIR / dossier).rglob("*.py")
        if PRIVE.search(fichier.read_text())
    ]
    assert [fichier.name for fichier in modules] == ["allauth_internals.py"]


@pytest.mark.django_db
def test_proof_is_noted_for_its_account_alone(requete):
    compte, autre = UtilisateurFactory.create_batch(2)
    allauth_internals.noter_preuve(requete, compte)
    (preuve,) = get_authentication_records(requete, compte)
    assert preuve["method"] == "session"
    assert get_authentication_records(requete, autre) == []


@pytest.mark.django_db
def test_code_is_sent_and_signs_in(requete, client):
    compte = UtilisateurFactory()
    allauth_internals.envoyer_code(requete, compte)
    requete.session.save()
    assert Courriel.objects.get().destinataire == compte.email
    assert client.post(CONFIRMER, {"code": code_recu(compte.email)}).url == "/espace/"
