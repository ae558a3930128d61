"""What the app `chantiers` does when a lower app announces something."""

from typing import Any

from django.dispatch import receiver

from demarche.models import Scrutin
from demarche.signals import scrutin_clos

from .services.decisions import appliquer_scrutin


@receiver(scrutin_clos, dispatch_uid="chantiers.appliquer_scrutin")
def a_la_cloture(*, scrutin: Scrutin, **kwargs: Any) -> None:
    """Grant, refuse or take back the request that a closed ballot was about."""
    appliquer_scrutin(scrutin)
