"""Load the sample démarche."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Demarche, Exercice
from evaluation.demo.chargement import charger
from evaluation.demo.fondations import personas


class Command(BaseCommand):
    """Fill an empty database with a full year and a living one; a second run changes nothing."""

    help = "Charge la démarche d’exemple dans une base vide."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("La démarche d’exemple se charge seulement avec les réglages de démonstration.")
        if Demarche.objects.exists():
            if not Utilisateur.objects.filter(email=personas()[0][2]).exists():
                raise CommandError("Cette base contient déjà une autre démarche : rien n’a été changé.")
            self.stdout.write("La démarche d’exemple est déjà chargée : rien n’a été changé.")
        elif Utilisateur.objects.exists() or Exercice.objects.exists():
            raise CommandError("Cette base contient déjà des données : rien n’a été changé.")
        else:
            charger(timezone.localdate())
            self.stdout.write("La démarche d’exemple est chargée.")
        self.stdout.write("On peut entrer comme :")
        for nom, qualite, courriel in personas():
            self.stdout.write(f"  {nom}, {qualite} ({courriel})")
