"""E-mail: written to the outbox in the transaction, sent after it; nothing lost, nothing twice."""

import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import task

from demarche.socle.enums import EtatCourriel
from demarche.socle.models import Courriel


def deposer_courriel(*, destinataire: str, sujet: str, gabarit: str, contexte: dict[str, Any]) -> Courriel:
    """Write one e-mail to the outbox and have it sent when the transaction commits.

    The template is plain text, autoescape off inside it; the function named by the setting COURRIELS_CONTEXTE gives
    what every e-mail knows.
    Errors: none for the caller; a failed sending stays in the outbox, `envoyer_courriels` tries again.
    """
    complet = {**import_string(settings.COURRIELS_CONTEXTE)(), "adresse": settings.ADRESSE_PUBLIQUE, **contexte}
    return deposer_message(destinataire=destinataire, sujet=sujet, texte=render_to_string(gabarit, complet))


def deposer_message(*, destinataire: str, sujet: str, texte: str) -> Courriel:
    """Write one e-mail already composed to the outbox and have it sent when the transaction commits."""
    courriel = Courriel.objects.create(
        destinataire=destinataire, sujet=" ".join(sujet.split())[:200], texte=texte.strip() + "\n"
    )
    transaction.on_commit(lambda: expedier.enqueue(courriel.pk))
    return courriel


def envoyer_un_courriel(pk: int) -> bool:
    """Send one e-mail of the outbox if it still waits, and return whether it left."""
    with transaction.atomic():
        courriel = (
            Courriel.objects.select_for_update(of=("self",)).exclude(etat=EtatCourriel.ENVOYE).filter(pk=pk).first()
        )
        if courriel is None:
            return False
        try:
            EmailMessage(courriel.sujet, courriel.texte, to=[courriel.destinataire]).send()
        except Exception as erreur:  # whatever the mail server did, the row keeps it for the next try
            courriel.etat, courriel.erreur = EtatCourriel.EN_ECHEC, repr(erreur)
        else:
            courriel.etat, courriel.envoye_le, courriel.erreur = EtatCourriel.ENVOYE, timezone.now(), ""
        courriel.save()
        return courriel.etat == EtatCourriel.ENVOYE


@task()  # type: ignore[untyped-decorator]
def expedier(pk: int) -> bool:
    """Task: send one e-mail of the outbox."""
    return envoyer_un_courriel(pk)


def renvoyer_courriels(*, age_maximal: datetime.timedelta) -> tuple[int, int, int]:
    """Try again each e-mail that waits or failed, the oldest first, and return (sent, failed, too old to be sent).

    A message older than `age_maximal` stays in the outbox, unsent: an old notice would mislead.
    """
    restants = Courriel.objects.exclude(etat=EtatCourriel.ENVOYE).order_by("cree_le", "pk")
    limite = timezone.now() - age_maximal
    a_envoyer = list(restants.filter(cree_le__gte=limite).values_list("pk", flat=True))
    partis = sum(envoyer_un_courriel(pk) for pk in a_envoyer)
    return partis, len(a_envoyer) - partis, restants.filter(cree_le__lt=limite).count()
