"""Exercices: no shared day, nothing written in a closed one (R10)."""

import datetime

import pytest

from demarche.gouvernance.models import Exercice
from demarche.gouvernance.services.exercices import ajouter_exercice, exiger_exercice_ouvert, exiger_jour_ouvert
from demarche.socle.erreurs import ErreurMetier
from tests.factories.demarche import ExerciceFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db


def ajouter(debut, fin):
    return ajouter_exercice(
        debut=datetime.date.fromisoformat(debut), fin=datetime.date.fromisoformat(fin), auteur=UtilisateurFactory()
    )


def test_exercice_is_named_after_its_years():
    assert ajouter("2026-07-01", "2027-06-30").code == "2026-2027"


@pytest.mark.parametrize(
    ("debut", "fin", "phrase"),
    [
        ("2026-06-30", "2027-06-29", "recoupent l’exercice 2025-2026"),
        ("2024-07-01", "2025-07-01", "recoupent l’exercice 2025-2026"),
        ("2026-07-01", "2026-07-01", "doit suivre"),
        ("2026-07-01", "2028-06-30", "dix-huit mois"),
        ("2026-07-01", "2026-07-05", "dix-huit mois"),
    ],
)
def test_impossible_dates_are_refused(debut, fin, phrase):
    ExerciceFactory()
    with pytest.raises(ErreurMetier, match=phrase):
        ajouter(debut, fin)
    assert Exercice.objects.count() == 1


def test_neighbours_share_no_day():
    ExerciceFactory()
    assert ajouter("2026-07-01", "2027-06-30")
    assert ajouter("2024-07-01", "2025-06-30")


@pytest.mark.regle("R10")
def test_exercice_is_never_added_before_a_closed_one():
    ExerciceFactory(annee=2023, clos=True)
    with pytest.raises(ErreurMetier, match="2023-2024, plus récent, est clos"):
        ajouter("2022-07-01", "2023-06-30")
    assert ajouter("2024-07-01", "2025-06-30")


@pytest.mark.regle("R10")
def test_closed_exercice_refuses_both_its_ends_and_nothing_else():
    clos = ExerciceFactory(annee=2023, clos=True)
    for jour in (clos.debut, clos.fin):
        with pytest.raises(ErreurMetier, match="2023-2024 est clos"):
            exiger_jour_ouvert(jour)
    assert exiger_jour_ouvert(clos.debut - datetime.timedelta(days=1)) is None
    assert exiger_jour_ouvert(clos.fin + datetime.timedelta(days=1)) is None


def test_open_day_gives_its_exercice():
    ouvert = ExerciceFactory()
    assert exiger_jour_ouvert(ouvert.debut) == ouvert


def test_exercice_closed_since_it_was_read_is_refused():
    exercice = ExerciceFactory()
    exiger_exercice_ouvert(exercice)
    clos = Exercice.objects.get(pk=exercice.pk)
    clos.est_clos = True
    clos.save()
    with pytest.raises(ErreurMetier) as refus:
        exiger_exercice_ouvert(exercice)
    assert refus.value.code == "clos"


def test_refusal_stands_beside_the_field():
    clos = ExerciceFactory(annee=2023, clos=True)
    with pytest.raises(ErreurMetier) as refus:
        exiger_jour_ouvert(clos.debut, champ="date")
    assert list(refus.value.message_dict) == ["date"]
