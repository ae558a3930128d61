"""What the agendas of an instance wait for: consultations to ratify, minutes to adopt (R5, R7)."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from demarche.gouvernance.enums import Issue, ModeDecision
from demarche.gouvernance.models import InstanceGouvernance, Rencontre
from demarche.rencontres.enums import EtatPoint, EtatProcesVerbal
from demarche.rencontres.models import PointOrdreDuJour, ProcesVerbal
from demarche.scrutins.enums import EtatScrutin
from demarche.scrutins.models import Scrutin
from demarche.socle.champs import lendemain


def consultations_a_enteriner(instance: InstanceGouvernance) -> "QuerySet[Scrutin]":
    """Return the consultations adopted by an instance that no meeting has answered yet, the oldest first (R5)."""
    reponse = PointOrdreDuJour.objects.filter(
        consultation=OuterRef("pk"), scrutin__issue__in=[Issue.ADOPTEE, Issue.REJETEE]
    )
    return Scrutin.objects.filter(
        ~Exists(reponse),
        instance_gouvernance=instance,
        mode=ModeDecision.CONSULTATION,
        etat=EtatScrutin.CLOS,
        issue=Issue.ADOPTEE,
    ).order_by("clos_le", "pk")


def consultations_que_peut_enteriner(rencontre: Rencontre) -> "QuerySet[Scrutin]":
    """Return, of these, those that closed by the day of the meeting: one held before knew nothing of them."""
    return consultations_a_enteriner(rencontre.instance_gouvernance).filter(clos_le__lt=lendemain(rencontre.date))


def consultations_a_inscrire(rencontre: Rencontre) -> "QuerySet[Scrutin]":
    """Return, of these, those that this agenda, or that of a meeting to come, does not hold yet."""
    inscrite = PointOrdreDuJour.objects.filter(
        Q(rencontre=rencontre) | Q(rencontre__date__gte=timezone.localdate()),
        rencontre__annulee_le=None,
        consultation=OuterRef("pk"),
        etat=EtatPoint.A_TRAITER,
    )
    return consultations_que_peut_enteriner(rencontre).exclude(Exists(inscrite))


@dataclass(frozen=True)
class SuiteConsultation:
    """Where an adopted consultation will be ratified: the point that waits, else the next meeting, if announced."""

    point: PointOrdreDuJour | None
    rencontre: Rencontre | None


def suite_de_la_consultation(scrutin: Scrutin) -> SuiteConsultation | None:
    """Return the next step of a consultation still to be ratified; None once nothing is to be done."""
    instance = scrutin.instance_gouvernance
    if not scrutin.a_enteriner or not consultations_a_enteriner(instance).filter(pk=scrutin.pk).exists():
        return None
    points = PointOrdreDuJour.objects.filter(
        consultation=scrutin, etat=EtatPoint.A_TRAITER, rencontre__annulee_le=None
    )
    rencontres = Rencontre.objects.filter(instance_gouvernance=instance).maintenues().a_venir(timezone.localdate())
    return SuiteConsultation(points.select_related("rencontre").order_by("rencontre__date").last(), rencontres.first())


def proces_verbaux_a_adopter(rencontre: Rencontre) -> "QuerySet[ProcesVerbal]":
    """Return the minutes of earlier meetings of the same instance that are not adopted yet, the oldest first."""
    return (
        ProcesVerbal.objects.filter(
            etat=EtatProcesVerbal.PROJET,
            rencontre__instance_gouvernance=rencontre.instance_gouvernance_id,
            rencontre__date__lte=rencontre.date,
        )
        .exclude(rencontre=rencontre)
        .exclude(rencontre__date=rencontre.date, rencontre__heure__gt=rencontre.heure or datetime.time.max)
        .select_related("rencontre")
        .order_by("rencontre__date", "pk")
    )
