"""Remind the answers about to be late; let expire the requests whose answer did not come."""

from typing import Any

from django.core.management.base import BaseCommand

from chantiers.demandes.services.precisions import expirer_demandes, rappeler_precisions


class Command(BaseCommand):
    """Meant for a scheduler, once a day; late, the first page asked for does it (`EcheancesPassees`)."""

    help = "Rappelle les réponses attendues sous trois jours et laisse expirer les demandes restées sans réponse."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Rappels envoyés : {rappeler_precisions()}")
        self.stdout.write(f"Demandes expirées : {expirer_demandes()}")
