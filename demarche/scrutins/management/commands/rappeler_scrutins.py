"""Remind those who have not answered of the ballots about to close."""

from typing import Any

from django.core.management.base import BaseCommand

from demarche.scrutins.services.rappels import rappeler


class Command(BaseCommand):
    """Meant for a scheduler, every hour or so; run twice, or by two schedulers at once, it writes once."""

    help = "Rappelle les scrutins qui se closent dans les 48 heures à qui n’a pas encore répondu."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Rappels envoyés : {rappeler()}")
