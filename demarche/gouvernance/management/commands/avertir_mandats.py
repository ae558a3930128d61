"""Announce to the coordination the mandates that end within 30 days; safe to run every day."""

from typing import Any

from django.core.management.base import BaseCommand

from demarche.gouvernance.services.mandats import avertir_mandats
from demarche.socle.francais import compter


class Command(BaseCommand):
    help = "Écrit à la coordination, une fois par mandat, que des mandats finissent dans les 30 jours."

    def handle(self, *args: Any, **options: Any) -> None:
        nb = avertir_mandats()
        self.stdout.write(f"{compter(nb, 'mandat annoncé', 'mandats annoncés')}.")
