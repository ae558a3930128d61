"""What the app `chantiers` does when a lower app announces something."""

from typing import Any

from django.dispatch import receiver

from demarche.models import PointOrdreDuJour, Scrutin
from demarche.signals import enterinement_ouvert, point_reporte, point_repris, scrutin_clos

from .models import Deliberation
from .services.appels import recuser_l_organisation
from .services.deliberations import appliquer_scrutin
from .services.points import suivre_report, verifier_reprise


@receiver(scrutin_clos, dispatch_uid="chantiers.appliquer_scrutin")
def a_la_cloture(*, scrutin: Scrutin, **kwargs: Any) -> None:
    """Grant, refuse or take back the request that a closed ballot was about."""
    appliquer_scrutin(scrutin)


@receiver(enterinement_ouvert, dispatch_uid="chantiers.suivre_enterinement")
def a_l_enterinement(*, consultation: Scrutin, scrutin: Scrutin, **kwargs: Any) -> None:
    """Bind the vote that ratifies a consultation to its request; who asks stands aside again (R4)."""
    deliberation = Deliberation.objects.filter(scrutin=consultation).first()
    if deliberation is not None:
        Deliberation.objects.create(
            demande=deliberation.demande,
            scrutin=scrutin,
            montant=deliberation.montant,
            conditions=deliberation.conditions,
        )
        recuser_l_organisation(deliberation.demande, scrutin)


@receiver(point_reporte, dispatch_uid="chantiers.suivre_report")
def au_report(*, ancien: PointOrdreDuJour, nouveau: PointOrdreDuJour, **kwargs: Any) -> None:
    """Make the request of a point carried over follow to the new one."""
    suivre_report(ancien, nouveau)


@receiver(point_repris, dispatch_uid="chantiers.verifier_reprise")
def a_la_reprise(*, point: PointOrdreDuJour, **kwargs: Any) -> None:
    """Refuse to take back the point of a request that no longer waits, or waits elsewhere."""
    verifier_reprise(point)
