"""The fixture itself: it must be able to show a race, or the other tests of this folder would prove nothing."""

import time

from django.db import transaction

from demarche.socle.models import JetonFormulaire
from tests.factories.demarche import JetonFormulaireFactory


def compter_sans_verrou(cle):
    jeton = JetonFormulaire.objects.get(pk=cle)
    time.sleep(0.5)
    jeton.adresse = str(int(jeton.adresse) + 1)
    jeton.save()


@transaction.atomic
def compter_avec_verrou(cle):
    jeton = JetonFormulaire.objects.select_for_update().get(pk=cle)
    time.sleep(0.1)
    jeton.adresse = str(int(jeton.adresse) + 1)
    jeton.save()


def echouer():
    raise ValueError("refusé")


def test_race_shows_without_lock_and_not_with_it(base_concurrente):
    jeton = JetonFormulaireFactory(adresse="0")
    rendus = base_concurrente.lancer(compter_sans_verrou, [(jeton.pk,)] * 3)
    assert [rendu.erreur for rendu in rendus] == ["", "", ""]
    jeton.refresh_from_db()
    assert int(jeton.adresse) < 3  # the control: updates were lost

    JetonFormulaire.objects.filter(pk=jeton.pk).update(adresse="0")
    rendus = base_concurrente.lancer(compter_avec_verrou, [(jeton.pk,)] * 3)
    assert [rendu.erreur for rendu in rendus] == ["", "", ""]
    jeton.refresh_from_db()
    assert jeton.adresse == "3"


def test_process_hands_back_its_exception(base_concurrente):
    assert [(r.erreur, r.texte) for r in base_concurrente.lancer(echouer, [()])] == [("ValueError", "refusé")]


def test_each_test_has_an_empty_database(base_concurrente):
    assert not JetonFormulaire.objects.exists()
