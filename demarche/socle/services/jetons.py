"""A double click makes one record: each creation form carries a token that is received once."""

import uuid
from collections.abc import Callable

from django import forms
from django.db import IntegrityError, transaction

from demarche.socle.models import JetonFormulaire


def nouveau_jeton() -> str:
    """Return a token for a creation form about to be shown."""
    return str(uuid.uuid4())


class JetonField(forms.UUIDField):
    """Hidden field of a creation form; its initial value is a fresh token."""

    widget = forms.HiddenInput
    default_error_messages = {"invalid": "Rechargez la page, puis recommencez.", "required": "Rechargez la page."}

    def __init__(self) -> None:
        super().__init__(initial=nouveau_jeton)


def une_seule_fois(jeton: uuid.UUID, creer: Callable[[], str]) -> str:
    """Run `creer` once for this token and return the address of what it made.

    A second reception of the same form, even at the same instant in another process, returns the first address.
    Errors: whatever `creer` raises; the token is then free again.
    """
    try:
        with transaction.atomic():
            recu = JetonFormulaire.objects.create(jeton=jeton, adresse="")
            recu.adresse = creer()
            recu.save(update_fields=["adresse"])
            return recu.adresse
    except IntegrityError:
        deja = JetonFormulaire.objects.filter(jeton=jeton).first()
        if deja is None:  # the conflict was about something else
            raise
        return deja.adresse


def adresse_deja_recue(jeton: str | None) -> str | None:
    """Return where the first reception of a form led, None for a form not received yet.

    Asked before validation by the forms that the first reception itself makes invalid (a name now taken).
    """
    try:
        recu = JetonFormulaire.objects.filter(jeton=uuid.UUID(jeton or "")).first()
    except ValueError:
        return None
    return recu.adresse if recu else None
