"""What happens when somebody signs in."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from demarche.comptes.connexions import noter_connexion
from demarche.comptes.models import Utilisateur


@receiver(user_logged_in)
def noter_l_entree(request: HttpRequest | None, user: Utilisateur, **_: Any) -> None:
    """Note when this session proved who it is, however it did."""
    if request is not None and hasattr(request, "session"):
        noter_connexion(request, user)
