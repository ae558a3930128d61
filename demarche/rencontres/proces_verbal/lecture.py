"""What minutes read: the points of a meeting, the meeting before, the ballots and resolutions they must note."""

import datetime
from collections.abc import Iterable

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from demarche.gouvernance.enums import MODES_A_DISTANCE
from demarche.gouvernance.models import InstanceGouvernance, Rencontre, Resolution
from demarche.rencontres.models import PointOrdreDuJour
from demarche.rencontres.queries.rencontres import tenues
from demarche.scrutins.enums import EtatScrutin
from demarche.scrutins.models import Scrutin


def instance_du_jour(rencontre: Rencontre) -> InstanceGouvernance:
    """Return the instance with its name and its rule as they were at the end of the day of the meeting.

    Written after that day (a démarche that enters its past), it is told as it is now.
    """
    fin = timezone.make_aware(datetime.datetime.combine(rencontre.date, datetime.time.max))
    alors = InstanceGouvernance.history.as_of(fin).filter(pk=rencontre.instance_gouvernance_id)
    trouvee: InstanceGouvernance | None = alors.first()
    return trouvee or rencontre.instance_gouvernance


def rencontre_precedente(rencontre: Rencontre) -> Rencontre | None:
    """Return the meeting of the same instance held just before; one announced and never held notes nothing."""
    toutes = tenues(Rencontre.objects.filter(instance_gouvernance=rencontre.instance_gouvernance_id).maintenues())
    meme_jour = [r for r in toutes.filter(date=rencontre.date).exclude(pk=rencontre.pk) if r.debut < rencontre.debut]
    if meme_jour:
        return max(meme_jour, key=lambda r: (r.debut, r.pk))
    avant = toutes.filter(date__lt=rencontre.date).annotate(debut_note=Coalesce("ouverte_a", "heure"))
    return avant.order_by("-date", F("debut_note").desc(nulls_last=True), "-pk").first()


def scrutins_entre(precedente: Rencontre | None, rencontre: Rencontre) -> list[Scrutin]:
    """Return the remote ballots closed since the meeting before, which these minutes must note, the oldest first."""
    clos = Scrutin.objects.filter(
        instance_gouvernance=rencontre.instance_gouvernance_id,
        etat=EtatScrutin.CLOS,
        mode__in=MODES_A_DISTANCE,
        clos_le__lt=rencontre.debut,
    )
    if precedente is not None:
        clos = clos.filter(clos_le__gte=precedente.debut)
    return list(clos.select_related("resolution").order_by("clos_le", "pk"))


def scrutins_hors_points(rencontre: Rencontre, points: Iterable[PointOrdreDuJour]) -> list[Scrutin]:
    """Return the votes held at the meeting that no point carries: a vote without quorum that another one followed."""
    portes = [point.scrutin_id for point in points if point.scrutin_id]
    tenus = rencontre.scrutins.filter(etat=EtatScrutin.CLOS).exclude(pk__in=portes)
    return list(tenus.select_related("resolution").order_by("clos_le", "pk"))


def resolutions_sans_vote(rencontre: Rencontre, points: Iterable[PointOrdreDuJour]) -> list[Resolution]:
    """Return the resolutions of the meeting that no vote and no point carries."""
    portees = [point.resolution_id for point in points if point.resolution_id]
    sans_vote = rencontre.resolutions.filter(scrutin__isnull=True).exclude(pk__in=portees)
    return list(sans_vote.order_by("numero", "pk"))
