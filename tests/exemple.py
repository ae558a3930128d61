"""The sample démarche for tests: loaded once a session, by one process for all of them, then copied for each test."""

import datetime
import fcntl
import os
import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import time_machine
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from evaluation.demo.chargement import charger

PERSONAS = {
    "public": None,
    "partenaire": "partenaire@demo.example",
    "membre_comite": "citoyenne@demo.example",
    "fiduciaire": "fiduciaire@demo.example",
    "agent": "agente@demo.example",
    "coordonnateur": "coordonnatrice@demo.example",
    "administrateur": "administrateur@demo.example",
}


def charger_une_fois(dossier: Path, instant: datetime.datetime) -> str:
    """Return the name of the database that holds the sample; the first process to ask loads it, the others wait.

    `dossier` is common to the processes of the session. The empty database of the caller is the mould.
    """
    with (dossier / "exemple.verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        nom = dossier / "exemple.nom"
        if not nom.exists():
            vide = str(connection.settings_dict["NAME"])
            modele = str(dossier / "exemple.sqlite3") if connection.vendor == "sqlite" else f"{vide}_exemple"
            copier(vide, modele)
            with sur_la_base(modele), time_machine.travel(instant, tick=False):
                charger(instant.date())
            cache.clear()
            (dossier / "exemple.fichiers").write_bytes(pickle.dumps(_lire_fichiers()))
            nom.write_text(modele)
        return nom.read_text()


def deposer_fichiers(dossier: Path) -> None:
    """Put the documents of the sample in the storage of this process, which is its memory."""
    for chemin, octets in pickle.loads((dossier / "exemple.fichiers").read_bytes()).items():
        if not default_storage.exists(chemin):
            default_storage.save(chemin, ContentFile(octets))


def _lire_fichiers(dossier: str = "") -> dict[str, bytes]:
    dossiers, fichiers = default_storage.listdir(dossier)
    contenus = {}
    for fichier in fichiers:
        with default_storage.open(os.path.join(dossier, fichier)) as ouvert:
            contenus[os.path.join(dossier, fichier)] = ouvert.read()
    for sous_dossier in dossiers:
        contenus |= _lire_fichiers(os.path.join(dossier, sous_dossier))
    return contenus


@contextmanager
def sur_la_base(nom: str) -> Iterator[None]:
    """Work on another database: every connection opened meanwhile, in any thread, is to that one."""
    avant = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = nom
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = avant


def copier(source: str, cible: str) -> None:
    """Copy a database that nobody uses; on PostgreSQL, with the server's own command."""
    connection.close()
    if connection.vendor == "sqlite":  # the last connection closed has brought its journal into the file
        shutil.copyfile(source, cible)
        return
    with _serveur() as curseur:
        curseur.execute(f'DROP DATABASE IF EXISTS "{cible}"')
        curseur.execute(f'CREATE DATABASE "{cible}" TEMPLATE "{source}"')


def supprimer(nom: str) -> None:
    connection.close()
    if connection.vendor == "sqlite":
        for suffixe in ("", "-wal", "-shm"):
            Path(f"{nom}{suffixe}").unlink(missing_ok=True)
        return
    with _serveur() as curseur:
        curseur.execute(f'DROP DATABASE IF EXISTS "{nom}" WITH (FORCE)')


@contextmanager
def _serveur():
    """Open a cursor on PostgreSQL itself, outside the databases that are copied."""
    with connection._nodb_cursor() as curseur:
        yield curseur
