"""Meetings as their page shows them: the agenda with what came of each point, and the one next step."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Exercice, Rencontre
from demarche.gouvernance.models.rencontres import RencontreQuerySet
from demarche.gouvernance.queries.gouvernance import mandats_du_jour
from demarche.rencontres.enums import EtatPoint, GenrePoint
from demarche.rencontres.models import PointOrdreDuJour, ProcesVerbal
from demarche.socle.francais import ecrire_date


def points_de(rencontre: Rencontre) -> "QuerySet[PointOrdreDuJour]":
    """Return the agenda in order, each point with its vote, its resolution and where it was carried, in one query."""
    decidee = ("scrutin__resolution", "resolution", "consultation", "corrige")
    ailleurs = ("proces_verbal__rencontre", "reporte_de__rencontre", "reporte_a__rencontre")
    return rencontre.points.select_related(*decidee, *ailleurs).order_by("ordre", "pk")


def destinations_de_report(point: PointOrdreDuJour) -> "QuerySet[Rencontre]":
    """Return the meetings of the instance to which a point may be carried over, the nearest first."""
    depuis = max(point.rencontre.date, timezone.localdate())
    memes = Rencontre.objects.filter(instance_gouvernance=point.rencontre.instance_gouvernance_id).maintenues()
    return memes.a_venir(depuis).exclude(pk=point.rencontre_id).exclude(proces_verbal__etat="adopte")


def proces_verbal_de(rencontre: Rencontre) -> ProcesVerbal | None:
    """Return the minutes of a meeting, None before they are drafted."""
    return ProcesVerbal.objects.filter(rencontre=rencontre).select_related("document", "adopte_a").first()


def ce_qui_fige(rencontre: Rencontre, proces_verbal: ProcesVerbal | None) -> str:
    """Return why nothing more is written on a meeting, in a French sentence; empty while it may change."""
    if rencontre.annulee_le is not None:
        le = ecrire_date(timezone.localdate(rencontre.annulee_le))
        return f"Rencontre annulée le {le}\u00a0: {rencontre.motif_annulation}"
    if proces_verbal is not None and proces_verbal.est_adopte:
        return "Son procès-verbal est adopté\u00a0: cette rencontre ne change plus."
    clos = Exercice.objects.contenant(rencontre.date).filter(est_clos=True).first()
    return f"L’exercice {clos} est clos\u00a0: cette rencontre ne change plus." if clos else ""


DECIDES_PAR_VOTE = frozenset(GenrePoint) - {GenrePoint.LIBRE}


@dataclass(frozen=True)
class Etape:
    """The one next thing to do for a meeting; `est_verbe` when the address takes a POST."""

    titre: str
    texte: str
    libelle: str
    url: str
    est_verbe: bool = False


@dataclass(frozen=True)
class FaitsEtape:
    """What the next step depends on, with the meeting and its points."""

    peut_voter: bool  # may record votes
    peut_convoquer: bool  # at least one person has an e-mail
    convocation_perimee: bool
    est_redigee: bool


def prochaine_etape(
    rencontre: Rencontre, points: Sequence[PointOrdreDuJour], *, presences_a_noter: bool, faits: FaitsEtape
) -> Etape | None:
    """Return what this person does next: write, convene, note who is there, deal with each point, adjourn, draft."""
    jour = timezone.localdate()
    if not points:
        return Etape(
            "Écrivez l’ordre du jour",
            "La convocation le contient.",
            "Ajouter un point",
            reverse("rencontres:point_creer", args=[rencontre.pk]),
        )
    if rencontre.date > jour or rencontre.date == jour and rencontre.ouverte_a is None:
        return _avant(rencontre, faits, est_aujourdhui=rencontre.date == jour)
    if presences_a_noter:
        return Etape(
            "Notez les présences",
            "Le quorum se calcule tout seul.",
            "Noter les présences",
            reverse("rencontres:rencontre_presences", args=[rencontre.pk]),
        )
    return _pendant(rencontre, points, faits)


def _pendant(rencontre: Rencontre, points: Sequence[PointOrdreDuJour], faits: FaitsEtape) -> Etape | None:
    a_traiter = [(rang, p) for rang, p in enumerate(points, start=1) if p.etat == EtatPoint.A_TRAITER]
    siens = [(rang, p) for rang, p in a_traiter if faits.peut_voter or p.genre not in DECIDES_PAR_VOTE]
    if siens:
        rang, point = siens[0]
        reste = "C’est le dernier point." if len(a_traiter) == 1 else f"Il reste {len(a_traiter)} points à traiter."
        return Etape(f"Point {rang} : {point.titre}", reste, "Traiter ce point", f"#point-{point.pk}")
    if a_traiter:
        return None  # only votes are left, that the coordination records
    if rencontre.levee_a is None and rencontre.date == timezone.localdate():
        return Etape(
            "Tout est traité",
            "L’heure de la levée va au procès-verbal.",
            "Lever la rencontre",
            reverse("rencontres:rencontre_lever", args=[rencontre.pk]),
            est_verbe=True,
        )
    if not faits.est_redigee:
        return Etape(
            "Rédigez le procès-verbal",
            "Les présences, les votes et les résolutions y sont déjà.",
            "Rédiger le procès-verbal",
            reverse("rencontres:proces_verbal_rediger", args=[rencontre.pk]),
            est_verbe=True,
        )
    return None


def _avant(rencontre: Rencontre, faits: FaitsEtape, *, est_aujourdhui: bool) -> Etape | None:
    if est_aujourdhui:
        return Etape(
            "C’est aujourd’hui",
            "L’heure de l’ouverture va au procès-verbal.",
            "Ouvrir la rencontre",
            reverse("rencontres:rencontre_ouvrir", args=[rencontre.pk]),
            est_verbe=True,
        )
    if faits.convocation_perimee:
        return Etape(
            "La convocation n’est plus à jour",
            "La date, le lieu ou l’ordre du jour ont changé depuis l’envoi.",
            "Envoyer de nouveau",
            reverse("rencontres:rencontre_convoquer", args=[rencontre.pk]),
        )
    if rencontre.convoquee_le is None and faits.peut_convoquer:
        return Etape(
            "L’ordre du jour est prêt",
            "Chaque personne convoquée reçoit la date, le lieu et les points.",
            "Convoquer",
            reverse("rencontres:rencontre_convoquer", args=[rencontre.pk]),
        )
    return None


def tenues(rencontres: RencontreQuerySet) -> RencontreQuerySet:
    """Keep the meetings that left a trace of having been held: an opening, minutes, a vote or a resolution."""
    traces = ("ouverte_a", "proces_verbal", "scrutins", "resolutions")
    laissees = [Q((f"{trace}__isnull", False)) for trace in traces]
    return rencontres.filter(Q(*laissees, _connector=Q.OR)).distinct()


def accessibles_a(rencontres: RencontreQuerySet, utilisateur: Utilisateur) -> RencontreQuerySet:
    """Keep the public meetings and those of the instances where this person sits today."""
    instances = [mandat.siege.instance_gouvernance_id for mandat in mandats_du_jour(utilisateur)]
    return rencontres.filter(Q(est_publique=True) | Q(instance_gouvernance__in=instances))


def points_publics(rencontre: Rencontre) -> list[PointOrdreDuJour]:
    """Return what the public agenda shows; one query, none when `points` are prefetched."""
    return [point for point in rencontre.points.all() if point.est_public]
