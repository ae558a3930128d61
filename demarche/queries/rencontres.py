"""Meetings as their page shows them: the agenda with what came of each point, and the one next step."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from demarche.enums import EtatPoint
from demarche.models import PointOrdreDuJour, ProcesVerbal, Rencontre


def points_de(rencontre: Rencontre) -> "QuerySet[PointOrdreDuJour]":
    """Return the agenda in order, each point with its vote, its resolution and where it was carried, in one query."""
    return rencontre.points.select_related(
        "scrutin",
        "resolution",
        "consultation",
        "corrige",
        "proces_verbal__rencontre",
        "reporte_de__rencontre",
        "reporte_a__rencontre",
    ).order_by("ordre", "pk")


def destinations_de_report(point: PointOrdreDuJour) -> "QuerySet[Rencontre]":
    """Return the meetings of the instance to which a point may be carried over, the nearest first."""
    depuis = max(point.rencontre.date, timezone.localdate())
    return (
        Rencontre.objects.filter(instance_gouvernance=point.rencontre.instance_gouvernance_id, date__gte=depuis)
        .exclude(pk=point.rencontre_id)
        .exclude(proces_verbal__etat="adopte")
        .order_by("date", "heure", "pk")
    )


def proces_verbal_de(rencontre: Rencontre) -> ProcesVerbal | None:
    """Return the minutes of a meeting, None before they are drafted."""
    return ProcesVerbal.objects.filter(rencontre=rencontre).select_related("document", "adopte_a").first()


@dataclass(frozen=True)
class Etape:
    """The one next thing to do for a meeting; `est_verbe` when the address takes a POST."""

    titre: str
    texte: str
    libelle: str
    url: str
    est_verbe: bool = False


def prochaine_etape(
    rencontre: Rencontre, points: Sequence[PointOrdreDuJour], *, presences_a_noter: bool
) -> Etape | None:
    """Return what the team does next: write, convene, note who is there, deal with each point, adjourn."""
    jour = timezone.localdate()
    if not points:
        return Etape(
            "Écrivez l’ordre du jour",
            "La convocation le contient.",
            "Ajouter un point",
            reverse("demarche:point_nouveau", args=[rencontre.pk]),
        )
    if rencontre.date > jour or rencontre.date == jour and rencontre.ouverte_a is None:
        return _avant(rencontre, est_aujourdhui=rencontre.date == jour)
    if presences_a_noter:
        return Etape(
            "Notez les présences",
            "Le quorum se calcule tout seul.",
            "Noter les présences",
            reverse("demarche:rencontre_presences", args=[rencontre.pk]),
        )
    return _pendant(rencontre, points)


def _pendant(rencontre: Rencontre, points: Sequence[PointOrdreDuJour]) -> Etape | None:
    a_traiter = [(rang, p) for rang, p in enumerate(points, start=1) if p.etat == EtatPoint.A_TRAITER]
    if a_traiter:
        rang, point = a_traiter[0]
        reste = "C’est le dernier point." if len(a_traiter) == 1 else f"Il reste {len(a_traiter)} points à traiter."
        return Etape(f"Point {rang} : {point.titre}", reste, "Traiter ce point", f"#point-{point.pk}")
    if rencontre.levee_a is None and rencontre.date == timezone.localdate():
        return Etape(
            "Tout est traité",
            "L’heure de la levée va au procès-verbal.",
            "Lever la rencontre",
            reverse("demarche:rencontre_lever", args=[rencontre.pk]),
            est_verbe=True,
        )
    return None


def _avant(rencontre: Rencontre, *, est_aujourdhui: bool) -> Etape | None:
    if est_aujourdhui:
        return Etape(
            "C’est aujourd’hui",
            "L’heure de l’ouverture va au procès-verbal.",
            "Ouvrir la rencontre",
            reverse("demarche:rencontre_ouvrir", args=[rencontre.pk]),
            est_verbe=True,
        )
    if rencontre.convoquee_le is None:
        return Etape(
            "L’ordre du jour est prêt",
            "Chaque personne convoquée reçoit la date, le lieu et les points.",
            "Convoquer",
            reverse("demarche:rencontre_convoquer", args=[rencontre.pk]),
        )
    return None
