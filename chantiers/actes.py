"""What there is to do on the points of an agenda that are about a fund request."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils import timezone

from demarche.enums import EtatPoint, GenrePoint
from demarche.models import PointOrdreDuJour, Utilisateur
from demarche.registre import ActePoint

from . import permissions
from .models import PointDemande


def actes_des_demandes(utilisateur: Utilisateur, points: Sequence[PointOrdreDuJour]) -> Mapping[int, ActePoint]:
    """Offer the coordination to record the decision of each request of an agenda, the others to read it; one query."""
    pks = [point.pk for point in points if point.genre == GenrePoint.DEMANDE]
    if not pks:
        return {}
    liens = PointDemande.objects.filter(point__in=pks).select_related(
        "point__rencontre", "demande__instance_gouvernance"
    )
    visibles, actes = permissions.etats_visibles(utilisateur), {}
    for lien in liens:
        point, demande = lien.point, lien.demande
        attend = point.etat == EtatPoint.A_TRAITER and point.rencontre.date <= timezone.localdate()
        attend = attend and demande.instance_gouvernance_id == point.rencontre.instance_gouvernance_id
        if attend and permissions.peut_porter_en_rencontre(utilisateur, demande):
            url = reverse("chantiers:point_decision", args=[point.pk])
            actes[point.pk] = ActePoint("Inscrire la décision", url, est_a_faire=True)
        elif demande.etat in visibles:
            actes[point.pk] = ActePoint("Lire la demande", demande.get_absolute_url(), est_a_faire=False)
    return actes
