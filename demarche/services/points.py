"""Points of an agenda: write, order, decide, carry over."""

from django.db import transaction

from demarche.enums import EtatPoint
from demarche.models import PointOrdreDuJour, Resolution, Scrutin


@transaction.atomic
def conclure_point(
    point: PointOrdreDuJour, *, scrutin: Scrutin | None = None, resolution: Resolution | None = None
) -> PointOrdreDuJour:
    """Write what came of one point: its vote and its resolution, if there are; the point is then dealt with."""
    verrou = PointOrdreDuJour.objects.select_for_update(of=("self",)).get(pk=point.pk)
    verrou.scrutin, verrou.resolution, verrou.etat = scrutin, resolution, EtatPoint.TRAITE
    verrou.version += 1
    verrou.save()
    return verrou
