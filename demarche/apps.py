"""Configuration of the app `demarche`, the lowest of the house."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class DemarcheConfig(AppConfig):
    name = "demarche"
    verbose_name = "Démarche"

    def ready(self) -> None:
        # Each installed app offers its menu entries, cards, tabs and checks from these two modules.
        autodiscover_modules("cartes", "verifications", "receivers")
