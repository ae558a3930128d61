import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from tests.factories.demarche import CadreReferenceFactory, DemarcheFactory
from tests.factories.partenaires import (
    AdhesionFactory,
    AffiliationFactory,
    ConsentementFactory,
    OrganisationFactory,
    PersonneFactory,
)

pytestmark = pytest.mark.django_db
SECRET = "Confidentielle Personne"


@pytest.fixture(autouse=True)
def demarche():
    return DemarcheFactory()


@pytest.fixture
def discrete():
    """A citizen who did not accept to be named; somebody else did, and could drag her along."""
    ConsentementFactory(adhesion=AdhesionFactory(acceptee=True, citoyenne=True, prenom="Visible", nom="Citoyen"))
    adhesion = AdhesionFactory(
        acceptee=True,
        citoyenne=True,
        personne=PersonneFactory(prenom="Confidentielle", nom="Personne"),
        fonction="Club",
    )
    ConsentementFactory(adhesion=adhesion, est_accorde=False)
    ConsentementFactory(adhesion=adhesion, finalite="photos")
    return adhesion


def cellules(reponse):
    feuille = load_workbook(io.BytesIO(reponse.content)).active
    return [[cellule.value for cellule in ligne] for ligne in feuille.iter_rows()]


@pytest.mark.regle("R13")
@pytest.mark.parametrize("role", ["public", "partenaire", "membre_comite", "fiduciaire", "administrateur"])
def test_unpublished_name_never_leaks(role, client_de, discrete):
    client = client_de(role)
    page = client.get("/partenaires/").content.decode()
    texte = client.get("/partenaires/export.csv").content.decode("utf-8-sig")
    classeur = str(cellules(client.get("/partenaires/export.xlsx")))
    for contenu in (page, texte, classeur):
        assert "Visible Citoyen" in contenu
        assert "Confidentielle" not in contenu
        assert "Club" not in contenu
    assert "et une personne qui n’a pas souhaité voir son nom publié" in page
    assert "(nom non publié)" in texte


@pytest.mark.parametrize("role", ["agent", "coordonnateur"])
def test_team_sees_every_name_and_which_are_not_published(role, client_de, discrete):
    page = client_de(role).get("/partenaires/").content.decode()
    assert SECRET in page
    assert page.count("nom non publié") == 1


@pytest.mark.regle("R13")
def test_representative_is_never_named(client_de):
    AdhesionFactory(acceptee=True, personne=PersonneFactory(prenom="Confidentielle", nom="Personne"))
    affiliation = AffiliationFactory(personne=PersonneFactory(prenom="Confidentielle", courriel="secret@exemple.test"))
    for adresse in ("/partenaires/", f"/organisations/{affiliation.organisation.pk}/"):
        page = client_de("public").get(adresse).content.decode()
        assert "Confidentielle" not in page
        assert "secret@exemple.test" not in page


@pytest.mark.parametrize("date", ["02/01/2026", "5/8/24", "2026-13-01", "hier"])
def test_ambiguous_date_is_refused_without_a_list(date, client_de):
    AdhesionFactory(acceptee=True, organisation=OrganisationFactory(nom="Maison Ouverte"))
    reponse = client_de("public").get("/partenaires/", {"date": date})
    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert "Maison Ouverte" not in page
    assert f'value="{date}"' in page
    assert client_de("public").get("/partenaires/export.csv", {"date": date}).status_code == 400


@pytest.mark.parametrize("date", ["2026-01-14", "14 janvier 2026", ""])
def test_readable_dates(date, client_de):
    AdhesionFactory(acceptee=True, organisation=OrganisationFactory(nom="Maison Ouverte"))
    page = client_de("public").get("/partenaires/", {"date": date}).content.decode()
    assert "Maison Ouverte" in page
    assert "14\u00a0janvier\u00a02026" in page


@pytest.mark.regle("R11")
def test_definition_is_that_of_the_day(client_de):
    CadreReferenceFactory(adopte_le=datetime.date(2024, 6, 1), definition_partenaire="Définition de 2024")
    CadreReferenceFactory(adopte_le=datetime.date(2026, 1, 1), definition_partenaire="Définition de 2026")
    for date, attendue in (("2025-12-31", "Définition de 2024"), ("2026-01-01", "Définition de 2026")):
        assert attendue in client_de("public").get("/partenaires/", {"date": date}).content.decode()


@pytest.mark.parametrize("nom", ['=HYPERLINK("http://piege.test")', "+1+1", "-1", "@SUM(A1)"])
def test_exports_hold_no_formula(nom, client_de):
    AdhesionFactory(acceptee=True, organisation=OrganisationFactory(nom=nom))
    lignes = list(
        csv.reader(
            io.StringIO(client_de("public").get("/partenaires/export.csv").content.decode("utf-8-sig")), delimiter=";"
        )
    )
    assert lignes[1][1] == f"'{nom}"
    feuille = load_workbook(io.BytesIO(client_de("public").get("/partenaires/export.xlsx").content)).active
    assert (feuille["B2"].value, feuille["B2"].data_type) == (nom, "s")


def test_export_columns_and_types(client_de):
    AdhesionFactory(acceptee=True, organisation=OrganisationFactory(nom="Maison Ouverte", sigle="MO"))
    reponse = client_de("public").get("/partenaires/export.xlsx?date=2026-01-14")
    entetes, ligne = cellules(reponse)
    assert entetes == ["Catégorie", "Nom", "Sigle", "Groupe ou fonction", "Partenaire depuis", "Adhésion"]
    assert ligne == [
        "Organismes communautaires",
        "Maison Ouverte",
        "MO",
        None,
        datetime.datetime(2025, 7, 1),
        "Formelle",
    ]
    assert reponse["Content-Disposition"] == 'attachment; filename="partenaires-2026-01-14.xlsx"'
    assert client_de("public").get("/partenaires/export.pdf").status_code == 404


@pytest.mark.parametrize("role", ["public", "coordonnateur"])
@pytest.mark.parametrize("adresse", ["/partenaires/", "/organisations/"])
def test_lists_take_as_many_queries_whatever_the_rows(adresse, role, client_de):
    client = client_de(role)
    comptes = []
    for nb in (1, 2, 20):
        AdhesionFactory.create_batch(nb, acceptee=True)
        AdhesionFactory.create_batch(nb, acceptee=True, citoyenne=True)
        with CaptureQueriesContext(connection) as requetes:
            client.get(adresse)
        comptes.append(len(requetes))
    assert len(set(comptes)) == 1, comptes


def test_empty_list_says_what_to_do(client_de):
    assert "Aucun partenaire à cette date" in client_de("public").get("/partenaires/").content.decode()
