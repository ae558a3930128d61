"""Meetings: two tabs, a double click, a closed exercice."""

import datetime
import uuid

import factory
import pytest

from demarche.gouvernance.models import Rencontre
from demarche.rencontres.enums import GenrePoint
from demarche.rencontres.services.rencontres import creer_rencontre, modifier_rencontre
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.models import JetonFormulaire
from demarche.socle.services.jetons import une_seule_fois
from tests.factories import JOUR
from tests.factories.demarche import (
    ExerciceFactory,
    InstanceGouvernanceFactory,
    PointOrdreDuJourFactory,
    RencontreFactory,
    ResolutionFactory,
    ScrutinFactory,
    UtilisateurFactory,
)

pytestmark = pytest.mark.django_db


def champs(**valeurs):
    return {
        "instance_gouvernance": InstanceGouvernanceFactory(comite=True),
        "titre": "Séance",
        "date": JOUR,
        **valeurs,
    }


def modifier(rencontre, version, **valeurs):
    return modifier_rencontre(
        rencontre, version=version, champs={"date": rencontre.date, **valeurs}, auteur=UtilisateurFactory()
    )


def test_second_tab_is_told_and_overwrites_nothing():
    rencontre = RencontreFactory()
    modifier(rencontre, 1, titre="Premier onglet")
    with pytest.raises(ErreurMetier) as erreur:
        modifier(rencontre, 1, titre="Second onglet")
    assert erreur.value.code == "conflit"
    rencontre.refresh_from_db()
    assert (rencontre.titre, rencontre.version) == ("Premier onglet", 2)


def test_same_form_received_twice_is_no_conflict():
    rencontre = RencontreFactory()
    modifier(rencontre, 1, titre="Une fois")
    modifier(rencontre, 1, titre="Une fois")
    assert rencontre.history.count() == 2


@pytest.mark.regle("R10")
def test_closed_exercice_is_neither_left_nor_entered():
    clos = ExerciceFactory(annee=2023, clos=True)
    ancienne, nouvelle = RencontreFactory(date=clos.fin), RencontreFactory()
    for rencontre, valeurs in (
        (ancienne, {"date": JOUR}),
        (ancienne, {"lieu": "ici"}),
        (nouvelle, {"date": clos.fin}),
    ):
        with pytest.raises(ErreurMetier, match="est clos"):
            modifier(rencontre, 1, **valeurs)
    with pytest.raises(ErreurMetier, match="est clos"):
        creer_rencontre(champs=champs(date=clos.debut), auteur=UtilisateurFactory())
    assert Rencontre.objects.count() == 2


def test_token_makes_one_record():
    jeton = uuid.uuid4()

    def creer():
        return creer_rencontre(champs=champs(), auteur=UtilisateurFactory()).get_absolute_url()

    assert une_seule_fois(jeton, creer) == une_seule_fois(jeton, creer)
    assert Rencontre.objects.count() == 1


def test_refused_creation_frees_its_token():
    jeton = uuid.uuid4()

    def refuser():
        raise ErreurMetier("Non.")

    with pytest.raises(ErreurMetier):
        une_seule_fois(jeton, refuser)
    assert not JetonFormulaire.objects.exists()
    assert une_seule_fois(jeton, lambda: "/ici/") == "/ici/"


def test_date_of_the_meeting_may_change_in_an_open_year():
    rencontre = RencontreFactory()
    assert modifier(rencontre, 1, date=JOUR + datetime.timedelta(days=7)).date == JOUR + datetime.timedelta(days=7)


@pytest.mark.regle("R7")
def test_day_of_a_meeting_that_voted_never_changes():
    ExerciceFactory()
    rencontre = RencontreFactory(date=JOUR)
    ScrutinFactory(rencontre=rencontre, instance_gouvernance=rencontre.instance_gouvernance, main_levee=True)
    with pytest.raises(ErreurMetier) as erreur:
        modifier(rencontre, 1, date=JOUR - datetime.timedelta(days=1))
    assert list(erreur.value.message_dict) == ["date"]
    assert modifier(rencontre, 1, titre="Corrigé").titre == "Corrigé"


@pytest.mark.parametrize(
    ("point", "possible"),
    [
        ({}, True),
        ({"de_resolution": True}, True),
        ({"d_enterinement": True}, False),
        ({"de_proces_verbal": True}, False),
        ({"genre": GenrePoint.DEMANDE}, False),
        ({"de_resolution": True, "corrige": factory.SubFactory(ResolutionFactory)}, False),
    ],
)
def test_meeting_leaves_its_instance_without_what_only_it_deals_with(point, possible):
    rencontre = RencontreFactory(date=JOUR)
    PointOrdreDuJourFactory(rencontre=rencontre, **point)
    cercle = InstanceGouvernanceFactory(genre="cercle", nom="Cercle", prefixe="CE")
    if possible:
        assert modifier(rencontre, 1, instance_gouvernance=cercle).instance_gouvernance == cercle
        return
    with pytest.raises(ErreurMetier, match="propres à son instance"):
        modifier(rencontre, 1, instance_gouvernance=cercle)
