"""Several processes on one real database, on SQLite and on PostgreSQL alike.

    def voter(electeur): …                        # a plain function at the top of the test module
    def test_x(base_concurrente):
        electeur = ElecteurFactory()              # what this process writes is committed at once
        rendus = base_concurrente.lancer(voter, [(electeur.pk,)] * 3)
        assert [r.erreur for r in rendus] == […]  # and reads there what the processes left

Each process is a Python of its own, so pass keys and plain values. All wait ready, then start together.
"""

import os
import pickle
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

DELAI = 150  # seconds, for all processes together


@dataclass(frozen=True)
class Rendu:
    """What one process gave: the returned value, or the name and the text of the exception."""

    valeur: Any
    erreur: str
    texte: str


class BaseConcurrente:
    def __init__(self, nom: str) -> None:
        self.nom = nom

    def lancer(self, fonction: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> list[Rendu]:
        """Call the function once per tuple of arguments, each in its process, all at the same instant."""
        connection.close()
        travaux = [self._demarrer(fonction, valeurs) for valeurs in arguments]
        fin = time.monotonic() + DELAI
        try:
            for travail in travaux:
                assert self._lire(travail, fin) == b"+", "un processus n’a pas démarré (voir son journal ci-dessus)"
            for travail in travaux:
                travail.stdin.write(b"!")
                travail.stdin.flush()
            return [Rendu(*pickle.loads(self._lire(travail, fin, tout=True))) for travail in travaux]
        finally:
            for travail in travaux:
                travail.kill()
                travail.stdin.close()
                travail.stdout.close()
                travail.wait()

    def _demarrer(self, fonction: Callable[..., Any], valeurs: tuple[Any, ...]) -> subprocess.Popen[bytes]:
        travail = subprocess.Popen(
            [sys.executable, "-m", "tests.concurrence.travailleur"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=settings.BASE_DIR,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "demarche.settings.test"},
        )
        pickle.dump((self.nom, fonction.__module__, fonction.__qualname__, valeurs), travail.stdin)
        travail.stdin.flush()
        return travail

    @staticmethod
    def _lire(travail: subprocess.Popen[bytes], fin: float, *, tout: bool = False) -> bytes:
        """Read one byte, or up to the end, before the common deadline."""
        lu = b""
        with selectors.DefaultSelector() as attente:
            attente.register(travail.stdout, selectors.EVENT_READ)
            while attente.select(max(0, fin - time.monotonic())):
                morceau = os.read(travail.stdout.fileno(), 65536 if tout else 1)
                lu += morceau
                if not morceau or not tout:
                    return lu
        pytest.fail(f"un processus n’a pas fini en {DELAI} s : verrou sans fin ?")


@pytest.fixture
def base_concurrente(transactional_db: None) -> BaseConcurrente:
    """The test database, emptied after each test; what this process writes is committed at once."""
    nom = str(connection.settings_dict["NAME"])
    assert ":memory:" not in nom  # see tests/conftest.py
    return BaseConcurrente(nom)


@pytest.fixture(autouse=True)
def horloge() -> None:
    """The processes live in real time: so does the test that starts them."""
