"""Verify the chained register of decisions."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demarche.registre.services.verification import verifier_et_retenir


class Command(BaseCommand):
    """Meant for a scheduler, every night; one line per break and an exit code, so that a break is never missed."""

    help = "Vérifie le registre chaîné des décisions, du premier événement au dernier."

    def handle(self, *args: Any, **options: Any) -> None:
        verification = verifier_et_retenir(dire=lambda rupture: self.stdout.write(str(rupture)))
        if not verification.est_entier:
            raise CommandError(verification.resume)
        self.stdout.write(verification.resume)
