"""The outbox: with the transaction, never twice, never lost."""

import datetime

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from demarche.socle.enums import EtatCourriel
from demarche.socle.models import Courriel
from demarche.socle.services.courriels import deposer_message, envoyer_un_courriel, renvoyer_courriels
from tests.factories.demarche import CourrielFactory


def deposer(**valeurs):
    return deposer_message(**{"destinataire": "a@exemple.test", "sujet": "Bonjour", "texte": "Texte", **valeurs})


@pytest.mark.usefixtures("transactional_db")
def test_message_leaves_after_the_transaction():
    with transaction.atomic():
        courriel = deposer()
        assert mail.outbox == []
    courriel.refresh_from_db()
    assert (courriel.etat, courriel.envoye_le) == (EtatCourriel.ENVOYE, timezone.now())
    assert [message.to for message in mail.outbox] == [["a@exemple.test"]]


@pytest.mark.usefixtures("transactional_db")
def test_rollback_leaves_no_message():
    with transaction.atomic():
        deposer()
        transaction.set_rollback(True)
    assert (Courriel.objects.count(), mail.outbox) == (0, [])


@pytest.mark.django_db
def test_message_is_not_sent_twice():
    courriel = CourrielFactory()
    assert envoyer_un_courriel(courriel.pk)
    assert not envoyer_un_courriel(courriel.pk)
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_failure_is_kept_then_sent(settings):
    courriel = CourrielFactory()
    settings.EMAIL_BACKEND = "tests.socle.test_services_courriels.EnPanne"
    assert not envoyer_un_courriel(courriel.pk)
    courriel.refresh_from_db()
    assert courriel.etat == EtatCourriel.EN_ECHEC
    assert "panne" in courriel.erreur
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert renvoyer_courriels(age_maximal=datetime.timedelta(hours=72)) == (1, 0, 0)
    courriel.refresh_from_db()
    assert (courriel.etat, courriel.erreur) == (EtatCourriel.ENVOYE, "")


class EnPanne:
    """A mail server that refuses everything."""

    def __init__(self, **options):
        pass

    def send_messages(self, messages):
        raise OSError("panne")


@pytest.mark.django_db
def test_one_failure_does_not_stop_the_others():
    CourrielFactory(sujet="deux\nlignes")  # a header that the mail library refuses
    CourrielFactory()
    assert renvoyer_courriels(age_maximal=datetime.timedelta(hours=72)) == (1, 1, 0)


@pytest.mark.django_db
def test_old_message_is_not_sent_any_more(capsys):
    age = datetime.timedelta(hours=72)
    CourrielFactory(cree_le=timezone.now() - age)
    CourrielFactory(cree_le=timezone.now() - age - datetime.timedelta(seconds=1))
    CourrielFactory(envoye=True, cree_le=timezone.now() - 2 * age)
    call_command("envoyer_courriels")
    assert capsys.readouterr().out == "Courriels envoyés\u00a0: 1. En échec\u00a0: 0. Trop vieux\u00a0: 1.\n"
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_subject_is_one_line_and_short():
    courriel = deposer(sujet="Deux\r\nBcc: x@exemple.test " + "y" * 300)
    assert courriel.sujet == ("Deux Bcc: x@exemple.test " + "y" * 300)[:200]
