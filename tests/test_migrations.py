"""The migrations, run on an empty database as an installation runs them, make the schema that the suite tests.

The suite itself makes its tables from the models: it takes one second, and the migrations twenty.
"""

import os
import re
import subprocess
import sys

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from tests import exemple

pytestmark = pytest.mark.base

APPLIS = ("demarche", "partenaires", "chantiers", "evaluation")
SANS_NOM = re.compile(r"^(__\w+__|fk_\d+)$")  # numbered by Django, in the order it reads them
DECLENCHEURS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def schema():
    """Return the columns and the constraints of each of our tables, and the triggers."""
    tables = [m._meta.db_table for m in apps.get_models(include_auto_created=True) if m.__module__.startswith(APPLIS)]
    lire = connection.introspection
    with connection.cursor() as curseur:
        colonnes = {
            table: {
                c.name: (c.type_code, c.display_size, c.null_ok) for c in lire.get_table_description(curseur, table)
            }
            for table in tables
        }
        contraintes = {
            table: sorted(
                f"{SANS_NOM.sub('', nom)} {champs['columns']} {champs['unique']} {champs['foreign_key']}"
                for nom, champs in lire.get_constraints(curseur, table).items()
            )
            for table in tables
        }
        curseur.execute(DECLENCHEURS[connection.vendor])
        return colonnes, contraintes, sorted(nom for (nom,) in curseur.fetchall())


@pytest.fixture
def base_migree(transactional_db, tmp_path):
    """Return the name of a new database, after `manage.py migrate`."""
    nom, adresse = str(tmp_path / "migree.sqlite3"), f"sqlite:///{tmp_path}/migree.sqlite3"
    if connection.vendor == "postgresql":
        nom = f"{connection.settings_dict['NAME']}_migree"
        adresse = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{nom}"
    if connection.vendor == "postgresql":
        exemple.copier("template0", nom)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "demarche.settings.test", "DATABASE_URL": adresse},
        check=True,
    )
    yield nom
    exemple.supprimer(nom)


def test_migrations_make_what_the_models_say(base_migree):
    attendu = schema()
    assert len(attendu[0]) > 50
    assert attendu[2]
    with exemple.sur_la_base(base_migree):
        obtenu = schema()
    for avant, apres in zip(attendu[:2], obtenu[:2], strict=True):
        assert {table: champs for table, champs in apres.items() if champs != avant[table]} == {}
    assert obtenu[2] == attendu[2]
