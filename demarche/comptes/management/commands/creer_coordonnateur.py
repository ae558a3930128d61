"""Open the account of the person who coordinates a new installation, where nobody could invite it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from demarche.comptes.enums import Role
from demarche.comptes.forms.comptes import CompteForm
from demarche.comptes.models import Utilisateur
from demarche.comptes.services.comptes import attribuer_role, inviter_compte
from demarche.socle.erreurs import ErreurMetier


class Command(BaseCommand):
    """Give the coordination to one address, with an account and an invitation if it has none; twice is once."""

    help = "Ouvre le compte de la coordination et envoie son invitation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--courriel", required=True, help="courriel qui servira à se connecter")
        parser.add_argument("--prenom", required=True, help="prénom de la personne")
        parser.add_argument("--nom", required=True, help="nom de la personne")

    @transaction.atomic
    def handle(self, *args: Any, courriel: str, prenom: str, nom: str, **options: Any) -> None:
        compte = Utilisateur.objects.filter(email__iexact=courriel.strip()).first()
        try:
            if compte is None:
                self._inviter(courriel, prenom, nom)
            elif compte.est_coordonnateur and compte.is_active:
                self.stdout.write(f"{compte} coordonne déjà la démarche : rien n’a été changé.")
            else:
                attribuer_role(compte, role=Role.COORDONNATEUR, du=timezone.localdate(), auteur=None)
                self.stdout.write(f"{compte} avait un compte et coordonne maintenant la démarche.")
        except ErreurMetier as erreur:
            raise CommandError(" ".join(erreur.messages)) from erreur

    def _inviter(self, courriel: str, prenom: str, nom: str) -> None:
        """Check the three values as the page of invitation does, then open the account."""
        form = CompteForm({"email": courriel, "prenom": prenom, "nom": nom})
        if not form.is_valid():
            raise ErreurMetier(
                [f"{form[champ].label} : {phrase}" for champ, phrases in form.errors.items() for phrase in phrases]
            )
        compte = inviter_compte(**form.cleaned_data, roles=[Role.COORDONNATEUR], auteur=None)
        self.stdout.write(f"Le compte de {compte} est ouvert. L’invitation part à {compte.email}.")
