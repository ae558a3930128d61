"""Replay at its own instant a verb that happened in the past."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.utils import timezone


def instant(jour: datetime.date, heure: int = 10, minute: int = 0) -> datetime.datetime:
    """Return that local hour of that day, aware."""
    return timezone.make_aware(datetime.datetime.combine(jour, datetime.time(heure, minute)))


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
