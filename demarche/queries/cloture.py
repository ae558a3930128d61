"""What remains before an exercice is closed, and who closed it (R10)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from demarche.champs import ecrire_date
from demarche.enums import EtatProcesVerbal
from demarche.models import Exercice, ProcesVerbal, Rencontre, Scrutin, Utilisateur
from demarche.registre import PointDeCloture

APRES = "; après la clôture, un procès-verbal ne se rédige ni ne se modifie plus, il ne peut qu’être adopté"


def points_de_cloture(exercice: Exercice) -> Iterable[PointDeCloture]:
    """Yield what the app `demarche` looks at: the last day, the years before, the ballots, the minutes."""
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
        url=reverse("demarche:exercice_cloture", args=[avant.pk]) if avant else "",
    )
    ouverts = Scrutin.objects.ouverts().filter(ouvert_le__lt=lendemain(exercice.fin))
    nb = ouverts.count()
    premier = ouverts.order_by("echeance", "pk").values_list("pk", flat=True).first()
    yield PointDeCloture(
        "Tous les scrutins sont clos",
        est_fait=nb == 0,
        est_bloquant=True,
        precision=_compter(nb, "scrutin ouvert", "scrutins ouverts") if nb else "",
        url=reverse("demarche:scrutin_detail", args=[premier]) if premier else "",
    )
    nb = proces_verbaux_en_attente(exercice)
    yield PointDeCloture(
        "Les procès-verbaux sont adoptés",
        est_fait=nb == 0,
        precision=_compter(nb, "rencontre sans procès-verbal adopté", "rencontres sans procès-verbal adopté") + APRES
        if nb
        else "",
        url=f"{reverse('demarche:rencontre_liste')}?exercice={exercice.code}",
    )


def lendemain(jour: datetime.date) -> datetime.datetime:
    """Return the first instant of the next day, here."""
    return timezone.make_aware(datetime.datetime.combine(jour + datetime.timedelta(days=1), datetime.time.min))


def proces_verbaux_en_attente(exercice: Exercice) -> int:
    """Return how many meetings of the exercice decided something, or have minutes, that no meeting adopted yet."""
    rencontres = Rencontre.objects.de_l_exercice(exercice).filter(date__lte=timezone.localdate())
    adoptes = ProcesVerbal.objects.filter(etat=EtatProcesVerbal.ADOPTE).values("rencontre")
    return (
        rencontres.filter(Q(proces_verbal__isnull=False) | Q(scrutins__isnull=False) | Q(resolutions__isnull=False))
        .exclude(pk__in=adoptes)
        .distinct()
        .count()
    )


def _compter(nombre: int, singulier: str, pluriel: str) -> str:
    return f"{nombre} {pluriel if nombre >= 2 else singulier}"


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
