"""What happens to a request when a ballot or an agenda announces something."""

from typing import Any

from django.dispatch import receiver

from chantiers.demandes.models import Deliberation
from chantiers.demandes.services.deliberations import (
    appliquer_scrutin,
    recuser_l_organisation,
    suivre_report,
    verifier_reprise,
)
from demarche.rencontres.models import PointOrdreDuJour
from demarche.rencontres.signals import enterinement_ouvert, point_reporte, point_repris
from demarche.scrutins.models import Scrutin
from demarche.scrutins.signals import scrutin_clos


@receiver(scrutin_clos, dispatch_uid="demandes.appliquer_scrutin")
def a_la_cloture(*, scrutin: Scrutin, **kwargs: Any) -> None:
    """Grant, refuse or take back the request that a closed ballot was about."""
    appliquer_scrutin(scrutin)


@receiver(enterinement_ouvert, dispatch_uid="demandes.suivre_enterinement")
def a_l_enterinement(*, consultation: Scrutin, scrutin: Scrutin, **kwargs: Any) -> None:
    """Bind the vote that ratifies a consultation to its request; the demandeur’s voices are récusées again (R4)."""
    deliberation = Deliberation.objects.filter(scrutin=consultation).first()
    if deliberation is not None:
        Deliberation.objects.create(
            demande=deliberation.demande,
            scrutin=scrutin,
            montant=deliberation.montant,
            conditions=deliberation.conditions,
        )
        recuser_l_organisation(deliberation.demande, scrutin)


@receiver(point_reporte, dispatch_uid="demandes.suivre_report")
def au_report(*, ancien: PointOrdreDuJour, nouveau: PointOrdreDuJour, **kwargs: Any) -> None:
    """Make the request of a point carried over follow to the new one."""
    suivre_report(ancien, nouveau)


@receiver(point_repris, dispatch_uid="demandes.verifier_reprise")
def a_la_reprise(*, point: PointOrdreDuJour, **kwargs: Any) -> None:
    """Refuse to take back the point of a request that no longer waits, or waits elsewhere."""
    verifier_reprise(point)
