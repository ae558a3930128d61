"""What the app `chantiers` does when a lower app announces something."""

from typing import Any

from django.dispatch import receiver

from demarche.models import Scrutin
from demarche.signals import enterinement_ouvert, scrutin_clos

from .models import Deliberation
from .services.deliberations import appliquer_scrutin


@receiver(scrutin_clos, dispatch_uid="chantiers.appliquer_scrutin")
def a_la_cloture(*, scrutin: Scrutin, **kwargs: Any) -> None:
    """Grant, refuse or take back the request that a closed ballot was about."""
    appliquer_scrutin(scrutin)


@receiver(enterinement_ouvert, dispatch_uid="chantiers.suivre_enterinement")
def a_l_enterinement(*, consultation: Scrutin, scrutin: Scrutin, **kwargs: Any) -> None:
    """Bind the vote that ratifies a consultation to the request the consultation was about."""
    deliberation = Deliberation.objects.filter(scrutin=consultation).first()
    if deliberation is not None:
        Deliberation.objects.create(
            demande=deliberation.demande,
            scrutin=scrutin,
            montant=deliberation.montant,
            conditions=deliberation.conditions,
        )
