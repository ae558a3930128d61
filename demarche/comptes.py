"""Accounts through django-allauth: nobody signs up alone, mails go through the outbox."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AdaptateurCompte(DefaultAccountAdapter):  # type: ignore[misc]
    """Close sign-up: the team invites."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put allauth's message in the outbox, like every other."""
        from demarche.services.courriels import deposer_message

        message = self.render_mail(template_prefix, email, context)
        deposer_message(destinataire=email, sujet=message.subject, texte=message.body)
