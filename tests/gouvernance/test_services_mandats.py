"""Vacant seats, mandates about to end, and the one e-mail that announces them (R3)."""

import datetime

import pytest
from django.core.management import call_command

from demarche.gouvernance.models import Mandat
from demarche.gouvernance.queries.gouvernance import mandats_finissants, sieges_en_date, sieges_vacants
from demarche.gouvernance.services.gouvernance import pourvoir_siege, terminer_mandat
from demarche.gouvernance.services.mandats import avertir_mandats
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.models import Courriel
from tests.factories import JOUR
from tests.factories.demarche import (
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    SiegeFactory,
    UtilisateurFactory,
)

pytestmark = pytest.mark.django_db


def dans(jours):
    return JOUR + datetime.timedelta(days=jours)


@pytest.fixture
def coordination():
    return UtilisateurFactory(coordonnateur=True, email="coordination@exemple.test")


@pytest.mark.regle("R3")
@pytest.mark.parametrize(("jours", "annonce"), [(-1, 0), (0, 1), (30, 1), (31, 0)])
def test_mandate_is_announced_thirty_days_before_its_end(coordination, jours, annonce):
    MandatFactory(au=dans(jours))
    assert avertir_mandats() == annonce
    assert Courriel.objects.filter(destinataire="coordination@exemple.test").count() == annonce


@pytest.mark.regle("R3")
def test_mandates_go_in_one_message_and_only_once(coordination, capsys):
    for jours in (5, 20):
        MandatFactory(au=dans(jours))
    call_command("avertir_mandats")
    call_command("avertir_mandats")
    assert capsys.readouterr().out == "2\u00a0mandats annoncés.\n0\u00a0mandat annoncé.\n"
    assert [c.sujet for c in Courriel.objects.all()] == ["2 mandats finissent bientôt"]
    assert Mandat.objects.filter(avertie_le=None).count() == 0


def test_message_names_the_seat_and_leads_to_it(coordination):
    mandat = MandatFactory(au=dans(10), siege__libelle="Ville", utilisateur__prenom="Olivier", utilisateur__nom="Roy")
    avertir_mandats()
    texte = Courriel.objects.get().texte
    assert "Ville (Comité de pilotage)\nOlivier Roy" in texte
    assert mandat.siege.get_absolute_url() in texte


def test_somebody_named_after_needs_no_announcement(coordination):
    mandat = MandatFactory(au=dans(10))
    MandatFactory(siege=mandat.siege, du=dans(11))
    assert avertir_mandats() == 0


def test_nobody_to_read_keeps_the_announcement_for_later():
    MandatFactory(au=dans(10))
    assert avertir_mandats() == 0
    UtilisateurFactory(coordonnateur=True)
    assert avertir_mandats() == 1


@pytest.mark.parametrize(("jours", "proche"), [(0, True), (60, True), (61, False)])
def test_end_within_sixty_days_is_shown(jours, proche):
    MandatFactory(au=dans(jours))
    assert bool(mandats_finissants(JOUR)) is proche


def test_withdrawn_seats_and_inactive_instances_are_left_alone():
    SiegeFactory(est_actif=False)
    SiegeFactory(instance_gouvernance=InstanceGouvernanceFactory(est_active=False))
    assert sieges_vacants(JOUR) == []
    assert [ligne.siege for ligne in sieges_vacants(JOUR)] == []


@pytest.mark.regle("R3")
def test_seat_is_vacant_since_the_day_after_its_last_mandate():
    mandat = MandatFactory(au=dans(-10))
    ligne = sieges_en_date(JOUR, siege=mandat.siege)[0]
    assert (ligne.titulaire, ligne.vacant_depuis, ligne.passes) == (None, dans(-9), [mandat])


@pytest.mark.regle("R3")
def test_mandate_ended_today_leaves_the_seat_vacant_today(coordination):
    mandat = MandatFactory()
    terminer_mandat(mandat, au=JOUR, auteur=coordination)
    ligne = sieges_en_date(JOUR, siege=mandat.siege)[0]
    assert (ligne.titulaire, ligne.vacant_depuis) == (None, JOUR)


def test_seat_never_held_is_vacant_since_it_was_added():
    assert sieges_en_date(JOUR, siege=SiegeFactory())[0].vacant_depuis == JOUR


def test_seat_about_to_be_filled_shows_who_comes():
    mandat = MandatFactory(du=dans(3))
    ligne = sieges_en_date(JOUR, siege=mandat.siege)[0]
    assert (ligne.titulaire, ligne.a_venir) == (None, [mandat])


@pytest.mark.regle("R3")
@pytest.mark.parametrize(("debut", "annonce"), [(11, False), (12, True)])
def test_successor_who_starts_later_leaves_the_mandate_announced(debut, annonce):
    mandat = MandatFactory(au=dans(10))
    MandatFactory(siege=mandat.siege, du=dans(debut))
    assert (mandats_finissants(JOUR) == [mandat]) is annonce


@pytest.mark.regle("R10")
def test_r10_who_sat_in_a_closed_exercice_does_not_change():
    clos, siege = ExerciceFactory(annee=2024, clos=True), SiegeFactory()
    auteur, mandat = UtilisateurFactory(coordonnateur=True), MandatFactory(du=datetime.date(2024, 1, 1))
    for jour in (clos.debut, clos.fin):
        with pytest.raises(ErreurMetier, match="est clos"):
            pourvoir_siege(siege, utilisateur=UtilisateurFactory(), du=jour, auteur=auteur)
        with pytest.raises(ErreurMetier, match="est clos"):
            terminer_mandat(mandat, au=jour - datetime.timedelta(days=1), auteur=auteur)
    assert terminer_mandat(mandat, au=clos.fin, auteur=auteur).au == clos.fin
    lendemain = clos.fin + datetime.timedelta(days=1)
    assert pourvoir_siege(siege, utilisateur=UtilisateurFactory(), du=lendemain, auteur=auteur).du == lendemain
