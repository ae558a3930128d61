"""What there is to do on the points of an agenda that are about a fund request."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.models import Deliberation, PointDemande
from chantiers.demandes.permissions import etats_visibles, peut_porter_en_rencontre, peut_voir_demande
from chantiers.demandes.queries.engagements import solde_de
from demarche.comptes.models import Utilisateur
from demarche.rencontres.enums import EtatPoint, GenrePoint
from demarche.rencontres.models import PointOrdreDuJour
from demarche.rencontres.protocoles import ActePoint


def actes_des_demandes(utilisateur: Utilisateur, points: Sequence[PointOrdreDuJour]) -> Mapping[int, ActePoint]:
    """Offer the coordination to record the decision of each request of an agenda, the others to read it; one query."""
    pks = [point.pk for point in points if point.genre == GenrePoint.DEMANDE]
    if not pks:
        return {}
    liens = PointDemande.objects.filter(point__in=pks).select_related(
        "point__rencontre", "demande__instance_gouvernance"
    )
    visibles, actes = etats_visibles(utilisateur), {}
    for lien in liens:
        point, demande = lien.point, lien.demande
        attend = point.etat == EtatPoint.A_TRAITER and point.rencontre.date <= timezone.localdate()
        attend = attend and demande.instance_gouvernance_id == point.rencontre.instance_gouvernance_id
        if attend and peut_porter_en_rencontre(utilisateur, demande):
            url = reverse("demandes:point_decision", args=[point.pk])
            actes[point.pk] = ActePoint("Inscrire la décision", url, est_a_faire=True)
        elif demande.etat in visibles:
            attendues = demande.etat == EtatDemande.PRECISIONS and point.etat == EtatPoint.A_TRAITER
            libelle = "Lire la demande (précisions attendues)" if attendues else "Lire la demande"
            actes[point.pk] = ActePoint(libelle, demande.get_absolute_url(), est_a_faire=False)
    return actes


def argent_de_la_consultation(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Return the request that a consultation to ratify is about, and what its envelope has left once granted (R8)."""
    lien = Deliberation.objects.filter(scrutin=objet.pk).select_related("demande__enveloppe").first()
    if lien is None or not peut_voir_demande(utilisateur, lien.demande):
        return None
    reste = solde_de(lien.demande)
    return {"demande": lien.demande, "restes": [reste] if reste else []}
