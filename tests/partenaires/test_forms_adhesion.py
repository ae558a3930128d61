import pytest

from partenaires.enums import FinaliteConsentement
from partenaires.forms.adhesions import AdhesionForm
from tests.factories.demarche import DemarcheFactory
from tests.partenaires.donnees import MISSION, formulaire


def form(**changements):
    return AdhesionForm(formulaire(**changements), mission=MISSION, territoire="Les Érables")


def test_valid_form():
    assert form().is_valid(), form().errors


@pytest.mark.regle("R12")
@pytest.mark.parametrize("finalite", FinaliteConsentement.values)
def test_consent_defaults_to_no(finalite):
    envoye = form()
    assert envoye.is_valid()
    assert envoye.accords == frozenset()
    vierge = AdhesionForm(mission=MISSION, territoire="Les Érables")
    assert "checked" not in str(vierge[f"consent_{finalite}"])


@pytest.mark.parametrize("finalite", FinaliteConsentement.values)
def test_consents_are_independent(finalite):
    envoye = form(**{f"consent_{finalite}": "on"})
    assert envoye.is_valid()
    assert envoye.accords == {finalite}


@pytest.mark.parametrize(
    ("champ", "phrase"),
    [
        ("categorie", "Choisissez à quel titre vous adhérez."),
        ("nom_organisation", "Écrivez le nom de l’organisation que vous représentez."),
        ("prenom", "Écrivez votre prénom."),
        ("nom", "Écrivez votre nom."),
        ("courriel", "Écrivez votre courriel."),
    ],
)
def test_missing_value_is_told_beside_its_field(champ, phrase):
    envoye = form(**{champ: ""})
    assert not envoye.is_valid()
    assert envoye.errors[champ] == [phrase]


@pytest.mark.parametrize("champ", ["oeuvre_sur_territoire", "adhere_mission"])
def test_condition_not_met_is_told_beside_its_field(champ):
    envoye = form(**{champ: None})
    assert not envoye.is_valid()
    assert list(envoye.errors) == [champ]
    assert "écrivez-nous" in envoye.errors[champ][0].lower()


def test_citizen_has_no_organisation():
    envoye = form(categorie="citoyen", nom_organisation="Une organisation laissée là")
    assert envoye.is_valid(), envoye.errors
    assert envoye.cleaned_data["nom_organisation"] == ""


@pytest.mark.parametrize("champ", ["nom_organisation", "prenom", "nom", "fonction", "telephone"])
@pytest.mark.parametrize("injection", ["Anne\nBcc: tous@exemple.test", "Anne\r\nBcc: x", "Anne\u2028x", "Anne\x00x"])
def test_line_breaks_are_refused(champ, injection):
    envoye = form(**{champ: injection})
    assert not envoye.is_valid()
    assert champ in envoye.errors


def test_courriel_refuses_headers():
    assert "courriel" in form(courriel="a@exemple.test\nBcc: b@exemple.test").errors


@pytest.mark.regle("R12")
def test_mission_changed_meanwhile_is_read_again():
    envoye = form(mission_lue="0123456789abcdef")
    assert not envoye.is_valid()
    assert "a changé" in envoye.errors["adhere_mission"][0]
    # The page shown again carries the text shown again.
    assert AdhesionForm(envoye.data, mission=MISSION, territoire="Les Érables").is_valid()


def test_markup_is_shown_as_text(client_de, db):
    DemarcheFactory(mission="<script>alert(1)</script>")
    page = client_de("public").get("/adhesion/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page
