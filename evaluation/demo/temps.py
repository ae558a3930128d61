"""Replay at its own instant a verb that happened in the past."""

import datetime
import heapq
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.utils import timezone

from evaluation.demo.ecriture import Demo


def instant(jour: datetime.date, heure: int = 10, minute: int = 0) -> datetime.datetime:
    """Return that local hour of that day, aware."""
    return timezone.make_aware(datetime.datetime.combine(jour, datetime.time(heure, minute)))


def il_y_a(demo: Demo, jours: int, heure: int = 10) -> datetime.datetime:
    """Return that local hour so many days before the demo's day, never before its current exercice."""
    jour = demo.jour - datetime.timedelta(days=jours)
    return instant(jour, heure) if jour >= demo.courant.debut else instant(demo.courant.debut, 0, 1)


def jour_il_y_a(demo: Demo, jours: int) -> datetime.date:
    """Return the day so many days before the demo's, never before its current exercice."""
    debut: datetime.date = demo.courant.debut
    return max(demo.jour - datetime.timedelta(days=jours), debut)


@contextmanager
def a_l_instant(moment: datetime.datetime) -> Iterator[None]:
    """Make Django's clock show `moment`, so that a service dates what it writes as it was then.

    Only for the sample démarche: a real service never chooses its own instant.
    """

    class Horloge(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:  # type: ignore[override]
            return moment.astimezone(tz)

    with mock.patch.object(timezone, "datetime", Horloge):
        yield


# What somebody does over time: yields the instant of the next step, then does it at that instant.
Histoire = Iterator[datetime.datetime]


def jouer(*histoires: Histoire) -> None:
    """Play these stories together, every step at its instant, in the order of time, as a register keeps it."""
    file: list[tuple[datetime.datetime, int, Histoire]] = []
    for rang, histoire in enumerate(histoires):
        _attendre(file, rang, histoire)
    while file:
        moment, rang, histoire = heapq.heappop(file)
        with a_l_instant(moment):
            _attendre(file, rang, histoire)


def _attendre(file: list[tuple[datetime.datetime, int, Histoire]], rang: int, histoire: Histoire) -> None:
    """Let one story go on up to its next instant, and queue it there; a story that ends leaves."""
    moment = next(histoire, None)
    if moment is not None:
        heapq.heappush(file, (moment, rang, histoire))
