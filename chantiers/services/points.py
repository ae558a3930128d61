"""A fund request on the agenda of the instance that decides."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from chantiers.models import DemandeFonds, PointDemande
from demarche.enums import EtatPoint, GenreInstance, GenrePoint
from demarche.erreurs import ErreurMetier
from demarche.models import PointOrdreDuJour, Rencontre, Utilisateur
from demarche.services.points import ajouter_point

from .decisions import exiger_attente
from .demandes import verrouiller_demande


@transaction.atomic
def mettre_a_l_ordre_du_jour(demande_pk: int, *, rencontre: Rencontre, auteur: Utilisateur) -> PointOrdreDuJour:
    """Put a request that waits on the agenda of a meeting, and return its point; idempotent for that meeting.

    Errors: ErreurMetier when the coordination decides alone, the meeting is of another instance or before the request,
            or the request is already on another agenda: that point is carried over.
    """
    demande = verrouiller_demande(demande_pk)
    instance = exiger_attente(demande)
    if instance.genre == GenreInstance.COORDINATION:
        raise ErreurMetier("Sous le premier seuil, la coordination décide seule : aucune rencontre n’est nécessaire.")
    if rencontre.instance_gouvernance_id != instance.pk:
        raise ErreurMetier({"rencontre": f"Choisissez une rencontre de l’instance « {instance} »."})
    if demande.soumise_le is not None and rencontre.date < timezone.localdate(demande.soumise_le):
        raise ErreurMetier({"rencontre": "Cette rencontre a eu lieu avant le dépôt de la demande."})
    autre = point_en_attente(demande)
    if autre is not None and autre.rencontre_id == rencontre.pk:
        return autre
    if autre is not None:
        raise ErreurMetier(f"La demande est déjà à l’ordre du jour de « {autre.rencontre} » : reportez ce point.")
    champs = {"genre": GenrePoint.DEMANDE, "titre": demande.titre, "est_public": False}
    point = ajouter_point(rencontre, champs=champs, auteur=auteur)
    PointDemande.objects.create(point=point, demande=demande)
    return point


def point_en_attente(demande: DemandeFonds) -> PointOrdreDuJour | None:
    """Return the point of an agenda where the request still waits; one in a meeting now frozen no longer counts."""
    return points_en_attente([demande]).get(demande.pk)


def points_en_attente(demandes: Iterable[DemandeFonds]) -> dict[int, PointOrdreDuJour]:
    """Return the point of an agenda where each of these requests still waits.

    Shape:  mapping DemandeFonds.pk -> its latest point; only the requests that are on an agenda.
    Cost:   one query.
    """
    attendus = (
        PointDemande.objects.filter(demande__in=[demande.pk for demande in demandes], point__etat=EtatPoint.A_TRAITER)
        .exclude(point__rencontre__proces_verbal__etat="adopte")
        .select_related("point__rencontre__instance_gouvernance")
        .order_by("point__rencontre__date", "pk")
    )
    return {attendu.demande_id: attendu.point for attendu in attendus}


def suivre_report(ancien: PointOrdreDuJour, nouveau: PointOrdreDuJour) -> None:
    """Make the request of a point carried over follow to the new one; the old point keeps saying what it was about."""
    suivie = PointDemande.objects.filter(point=ancien).first()
    if suivie is not None:
        PointDemande.objects.create(point=nouveau, demande_id=suivie.demande_id)
