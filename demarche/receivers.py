"""What the app `demarche` does when Django announces something."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.dispatch import receiver
from django.http import HttpRequest

from .connexions import noter_connexion
from .declencheurs import TABLE, lever, poser
from .models import Utilisateur


@receiver(user_logged_in)
def noter_l_entree(request: HttpRequest | None, user: Utilisateur, **_: Any) -> None:
    """Note when this session proved who it is, however it did."""
    if request is not None and hasattr(request, "session"):
        noter_connexion(request, user)


@receiver(pre_migrate)
def lever_les_declencheurs(sender: AppConfig, using: str, **_: Any) -> None:
    """Let SQLite make a table of the register again: it refuses to rename one that a trigger of another reads."""
    if sender.name == "demarche" and connections[using].vendor == "sqlite":
        lever(connections[using])


@receiver(post_migrate)
def poser_les_declencheurs(sender: AppConfig, using: str, **_: Any) -> None:
    """Put the triggers of the register again after any migration: SQLite drops them with the table it makes again."""
    if sender.name == "demarche" and TABLE in connections[using].introspection.table_names():
        poser(connections[using])
