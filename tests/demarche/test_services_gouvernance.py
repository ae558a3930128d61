"""Seats and mandates (R3): one holder a seat, one seat a person."""

import datetime

import pytest

from demarche.erreurs import ErreurMetier
from demarche.models import InstanceGouvernance, Mandat
from demarche.services import gouvernance

from ..factories import DEBUT_EXERCICE, JOUR
from ..factories.demarche import (
    InstanceGouvernanceFactory,
    MandatFactory,
    SiegeFactory,
    UtilisateurFactory,
)

pytestmark = pytest.mark.django_db
HIER, DEMAIN = JOUR - datetime.timedelta(days=1), JOUR + datetime.timedelta(days=1)


@pytest.fixture
def auteur():
    return UtilisateurFactory(coordonnateur=True)


def test_vacant_seat_is_filled(auteur):
    siege, personne = SiegeFactory(), UtilisateurFactory()
    mandat = gouvernance.pourvoir_siege(siege, utilisateur=personne, du=JOUR, auteur=auteur)
    assert [m.siege for m in personne.mandats_du_jour] == [siege]
    assert mandat.au is None


def test_second_holder_is_refused_in_french(auteur):
    mandat = MandatFactory(utilisateur__prenom="Ginette", utilisateur__nom="Paquin")
    with pytest.raises(ErreurMetier, match=r"tenu par Ginette Paquin depuis le 1er\S+juillet\S+2025"):
        gouvernance.pourvoir_siege(mandat.siege, utilisateur=UtilisateurFactory(), du=JOUR, auteur=auteur)
    assert Mandat.objects.count() == 1


@pytest.mark.parametrize(
    ("du", "au", "possible"),
    [
        (JOUR, None, False),
        (DEMAIN, None, True),
        (DEBUT_EXERCICE - datetime.timedelta(days=9), DEBUT_EXERCICE, False),
        (DEBUT_EXERCICE - datetime.timedelta(days=9), DEBUT_EXERCICE - datetime.timedelta(days=1), True),
    ],
)
def test_mandates_of_a_seat_never_share_a_day(auteur, du, au, possible):
    mandat = MandatFactory(du=DEBUT_EXERCICE, au=JOUR)
    if possible:
        assert gouvernance.pourvoir_siege(mandat.siege, utilisateur=UtilisateurFactory(), du=du, au=au, auteur=auteur)
    else:
        with pytest.raises(ErreurMetier, match="choisissez d’autres dates"):
            gouvernance.pourvoir_siege(mandat.siege, utilisateur=UtilisateurFactory(), du=du, au=au, auteur=auteur)


def test_one_person_holds_one_seat_of_an_instance(auteur):
    mandat = MandatFactory()
    with pytest.raises(ErreurMetier, match="une personne, une voix"):
        gouvernance.pourvoir_siege(SiegeFactory(), utilisateur=mandat.utilisateur, du=JOUR, auteur=auteur)
    ailleurs = SiegeFactory(instance_gouvernance=InstanceGouvernanceFactory())
    assert gouvernance.pourvoir_siege(ailleurs, utilisateur=mandat.utilisateur, du=JOUR, auteur=auteur)


def test_who_may_not_sit(auteur):
    siege = SiegeFactory()
    for personne, phrase in (
        (auteur, "à soi-même"),
        (UtilisateurFactory(is_active=False), "désactivé"),
        (UtilisateurFactory(administrateur=True), "ne vote nulle part"),
    ):
        with pytest.raises(ErreurMetier, match=phrase):
            gouvernance.pourvoir_siege(siege, utilisateur=personne, du=JOUR, auteur=auteur)
    assert not Mandat.objects.exists()


def test_withdrawn_seat_is_not_filled(auteur):
    with pytest.raises(ErreurMetier, match="n’est plus actif"):
        gouvernance.pourvoir_siege(
            SiegeFactory(est_actif=False), utilisateur=UtilisateurFactory(), du=JOUR, auteur=auteur
        )


def test_mandate_ends_and_the_seat_is_free_the_day_after(auteur):
    mandat = MandatFactory()
    gouvernance.terminer_mandat(mandat, au=HIER, auteur=auteur)
    gouvernance.terminer_mandat(mandat, au=HIER, auteur=auteur)
    assert mandat.history.count() == 2
    assert gouvernance.pourvoir_siege(mandat.siege, utilisateur=UtilisateurFactory(), du=JOUR, auteur=auteur)


@pytest.mark.parametrize(
    ("du", "au", "fin", "phrase"),
    [(JOUR, None, HIER, "ne peut pas finir avant"), (HIER, JOUR, DEMAIN, "finit déjà")],
)
def test_impossible_end_is_refused(auteur, du, au, fin, phrase):
    with pytest.raises(ErreurMetier, match=phrase):
        gouvernance.terminer_mandat(MandatFactory(du=du, au=au), au=fin, auteur=auteur)


def test_filled_seat_is_not_withdrawn(auteur):
    mandat = MandatFactory()
    champs = {"numero": 1, "genre": "ville", "libelle": "Ville", "est_actif": False}
    with pytest.raises(ErreurMetier, match="terminez d’abord son mandat"):
        gouvernance.enregistrer_siege(
            mandat.siege, instance_gouvernance=mandat.siege.instance_gouvernance, champs=champs, auteur=auteur
        )
    gouvernance.terminer_mandat(mandat, au=HIER, auteur=auteur)
    siege = gouvernance.enregistrer_siege(
        mandat.siege, instance_gouvernance=mandat.siege.instance_gouvernance, champs=champs, auteur=auteur
    )
    assert not siege.est_actif


def test_instance_does_not_hang_under_itself(auteur):
    haut = InstanceGouvernanceFactory()
    bas = InstanceGouvernanceFactory(parent=haut)
    with pytest.raises(ErreurMetier, match="elle-même"):
        gouvernance.modifier_instance(haut, version=1, champs={"parent": bas}, auteur=auteur)


def test_unchanged_instance_leaves_no_trace(auteur):
    instance_gouvernance = InstanceGouvernanceFactory()
    gouvernance.modifier_instance(
        instance_gouvernance, version=1, champs={"nom": instance_gouvernance.nom}, auteur=auteur
    )
    assert instance_gouvernance.history.count() == 1
    assert InstanceGouvernance.objects.get(pk=instance_gouvernance.pk).version == 1
