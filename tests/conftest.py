"""What every test stands on: a still clock, strict templates, the personas.

def test_x(client_de): client_de("coordonnateur").get(…)     # also "public"
def test_x(personne_de): personne_de("membre_comite")         # the account itself
def test_x(horloge): horloge.move_to(…)                       # the clock, on JOUR at 10:00 in Québec
def test_x(demo): demo("coordonnateur")                        # the sample démarche, a copy: an account of it
"""

import datetime
import logging
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
import weasyprint
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.http import Http404, HttpRequest, HttpResponse
from django.template import engines
from django.template.base import FilterExpression, Node
from django.test import Client
from django.urls import get_resolver

from demarche.comptes.models import Utilisateur
from tests import exemple
from tests.factories import JOUR
from tests.factories.personas import CREATEURS

SANS_OBJET = ("EcheancesPassees", "MethodeRefusee")  # middlewares: see `a_grands_pas`
DOSSIER = Path(__file__).parent
INSTANT = datetime.datetime.combine(JOUR, datetime.time(10), ZoneInfo("America/Toronto"))


# What another database may change: rows, constraints, locks, searches. Other modules say it themselves.
BASE = ("test_models", "test_queries", "test_services")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by folder and by slot, so that nobody forgets."""
    for item in items:
        for marque in ("parcours", "concurrence"):
            if DOSSIER / marque in item.path.parents:
                item.add_marker(marque)
        if item.path.name.startswith(BASE) or item.get_closest_marker("concurrence"):
            item.add_marker("base")
        if item.get_closest_marker("concurrence"):
            item.add_marker(pytest.mark.xdist_group("concurrence"))  # one team of processes, not one a worker


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """On SQLite, test in a file: WAL, locks and threads are then those of a real installation."""
    connexion = connections["default"]
    if connexion.vendor == "sqlite":
        connexion.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("base") / "tests.sqlite3")


@pytest.fixture
def transactional_db(_django_db_helper: None) -> Iterator[None]:
    """pytest-django's own, around which the register may be emptied: its triggers refuse the flush after the test."""
    from django.db import connection

    from demarche.registre.declencheurs import lever

    yield
    lever(connection)  # the flush announces the end of a migration: they are put again


@pytest.fixture(scope="session")
def live_server(django_db_setup: None, live_server: Any) -> Any:
    """After the database: a server started before would share the one connection of a memory database."""
    return live_server


class VariableInconnue(str):
    """What a template puts in place of a variable it cannot find: nothing, as in production, but one of ours fails.

    Django asks for its truth in `FilterExpression.resolve` only when a lookup failed: that is where it raises.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        cadre = sys._getframe(1)
        if cadre.f_code is FilterExpression.resolve.__code__:
            expression = cadre.f_locals["self"]
            gabarit = _gabarit_en_cours(cadre)
            if not gabarit.is_absolute() or settings.BASE_DIR / "templates" in gabarit.parents:
                pytest.fail(f"variable inconnue « {expression.token} » dans {gabarit}")
        return False


def _gabarit_en_cours(cadre: FrameType | None) -> Path:
    """Return the file whose node is being rendered, from the stack; a relative path for a template without a file."""
    while cadre is not None:
        noeud = cadre.f_locals.get("self")
        if isinstance(noeud, Node) and getattr(noeud, "origin", None) is not None:
            return Path(noeud.origin.name)
        cadre = cadre.f_back
    return Path("un gabarit")


@pytest.fixture(scope="session", autouse=True)
def gabarits_stricts() -> None:
    """An unknown variable in one of our templates fails the test; those of Django and allauth keep their habits."""
    engines["django"].engine.string_if_invalid = VariableInconnue()


@pytest.fixture(scope="session", autouse=True)
def adresses_de_production() -> None:
    """Read the addresses before any test turns the demonstration on: its pages depend on nothing but the settings."""
    assert get_resolver().url_patterns


@pytest.fixture(autouse=True)
def horloge() -> Iterator[time_machine.Traveller]:
    """Stop the clock on JOUR at ten."""
    with time_machine.travel(INSTANT, tick=False) as voyage:
        yield voyage


@pytest.fixture(autouse=True)
def cache_vide() -> None:
    cache.clear()


@pytest.fixture(scope="session")
def exemple_charge(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """Load the sample démarche, unless another process of the session has; return its folder and its database."""
    dossier = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        dossier = dossier.parent  # common to all the processes
    with django_db_blocker.unblock():
        return dossier, exemple.charger_une_fois(dossier, INSTANT)


@pytest.fixture
def base_exemple(exemple_charge: tuple[Path, str], django_db_blocker: Any, tmp_path: Path) -> Iterator[None]:
    """Put a new copy of the sample in the place of the empty database, until the end of the test."""
    dossier, modele = exemple_charge
    with django_db_blocker.unblock():
        assert not connection.in_atomic_block, "demandez « demo » avant tout ce qui ouvre la base"
        copie = str(tmp_path / "exemple.sqlite3") if connection.vendor == "sqlite" else f"{modele}_{os.getpid()}"
        exemple.copier(modele, copie)
        exemple.deposer_fichiers(dossier)
        with exemple.sur_la_base(copie):
            yield
        exemple.supprimer(copie)


@pytest.fixture
def demo(base_exemple: None, db: None) -> Callable[[str], Utilisateur]:
    """Return the account of a persona of the sample démarche, which is there; no `django_db` mark beside it."""
    return lambda role: Utilisateur.objects.get(email=exemple.PERSONAS[role])


@pytest.fixture
def a_grands_pas(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    """For the tests that open thousands of pages: leave out what is slow there and tested on its own elsewhere.

    Pages of refusal are not written, PDFs not drawn, refusals not told in the journal, and no deadline is looked for:
    none passes under a still clock.
    """

    def refuser(request: HttpRequest, exception: Exception) -> HttpResponse:
        return HttpResponse(status=404 if isinstance(exception, Http404) else 403)

    monkeypatch.setattr(settings.ROOT_URLCONF + ".handler403", refuser, raising=False)
    monkeypatch.setattr(settings.ROOT_URLCONF + ".handler404", refuser, raising=False)
    monkeypatch.setattr(weasyprint.HTML, "write_pdf", lambda *_, **__: b"%PDF-1.7")
    settings.MIDDLEWARE = [chemin for chemin in settings.MIDDLEWARE if not chemin.endswith(SANS_OBJET)]
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def personne_de(db: None) -> Callable[[str], Utilisateur]:
    """Return the account of a persona; the same one each time within a test."""
    connues: dict[str, Utilisateur] = {}

    def trouver(role: str) -> Utilisateur:
        if role not in connues:
            connues[role] = CREATEURS[role]()
        # Read again: roles and mandates are cached on the object as they are on a request's user.
        return Utilisateur.objects.get(pk=connues[role].pk)

    return trouver


@pytest.fixture
def client_de(personne_de: Callable[[str], Utilisateur]) -> Callable[[str], Client]:
    """Return a client signed in as a persona, or nobody for "public"."""

    def ouvrir(role: str) -> Client:
        client = Client()
        if role != "public":
            client.force_login(personne_de(role))
        return client

    return ouvrir
