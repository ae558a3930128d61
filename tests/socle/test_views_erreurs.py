"""The error pages that Django asks of us."""

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("panne", "statut", "phrase"),
    [("database is locked", 503, "Trop de personnes écrivent en même temps"), ("disk I/O error", 500, "Erreur 500")],
)
def test_locked_database_asks_to_try_again_and_any_other_failure_does_not(panne, statut, phrase):
    def refuser(*_):
        raise OperationalError(panne)

    with connection.execute_wrapper(refuser):
        reponse = Client(raise_request_exception=False).get(reverse("accueil"))
    assert (reponse.status_code, phrase in reponse.content.decode()) == (statut, True)
    assert reponse.headers.get("Retry-After") == ("10" if statut == 503 else None)
