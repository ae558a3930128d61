"""What the vérificateur says of the governance (R3, R5)."""

import datetime

import pytest

from demarche.gouvernance.enums import RegleQuorum
from demarche.gouvernance.verifications import (
    mandats_sans_suite,
    quorums_impossibles,
    regles_sans_source,
    sieges_longtemps_vacants,
)
from tests.factories import JOUR
from tests.factories.demarche import ExerciceFactory, InstanceGouvernanceFactory, MandatFactory, SiegeFactory
from tests.factories.partenaires import AdhesionFactory

pytestmark = pytest.mark.django_db


def dans(jours):
    return JOUR + datetime.timedelta(days=jours)


def phrases(controle):
    return [constat.phrase for constat in controle(ExerciceFactory())]


# The seat is vacant since the day after the end.
@pytest.mark.regle("R3")
@pytest.mark.parametrize(("fin", "longtemps"), [(-32, True), (-31, False), (-1, False), (0, False)])
def test_seat_vacant_for_more_than_thirty_days(fin, longtemps):
    mandat = MandatFactory(au=dans(fin), siege__libelle="Ville")
    trouves = list(sieges_longtemps_vacants(ExerciceFactory()))
    assert [constat.url for constat in trouves] == ([mandat.siege.get_absolute_url()] if longtemps else [])


@pytest.mark.parametrize(
    ("fin", "phrase"),
    [
        (-32, None),  # said as a vacancy
        (-31, "a pris fin le"),
        (-1, "a pris fin le"),
        (0, "finit le"),
        (60, "finit le"),
        (61, None),
    ],
)
def test_mandate_with_nobody_after(fin, phrase):
    MandatFactory(au=dans(fin))
    trouvees = phrases(mandats_sans_suite)
    assert len(trouvees) == (1 if phrase else 0)
    assert all(phrase in trouvee for trouvee in trouvees)


def test_somebody_after_is_enough():
    mandat = MandatFactory(au=dans(5))
    MandatFactory(siege=mandat.siege, du=dans(6))
    fini = MandatFactory(au=dans(-5))
    MandatFactory(siege=fini.siege, du=dans(2))
    assert phrases(mandats_sans_suite) == []


@pytest.mark.parametrize(("nombre", "possible"), [(2, True), (3, False)])
def test_fixed_quorum_beyond_the_filled_seats(nombre, possible):
    InstanceGouvernanceFactory(comite=True, regle_quorum=RegleQuorum.NOMBRE, quorum_nombre=nombre)
    MandatFactory.create_batch(2)
    SiegeFactory()
    assert (phrases(quorums_impossibles) == []) is possible


@pytest.mark.parametrize(("nombre", "possible"), [(1, True), (2, False)])
def test_fixed_quorum_beyond_the_partners(nombre, possible):
    InstanceGouvernanceFactory(assemblee=True, regle_quorum=RegleQuorum.NOMBRE, quorum_nombre=nombre)
    AdhesionFactory(acceptee=True)
    assert (phrases(quorums_impossibles) == []) is possible


def test_rule_without_source_of_those_that_grant_money():
    InstanceGouvernanceFactory(comite=True)
    InstanceGouvernanceFactory(assemblee=True, source_regle="Cadre de référence")
    InstanceGouvernanceFactory(coordination=True, est_active=False)
    InstanceGouvernanceFactory()
    (phrase,) = phrases(regles_sans_source)
    assert phrase.startswith("La règle de décision de « Comité de pilotage »")
