"""The chained register of decisions: append a line, give its head (R7)."""

import datetime
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from demarche.registre.enums import GenreEvenement
from demarche.registre.models import EvenementRegistre, SelRegistre, TeteRegistre, canonique


@dataclass(frozen=True)
class Faits:
    """Values that a room above adds to a line: some in clear, others as a commitment of their own."""

    corps: dict[str, Any] = field(default_factory=dict)
    secret: dict[str, Any] | None = None


def tenir_registre() -> TeteRegistre:
    """Lock the head of the register and return it.

    The first lock of every verb that decides or pays, before any other: with a single first lock, two
    decisions never wait for each other. The caller is in a transaction.
    """
    TeteRegistre.objects.get_or_create(pk=1)
    return TeteRegistre.objects.select_for_update().get(pk=1)


def tete_du_registre() -> TeteRegistre:
    """Return the last line's number and hash, without lock."""
    return TeteRegistre.objects.filter(pk=1).first() or TeteRegistre(pk=1)


def ecrire_instant(instant: datetime.datetime | None) -> str | None:
    """Return an instant as a line writes it."""
    return instant.astimezone(datetime.UTC).isoformat() if instant else None


def engager(sel: str, secret: dict[str, Any]) -> str:
    """Return the commitment to these values under that salt."""
    return sha256((sel + canonique(secret)).encode()).hexdigest()


@transaction.atomic
def inscrire_evenement(
    genre: GenreEvenement,
    objet: str,
    *,
    corps: dict[str, Any],
    secret: dict[str, Any] | None = None,
    faits: Faits | None = None,
) -> EvenementRegistre:
    """Append one line to the register, in the transaction of the event.

    Shape:  `corps` holds JSON values, amounts as text (« 30000.00 »), never a name; what names somebody, or must stay
            hidden, goes in `secret`, of which the line keeps only a salted commitment. Those of `faits`, which the
            caller's own checks cannot read, are committed to under the same salt, in the content.
    """
    tete = tenir_registre()
    sel = secrets.token_hex(16) if secret is not None else ""
    if faits is not None:
        corps = {**corps, **faits.corps}
        if faits.secret is not None:
            corps["faits"] = engager(sel, faits.secret)
    ligne = EvenementRegistre(
        numero=tete.numero + 1,
        genre=genre,
        objet=objet,
        corps=canonique(corps),
        engagement=engager(sel, secret) if secret is not None else "",
        inscrit_le=timezone.now(),
        precedente=tete.empreinte,
    )
    ligne.empreinte = ligne.calculer_empreinte()
    ligne.save(force_insert=True)
    if sel:
        SelRegistre.objects.create(evenement=ligne, sel=sel)
    tete.numero, tete.empreinte = ligne.numero, ligne.empreinte
    tete.save()
    return ligne
