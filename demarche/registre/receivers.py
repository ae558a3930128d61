"""The triggers of the register, lifted before a migration and put again after it."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.dispatch import receiver

from demarche.registre.declencheurs import TABLE, lever, poser


@receiver(pre_migrate)
def lever_les_declencheurs(sender: AppConfig, using: str, **_: Any) -> None:
    """Let SQLite make a table of the register again: it refuses to rename one that a trigger of another reads."""
    if sender.name == "demarche.registre" and connections[using].vendor == "sqlite":
        lever(connections[using])


@receiver(post_migrate)
def poser_les_declencheurs(sender: AppConfig, using: str, **_: Any) -> None:
    """Put the triggers of the register again after any migration: SQLite drops them with the table it makes again."""
    if sender.name == "demarche.registre" and TABLE in connections[using].introspection.table_names():
        poser(connections[using])
