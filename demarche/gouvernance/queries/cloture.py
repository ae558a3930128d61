"""What remains before an exercice is closed, and who closed it (R10)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.protocoles import PointDeCloture
from demarche.socle.francais import ecrire_date


def points_de_cloture(exercice: Exercice) -> Iterable[PointDeCloture]:
    """Yield the last day and the years before."""
    yield PointDeCloture(
        "L’exercice est terminé",
        est_fait=exercice.est_termine,
        est_bloquant=True,
        precision=f"son dernier jour est le {ecrire_date(exercice.fin)}",
    )
    avant = Exercice.objects.filter(debut__lt=exercice.debut, est_clos=False).order_by("debut").first()
    yield PointDeCloture(
        "Les exercices précédents sont clos",
        est_fait=avant is None,
        est_bloquant=True,
        precision=f"{avant} est encore ouvert, et ce qui est de côté part de son résultat" if avant else "",
        url=reverse("gouvernance:exercice_cloture", args=[avant.pk]) if avant else "",
    )


@dataclass(frozen=True)
class DerniereCloture:
    """Who closed an exercice, or opened it again, and when."""

    quand: datetime.datetime
    qui: Utilisateur | None


def derniere_cloture(exercice: Exercice) -> DerniereCloture | None:
    """Return when and by whom this closed exercice was closed; None when it is open."""
    if not exercice.est_clos:
        return None
    trace = exercice.history.filter(est_clos=True).select_related("history_user").order_by("-history_date", "-pk")
    derniere = trace.filter(clos_le=exercice.clos_le).last() or trace.first()
    return DerniereCloture(exercice.clos_le or derniere.history_date, derniere.history_user)
