"""What the configurations of all rooms share."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class Salle(AppConfig):
    """A room: at start, it imports its extensions and its receivers."""

    def ready(self) -> None:
        for slot in ("extensions", "receivers"):
            if find_spec(f"{self.name}.{slot}"):
                import_module(f"{self.name}.{slot}")
