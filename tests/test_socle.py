"""The settings of production, as a server would run them; the error pages."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import get_resolver

ENVIRONNEMENT = {
    "DJANGO_SETTINGS_MODULE": "demarche.settings.base",
    "SECRET_KEY": "k" * 30 + "0123456789" * 3,
    "ALLOWED_HOSTS": "demarche.example",
    "DATABASE_URL": os.environ.get("DATABASE_URL", "sqlite://:memory:"),
}

# Asks the site, under production settings, for the addresses given; prints status, headers and text of each.
VISITE = """
import json, sys
from django.conf import settings

settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.STATIC_ROOT = sys.argv[2]
settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = {"css", "js", "svg", "ttf", "md"}  # it takes fifteen seconds
import django

django.setup()
from django.core.management import call_command
from django.test import Client

call_command("collectstatic", interactive=False, verbosity=0)
client = Client(SERVER_NAME="demarche.example", raise_request_exception=False)
print(json.dumps([
    [reponse.status_code, dict(reponse.headers), "" if reponse.streaming else reponse.content.decode()]
    for adresse in sys.argv[3:]
    for reponse in [client.get(adresse.removeprefix("http:"), secure=not adresse.startswith("http:"))]
]))
"""


def lancer(*arguments, **environnement):
    """Run Python as a new server would start, with nothing of the tests' settings."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **environnement},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


@pytest.fixture
def visiter(transactional_db, tmp_path):
    """Return a function that asks production for addresses: a list of [status, headers, text]."""

    def demander(*adresses):
        connection.close()
        rendu = lancer("-c", VISITE, str(connection.settings_dict["NAME"]), str(tmp_path), *adresses, **ENVIRONNEMENT)
        assert rendu.returncode == 0, rendu.stderr
        return json.loads(rendu.stdout)

    return demander


def test_production_is_closed_and_protected(visiter):
    accueil, en_clair, demo, courriels, inconnue, espace = visiter(
        "/", "http:/", "/demonstration/", "/demonstration/courriels/", "/nulle-part/", "/espace/"
    )

    statut, entetes, _ = accueil
    assert statut == 200
    assert "script-src 'self'" in entetes["Content-Security-Policy"]
    assert "unsafe" not in entetes["Content-Security-Policy"]
    assert "max-age=31536000" in entetes["Strict-Transport-Security"]
    assert entetes["X-Frame-Options"] == "DENY"
    assert entetes["X-Content-Type-Options"] == "nosniff"
    assert entetes["Referrer-Policy"] == "same-origin"
    assert entetes["Cross-Origin-Opener-Policy"] == "same-origin"

    assert (en_clair[0], en_clair[1]["Location"]) == (301, "https://demarche.example/")
    # The one-click sign-in and the mailbox do not exist outside the demonstration.
    assert (demo[0], courriels[0]) == (404, 404)
    assert inconnue[0] == 404
    assert "n’existe pas" in inconnue[2]
    assert (espace[0], espace[1]["Location"]) == (302, "/compte/login/?next=/espace/")


def test_production_settings_have_no_demonstration():
    rendu = lancer(
        "-c", "from django.conf import settings as s; print(s.DEMO, s.DEBUG, s.SESSION_COOKIE_SECURE)", **ENVIRONNEMENT
    )
    assert rendu.stdout.split() == ["False", "False", "True"]


def test_demonstration_has_the_addresses_that_production_lacks(tmp_path):
    """The control of the two 404 above: these are the right addresses."""
    noms = (
        "import django; django.setup(); from django.urls import resolve; print(resolve('/demonstration/').view_name)"
    )
    rendu = lancer("-c", noms, DJANGO_SETTINGS_MODULE="demarche.settings.dev", DONNEES_DIR=str(tmp_path))
    assert rendu.stdout.split() == ["demo_connexion"], rendu.stderr


@pytest.mark.parametrize("variable", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_missing_variable_stops_the_start(variable):
    environnement = {nom: valeur for nom, valeur in ENVIRONNEMENT.items() if nom != variable}
    rendu = lancer("-c", "import demarche.wsgi", **environnement)
    assert rendu.returncode != 0
    assert f"Il manque la variable d’environnement {variable}" in rendu.stderr


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "phrase"),
    [(400, "demande"), (403, "réservée à d’autres rôles"), (404, "n’existe pas"), (500, "de notre côté")],
)
def test_error_pages_are_french(code, phrase):
    requete = RequestFactory().get("/")
    gestionnaire = get_resolver().resolve_error_handler(code)
    reponse = gestionnaire(requete) if code == 500 else gestionnaire(requete, exception=Exception())
    page = reponse.content.decode()
    assert reponse.status_code == code
    assert 'lang="fr-CA"' in page
    assert phrase in page


@pytest.mark.django_db
def test_form_without_token_is_refused_in_french():
    reponse = Client(enforce_csrf_checks=True).post("/compte/login/", {"login": "a@exemple.test"})
    assert reponse.status_code == 403
    assert 'lang="fr-CA"' in reponse.content.decode()


def test_unknown_variable_of_a_template_fails():
    with pytest.raises(pytest.fail.Exception, match="absente"):
        Template("{{ absente }}").render(Context())
    with pytest.raises(pytest.fail.Exception, match="chose.absente"):
        Template("{{ chose.absente|default:'x' }}").render(Context({"chose": object()}))


def test_template_may_ask_whether_a_variable_exists():
    class Chose:
        @property
        def lien(self):
            raise ObjectDoesNotExist

    gabarit = Template("{% if absente %}a{% endif %}{% if chose.lien %}b{% endif %}{{ chose.lien }}{{ vide }}")
    assert gabarit.render(Context({"chose": Chose(), "vide": ""})) == ""
