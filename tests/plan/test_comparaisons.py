"""A target with a number compares itself (R14); growth is computed (R16)."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

import pytest

from evaluation.plan.comparaisons import comparer, meme_unite
from evaluation.plan.enums import Realite, StatutCible
from evaluation.plan.models import Mesure
from evaluation.plan.queries.mesures import croissance
from evaluation.plan.valeurs import accorder, ecrire_mesure
from tests.factories.evaluation import CibleFactory, ResultatFactory

N = "\u00a0"


@dataclass
class Nombre:
    valeur: Decimal | None
    unite: str = "adhésions formelles"


@pytest.mark.regle("R14")
@pytest.mark.parametrize(
    ("obtenus", "statut", "phrase"),
    [
        (["25"], StatutCible.DEPASSEE, f"25{N}adhésions formelles pour une cible de 15{N}: dépassée"),
        (["15.01"], StatutCible.DEPASSEE, f"15,01{N}adhésions formelles pour une cible de 15{N}: dépassée"),
        (["15"], StatutCible.ATTEINTE, f"15{N}adhésions formelles pour une cible de 15{N}: atteinte"),
        (
            ["14.99"],
            StatutCible.PARTIELLE,
            f"14,99{N}adhésions formelles pour une cible de 15{N}: partiellement atteinte",
        ),
        (["1"], StatutCible.PARTIELLE, f"1{N}adhésion formelle pour une cible de 15{N}: partiellement atteinte"),
        (["0"], StatutCible.NON_ATTEINTE, f"0{N}adhésion formelle pour une cible de 15{N}: non atteinte"),
        (
            ["9", "6"],
            StatutCible.ATTEINTE,
            f"15{N}adhésions formelles (somme de 2{N}résultats) pour une cible de 15{N}: atteinte",
        ),
    ],
)
def test_same_unit_proposes_a_status(obtenus, statut, phrase):
    comparaison = comparer(Decimal(15), "adhésions formelles", [Nombre(Decimal(n)) for n in obtenus])
    assert (comparaison.genre, comparaison.statut_propose, comparaison.phrase) == ("comparee", statut, phrase)


@pytest.mark.regle("R14")
def test_other_unit_is_said_and_proposes_nothing():
    comparaison = comparer(Decimal(15), "adhésions formelles", [Nombre(Decimal(25), "adhésions tacites")])
    assert comparaison.genre == "unite_differente"
    assert comparaison.statut_propose is None
    assert comparaison.phrase == (
        f"25{N}adhésions tacites pour une cible de 15{N}adhésions formelles{N}: l’unité n’est pas la même"
    )


def test_other_units_are_left_out_of_the_sum():
    nombres = [Nombre(Decimal(25), "adhésions tacites"), Nombre(Decimal(3))]
    assert comparer(Decimal(15), "adhésions formelles", nombres).obtenu == Decimal(3)


def test_without_number_nothing_is_compared():
    assert comparer(None, "", [Nombre(Decimal(25))]).phrase == ""
    assert comparer(Decimal(15), "adhésions", [Nombre(None)]).genre == "sans_resultat"


@pytest.mark.django_db
def test_cible_compares_its_results():
    cible = CibleFactory(chiffree=True)
    ResultatFactory(cible=cible, valeur=Decimal(12), unite="Adhésion formelle")
    assert cible.comparaison.statut_propose == StatutCible.DEPASSEE


@pytest.mark.parametrize(
    ("une", "autre", "pareilles"),
    [
        ("adhésions formelles", "Adhésion  formelle", True),
        ("personnes", "personne", True),
        ("adhésions formelles", "adhésions tacites", False),
        ("adhésions", "adhésions formelles", False),
    ],
)
def test_meme_unite(une, autre, pareilles):
    assert meme_unite(une, autre) is pareilles


@pytest.mark.parametrize(
    ("unite", "nombre", "attendue"),
    [
        ("action structurante démarrée", 2, "actions structurantes démarrées"),
        ("adhésions formelles", 1, "adhésion formelle"),
        ("visites de la page", 1, "visite de la page"),
        ("réseau local", 3, "réseaux locaux"),
        ("mois", 1, "mois"),
        ("%", 30, "%"),
        ("participant·es", 1, "participant·es"),
    ],
)
def test_accorder(unite, nombre, attendue):
    assert accorder(unite, Decimal(nombre)) == attendue


def test_ecrire_mesure_without_value():
    assert ecrire_mesure(None, "abonnés") == ""


def mesure(valeur, mois, *, realite=Realite.REALISEE, pk=1):
    return Mesure(pk=pk, valeur=Decimal(valeur), date=datetime.date(2026, mois, 1), realite=realite)


@pytest.mark.regle("R16")
def test_croissance_is_from_first_to_last_day():
    total = croissance([mesure(660, 6), mesure(118, 1), mesure(300, 3)])
    assert (total.depart.valeur, total.arrivee.valeur, total.ecart) == (118, 660, 542)
    assert (total.ecart_ecrit, total.taux_ecrit) == ("+542", f"+459,3{N}%")
    assert total.multiple_ecrit == "5,6 fois la valeur de départ"


def test_croissance_may_be_negative():
    total = croissance([mesure(100, 1), mesure(70, 2)])
    assert (total.ecart_ecrit, total.taux_ecrit, total.multiple_ecrit) == ("\u221230", f"\u221230{N}%", "")


def test_croissance_from_zero_has_no_rate():
    total = croissance([mesure(0, 1), mesure(70, 2)])
    assert (total.taux, total.taux_ecrit, total.ecart_ecrit) == (None, "", "+70")


@pytest.mark.regle("R16")
def test_croissance_needs_two_realised_days():
    assert croissance([]) is None
    assert croissance([mesure(1, 1), mesure(2, 1, pk=2)]) is None
    assert croissance([mesure(1, 1), mesure(9, 2, realite=Realite.PREVUE)]) is None
