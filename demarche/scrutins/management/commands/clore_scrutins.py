"""Close the ballots whose deadline has passed."""

from typing import Any

from django.core.management.base import BaseCommand

from demarche.scrutins.services.scrutins import clore_echus


class Command(BaseCommand):
    """Meant for a scheduler, every few minutes; late, the first page asked for does it (`EcheancesPassees`)."""

    help = "Clôt les scrutins dont l’échéance est passée."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Scrutins clos : {clore_echus()}")
