"""Several processes on one real database, on SQLite and on PostgreSQL alike.

    def voter(electeur): …                        # a plain function at the top of the test module
    def test_x(base_concurrente):
        electeur = ElecteurFactory()              # what this process writes is committed at once
        rendus = base_concurrente.lancer(voter, [(electeur.pk,)] * 3)
        assert [r.erreur for r in rendus] == […]  # and reads there what the processes left

Each process is a Python of its own, so pass keys and plain values. All wait ready, then start together. The processes
serve every test of the session; with more calls than processes, each makes several, in threads.
"""

import os
import pickle
import selectors
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

DELAI = 300  # seconds, for all calls together
PROCESSUS = 7  # as many as the seats of the comité


@dataclass(frozen=True)
class Rendu:
    """What one call gave: the returned value, or the name and the text of the exception."""

    valeur: Any
    erreur: str
    texte: str


class Equipe:
    """The processes of the session, started when a test first needs them, all replaced when one does not answer."""

    def __init__(self) -> None:
        self.membres: list[subprocess.Popen[bytes]] = []

    def reunir(self, nom: str, nombre: int) -> list[subprocess.Popen[bytes]]:
        while len(self.membres) < nombre:
            membre = subprocess.Popen(
                [sys.executable, "-m", "tests.concurrence.travailleur"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=settings.BASE_DIR,
                env={**os.environ, "DJANGO_SETTINGS_MODULE": "demarche.settings.test"},
            )
            self.membres.append(membre)
            ecrire(membre, pickle.dumps(nom))
        return self.membres[:nombre]

    def renvoyer(self) -> None:
        for membre in self.membres:
            membre.kill()
            membre.stdin.close()
            membre.stdout.close()
            membre.wait()
        self.membres = []


def ecrire(membre: subprocess.Popen[bytes], octets: bytes) -> None:
    membre.stdin.write(octets)
    membre.stdin.flush()


def lire(membre: subprocess.Popen[bytes], nombre: int, fin: float) -> bytes:
    """Read so many bytes before the common deadline."""
    lu = b""
    with selectors.DefaultSelector() as attente:
        attente.register(membre.stdout, selectors.EVENT_READ)
        while len(lu) < nombre and attente.select(max(0, fin - time.monotonic())):
            morceau = os.read(membre.stdout.fileno(), nombre - len(lu))
            if not morceau:
                pytest.fail("un processus s’est arrêté (voir son journal ci-dessus)")
            lu += morceau
    if len(lu) < nombre:
        pytest.fail(f"un processus n’a pas fini en {DELAI} s : verrou sans fin?")
    return lu


class BaseConcurrente:
    def __init__(self, nom: str, equipe: Equipe) -> None:
        self.nom, self.equipe = nom, equipe

    def lancer(
        self, fonction: Callable[..., Any], arguments: Sequence[tuple[Any, ...]], *, processus: int = PROCESSUS
    ) -> list[Rendu]:
        """Call the function once per tuple of arguments, all at the same instant, in at most so many processes."""
        connection.close()
        nombre = min(processus, len(arguments))
        fin = time.monotonic() + DELAI
        try:
            membres = self.equipe.reunir(self.nom, nombre)
            for rang, membre in enumerate(membres):
                ecrire(membre, pickle.dumps((fonction.__module__, fonction.__qualname__, arguments[rang::nombre])))
            for membre in membres:
                assert lire(membre, 1, fin) == b"+"
            for membre in membres:
                ecrire(membre, b"!")
            lots = []
            for membre in membres:
                (longueur,) = struct.unpack("!I", lire(membre, 4, fin))
                lots.append([Rendu(*pickle.loads(rendu)) for rendu in pickle.loads(lire(membre, longueur, fin))])
        except BaseException:
            self.equipe.renvoyer()
            raise
        return [lots[rang % nombre][rang // nombre] for rang in range(len(arguments))]


@pytest.fixture(scope="session")
def equipe() -> Iterator[Equipe]:
    equipe = Equipe()
    yield equipe
    equipe.renvoyer()


@pytest.fixture
def base_concurrente(transactional_db: None, equipe: Equipe) -> BaseConcurrente:
    """The test database, emptied after each test; what this process writes is committed at once."""
    nom = str(connection.settings_dict["NAME"])
    assert ":memory:" not in nom  # see tests/conftest.py
    return BaseConcurrente(nom, equipe)


@pytest.fixture(autouse=True)
def horloge() -> None:
    """The processes live in real time: so does the test that starts them."""
