"""Where a fund request waits on an agenda, and what its point says once it no longer waits."""

from collections.abc import Iterable

from chantiers.enums import EtatDemande
from chantiers.models import DemandeFonds, PointDemande
from demarche.enums import EtatPoint
from demarche.models import PointOrdreDuJour, Utilisateur
from demarche.queries.rencontres import ce_qui_fige, proces_verbal_de
from demarche.services.points import traiter_sans_vote


def point_en_attente(demande: DemandeFonds, *, sauf: PointOrdreDuJour | None = None) -> PointOrdreDuJour | None:
    """Return the point of an agenda where the request still waits; one now frozen or cancelled no longer counts."""
    return points_en_attente([demande], sauf=sauf).get(demande.pk)


def points_en_attente(
    demandes: Iterable[DemandeFonds], *, sauf: PointOrdreDuJour | None = None
) -> dict[int, PointOrdreDuJour]:
    """Return the point of an agenda, the point `sauf` left out, where each of these requests still waits.

    Shape:  mapping DemandeFonds.pk -> its latest point; only the requests that are on an agenda.
    Cost:   one query.
    """
    attendus = (
        PointDemande.objects.filter(demande__in=[demande.pk for demande in demandes], point__etat=EtatPoint.A_TRAITER)
        .filter(point__rencontre__annulee_le=None)
        .exclude(point=sauf)
        .exclude(point__rencontre__proces_verbal__etat="adopte")
        .select_related("point__rencontre__instance_gouvernance")
        .order_by("point__rencontre__date", "pk")
    )
    return {attendu.demande_id: attendu.point for attendu in attendus}


def liberer_l_ordre_du_jour(demande: DemandeFonds, *, auteur: Utilisateur | None) -> None:
    """Say, on the point where a request just concluded was waiting, what came of it elsewhere.

    The meeting that decides writes the vote on its own point. A meeting that no longer changes keeps its point.
    """
    point = point_en_attente(demande)
    if point is None or demande.resolution is not None and demande.resolution.rencontre_id == point.rencontre_id:
        return
    if not ce_qui_fige(point.rencontre, proces_verbal_de(point.rencontre)):
        traiter_sans_vote(point, phrase=_ce_qui_est_advenu(demande), auteur=auteur)


def _ce_qui_est_advenu(demande: DemandeFonds) -> str:
    resolution = demande.resolution
    if resolution is None:
        sorties = {EtatDemande.RETIREE: "La demande est retirée.", EtatDemande.EXPIREE: "La demande est expirée."}
        return sorties[EtatDemande(demande.etat)]
    if resolution.rencontre is not None:
        comment = f"à la rencontre « {resolution.rencontre} »"
    else:
        comment = "par scrutin" if resolution.scrutin_id else "par la coordination"
    return f"La demande est décidée {comment}, résolution {resolution.code}."
