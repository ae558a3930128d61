"""Send again what still waits in the outbox."""

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from demarche.socle.services.courriels import renvoyer_courriels


class Command(BaseCommand):
    """Meant for a scheduler, every few minutes; each message leaves once."""

    help = "Envoie les courriels en attente ou en échec, sauf les trop vieux."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--age-maximal", type=int, default=72, metavar="HEURES", help="au-delà, un courriel n’est plus envoyé (72)"
        )

    def handle(self, *args: Any, age_maximal: int, **options: Any) -> None:
        partis, restes, vieux = renvoyer_courriels(age_maximal=datetime.timedelta(hours=age_maximal))
        self.stdout.write(f"Courriels envoyés\u00a0: {partis}. En échec\u00a0: {restes}. Trop vieux\u00a0: {vieux}.")
