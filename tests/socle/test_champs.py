"""What people type: amounts, dates, times."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from demarche.socle.champs import DateFormField, HeureFormField, MontantFormField, arrondir, lire_montant
from demarche.socle.francais import ecrire_dollars, ecrire_nombre

MILLE = Decimal("1234.50")


@pytest.mark.parametrize(
    ("texte", "lu"),
    [
        ("1234,50", MILLE),
        ("1234.5", MILLE),
        ("1 234,50", MILLE),
        ("1 234,50 $", MILLE),
        ("1\u00a0234,50\u00a0$", MILLE),
        ("1\u202f234,50\u202f$", MILLE),
        ("1\u2009234,50\u2009$", MILLE),
        ("  12$ ", Decimal("12.00")),
        ("0", Decimal("0.00")),
        ("0,01", Decimal("0.01")),
        ("9999999999,99", Decimal("9999999999.99")),
    ],
)
def test_montant_is_read(texte, lu):
    assert lire_montant(texte) == lu


@pytest.mark.parametrize(
    ("texte", "code"),
    [
        ("-5", "negatif"),
        ("-5,00 $", "negatif"),
        ("1e9", "forme"),
        ("NaN", "forme"),
        ("Infinity", "forme"),
        ("douze", "forme"),
        ("1.005", "decimales"),
        ("1 234,505", "decimales"),
        ("1,234,567", "forme"),
        ("1234567890123", "maximum"),
        ("10000000000", "maximum"),
        ("１２３", "forme"),  # full-width digits
        ("٣", "forme"),
        ("12 $ $", "forme"),
        ("$", "forme"),
    ],
)
def test_montant_is_refused_in_french(texte, code):
    with pytest.raises(ValidationError) as erreur:
        lire_montant(texte)
    assert erreur.value.code == code
    assert "montant" in erreur.value.messages[0] or "chiffres" in erreur.value.messages[0]


def test_montant_field_keeps_what_was_typed_and_writes_it_back():
    champ = MontantFormField()
    assert champ.prepare_value(Decimal("1234.5")) == "1\u00a0234,50"
    assert champ.prepare_value("douze") == "douze"
    assert champ.clean(champ.prepare_value(MILLE)) == MILLE
    assert MontantFormField(required=False).clean("  ") is None
    assert not champ.has_changed(MILLE, "1 234,50 $")


def test_amounts_are_written_the_quebec_way():
    assert ecrire_dollars(Decimal("1234.5")) == "1\u00a0234,50\u00a0$"
    assert ecrire_dollars(Decimal("-3")) == "\u22123,00\u00a0$"
    assert ecrire_nombre(12345) == "12\u00a0345"
    assert arrondir(Decimal("0.125")) == Decimal("0.13")


@pytest.mark.parametrize(
    ("texte", "jour"),
    [
        ("2024-05-08", datetime.date(2024, 5, 8)),
        ("8 mai 2024", datetime.date(2024, 5, 8)),
        ("1er juillet 2024", datetime.date(2024, 7, 1)),
        (" 31 Août 2023 ", datetime.date(2023, 8, 31)),
        ("29 février 2024", datetime.date(2024, 2, 29)),
        ("8\u00a0mai\u00a02024", datetime.date(2024, 5, 8)),
    ],
)
def test_date_is_read(texte, jour):
    assert DateFormField().clean(texte) == jour


@pytest.mark.parametrize("texte", ["02/01/2026", "2024/05/08", "8-5-2024", "mai 2024", "8 may 2024", "20240508"])
def test_ambiguous_date_is_refused(texte):
    with pytest.raises(ValidationError, match="Écrivez la date comme 2024-05-08"):
        DateFormField().clean(texte)


@pytest.mark.parametrize("texte", ["2024-02-30", "2023-02-29", "31 avril 2024", "0 mai 2024", "2024-13-01"])
def test_date_out_of_the_calendar_is_refused(texte):
    with pytest.raises(ValidationError, match="n’existe pas au calendrier"):
        DateFormField().clean(texte)


@pytest.mark.parametrize(
    ("texte", "heure"),
    [
        ("14:30", datetime.time(14, 30)),
        ("14 h 30", datetime.time(14, 30)),
        ("9h", datetime.time(9)),
        ("09:05:00", datetime.time(9, 5)),
    ],
)
def test_heure_is_read(texte, heure):
    assert HeureFormField().clean(texte) == heure


@pytest.mark.parametrize("texte", ["25:00", "14 h 75", "midi", "14"])
def test_heure_is_refused(texte):
    with pytest.raises(ValidationError, match="Écrivez l’heure comme 14:30"):
        HeureFormField().clean(texte)
