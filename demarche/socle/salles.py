"""What the configurations of all rooms share."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class Salle(AppConfig):
    """A room: at start, what it gives to the rooms below, and what it does when one of them announces something."""

    def ready(self) -> None:
        for slot in ("extensions", "receivers"):
            if find_spec(f"{self.name}.{slot}"):
                import_module(f"{self.name}.{slot}")
