"""Where a fund request waits on an agenda, and what its point says once it no longer waits."""

import datetime
from collections.abc import Collection, Iterable

from django.utils import timezone

from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.models import DemandeFonds, PointDemande, PrecisionDemande
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import InstanceGouvernance, Rencontre
from demarche.rencontres.enums import EtatPoint
from demarche.rencontres.models import PointOrdreDuJour
from demarche.rencontres.queries.rencontres import ce_qui_fige, proces_verbal_de
from demarche.rencontres.services.points import traiter_sans_vote
from demarche.scrutins.enums import EtatScrutin
from demarche.scrutins.models import Scrutin
from demarche.scrutins.queries import scrutin_de


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


def date_promise(demande: DemandeFonds) -> datetime.date | None:
    """Return by when the person who asks can expect the next step of one request; as `dates_promises` says."""
    return dates_promises([demande]).get(demande.pk)


def dates_promises(demandes: Iterable[DemandeFonds]) -> dict[int, datetime.date]:
    """Return by when the next step of each of these requests can be expected, where a day is promised.

    A ballot open: its deadline. A question asked: the day its answer is expected. On an agenda: the day of its
    meeting. Else the instance's own delay after the submission; for the assemblée, its next meeting, when planned.
    Cost:   at most four queries, whatever the requests.
    """
    demandes = list(demandes)
    dates: dict[int, datetime.date | None] = {}
    if deliberees := [demande for demande in demandes if demande.etat == EtatDemande.EN_DELIBERATION]:
        ouverts = Scrutin.objects.filter(deliberation__demande__in=deliberees, etat=EtatScrutin.OUVERT)
        for pk, echeance in ouverts.values_list("deliberation__demande", "echeance"):
            dates[pk] = timezone.localdate(echeance) if echeance else None
    if interrogees := [demande for demande in demandes if demande.etat == EtatDemande.PRECISIONS]:
        questions = PrecisionDemande.objects.filter(demande__in=interrogees, repondue_le__isnull=True)
        dates |= dict(questions.values_list("demande", "avant_le"))
    if soumises := [demande for demande in demandes if demande.etat == EtatDemande.SOUMISE]:
        dates |= _dates_des_soumises(soumises)
    return {pk: date for pk, date in dates.items() if date is not None}


def date_si_soumise(decision: str) -> datetime.date | None:
    """Return what the active instance of this kind promises of a request sent today; None when nothing is planned."""
    if decision == GenreInstance.ASSEMBLEE:
        return _prochaine_assemblee()
    instance = InstanceGouvernance.objects.filter(genre=decision, est_active=True).first()
    if instance is None:
        return None
    return timezone.localdate() + datetime.timedelta(days=instance.delai_jours)


def _prochaine_assemblee() -> datetime.date | None:
    rencontres = Rencontre.objects.filter(instance_gouvernance__genre=GenreInstance.ASSEMBLEE)
    prochaine = rencontres.maintenues().a_venir(timezone.localdate()).first()
    return prochaine.date if prochaine else None


def _dates_des_soumises(soumises: Collection[DemandeFonds]) -> dict[int, datetime.date | None]:
    jour, points = timezone.localdate(), points_en_attente(soumises)
    dates: dict[int, datetime.date | None] = {}
    a_l_assemblee = []
    for demande in soumises:
        instance, point = demande.instance_gouvernance, points.get(demande.pk)
        if point is not None and point.rencontre.date >= jour:
            dates[demande.pk] = point.rencontre.date
        elif instance is not None and instance.genre == GenreInstance.ASSEMBLEE:
            a_l_assemblee.append(demande.pk)
        elif instance is not None and demande.soumise_le is not None:
            delai = datetime.timedelta(days=instance.delai_jours)
            dates[demande.pk] = timezone.localdate(demande.soumise_le) + delai
    if a_l_assemblee:
        dates |= dict.fromkeys(a_l_assemblee, _prochaine_assemblee())
    return dates


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
        comment = "par scrutin" if scrutin_de(resolution) else "par la coordination"
    return f"La demande est décidée {comment}, résolution {resolution.code}."
