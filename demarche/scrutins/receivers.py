"""What ballots do when somebody signs in."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from demarche.comptes.models import Utilisateur
from demarche.scrutins.reponses_gardees import oublier_celles_d_un_autre


@receiver(user_logged_in)
def oublier_les_reponses_d_un_autre(request: HttpRequest | None, user: Utilisateur, **_: Any) -> None:
    """Leave to nobody the answer that somebody else typed in this session."""
    if request is not None and hasattr(request, "session"):
        oublier_celles_d_un_autre(request, user)
