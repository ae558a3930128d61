"""Accounts through django-allauth: nobody signs up alone, mails go through the outbox."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from demarche.comptes.models import Utilisateur
from demarche.socle.services.courriels import deposer_message

PAR_CLE = "mfa_reauthenticate:webauthn"
PREUVES = {
    PAR_CLE: "Utiliser ma clé d’accès",
    "mfa_reauthenticate": "Écrire un code de mon application ou un code de secours",
}


class AdaptateurCompte(DefaultAccountAdapter):  # type: ignore[misc]
    """Close sign-up: the team invites."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reauthentication_methods(self, user: Utilisateur | AnonymousUser) -> list[dict[str, Any]]:
        """Return the ways to prove again who one is, the passkey first."""
        # A person with a passkey also received spare codes, which stay in a drawer.
        preuves: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        nommees = [preuve | {"description": PREUVES.get(preuve["id"], preuve["description"])} for preuve in preuves]
        return sorted(nommees, key=lambda preuve: preuve["id"] != PAR_CLE)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put allauth's message in the outbox, like every other."""
        message = self.render_mail(template_prefix, email, context)
        deposer_message(destinataire=email, sujet=message.subject, texte=message.body)
