"""Home, agenda, « Mon espace »."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from demarche.comptes.protocoles import PAGES, Attente, Pages
from demarche.gouvernance.protocoles import REGLES, EtapeInstallation, Regles
from tests.factories import JOUR
from tests.factories.demarche import DemarcheFactory, ExerciceFactory, PointOrdreDuJourFactory, RencontreFactory

pytestmark = pytest.mark.django_db
ACCUEIL, AGENDA, ESPACE = "/", "/agenda/", "/espace/"


def test_new_installation_leads_its_coordination(client_de, monkeypatch):
    monkeypatch.setattr(REGLES, "_toutes", list(REGLES)[:1])  # those of the governance
    assert "Cette installation est neuve" in client_de("public").get(ACCUEIL).content.decode()
    assert "L’espace se prépare" in client_de("agent").get(ACCUEIL).content.decode()
    page = client_de("coordonnateur").get(ACCUEIL)
    assert reverse("gouvernance:demarche_modifier") in page.content.decode()
    assert len(page.context["etapes"]) == 5


def test_a_step_whose_page_is_closed_to_the_reader_has_no_link(client_de, monkeypatch):
    etape = EtapeInstallation("Étape du haut", "Son utilité.", "", False)

    class ReglesAuDessus(Regles):
        def etapes(self, utilisateur):
            return [etape]

    monkeypatch.setattr(REGLES, "_toutes", [ReglesAuDessus()])
    assert "<p>Étape du haut</p>" in client_de("administrateur").get(ACCUEIL).content.decode()


def test_home_says_the_mission_and_the_next_meetings(client_de):
    DemarcheFactory(objectifs_generaux="Agir ensemble\n<b>Partager</b>")
    for ecart in (-1, 0, 1, 2, 3):
        RencontreFactory(titre=f"Rencontre {ecart}.", date=JOUR + datetime.timedelta(days=ecart), est_publique=True)
    RencontreFactory(titre="Séance interne", date=JOUR)
    page = client_de("public").get(ACCUEIL)
    texte = page.content.decode()
    assert "Réunir les forces du milieu" in texte
    assert "&lt;b&gt;Partager&lt;/b&gt;" in texte
    prochaines = dict(page.context["cote"])["rencontres/_prochaines.html"]["rencontres"]
    assert [r.titre for r in prochaines] == ["Rencontre 0.", "Rencontre 1.", "Rencontre 2."]
    assert "Séance interne" not in texte


def test_agenda_shows_public_meetings_only(client_de):
    DemarcheFactory()
    a_venir = RencontreFactory(titre="À venir", date=JOUR, est_publique=True, notes="Secret de l’équipe")
    PointOrdreDuJourFactory(rencontre=a_venir, titre="Un mot du quartier", notes="Secret du point")
    PointOrdreDuJourFactory(rencontre=a_venir, titre="Le salaire secret", est_public=False)
    RencontreFactory(titre="Passée", date=JOUR - datetime.timedelta(days=1), est_publique=True)
    RencontreFactory(titre="Interne", date=JOUR)
    page = client_de("public").get(AGENDA)
    texte = page.content.decode()
    assert [r.titre for r, _ in page.context["a_venir"]] == ["À venir"]
    assert [r.titre for r, _ in page.context["page"]] == ["Passée"]
    assert "Un mot" in texte
    assert "secret" not in texte.lower()
    assert "Interne" not in texte


def test_agenda_gives_the_meetings_to_come_twelve_at_a_time(client_de):
    DemarcheFactory()
    for jours in range(13):
        date = JOUR + datetime.timedelta(days=jours)
        PointOrdreDuJourFactory(rencontre=RencontreFactory(date=date, est_publique=True))
    client = client_de("public")
    assert len(client.get(AGENDA).context["a_venir"]) == 12
    assert [r.date for r, _ in client.get(AGENDA + "?a_venir=2").context["a_venir"]] == [date]


def test_empty_agenda_says_so(client_de):
    assert "Aucune rencontre annoncée" in client_de("public").get(AGENDA).content.decode()


@pytest.mark.parametrize("adresse", [ACCUEIL, AGENDA])
def test_public_pages_cost_the_same_for_many_rows(adresse, client_de):
    DemarcheFactory()
    ExerciceFactory()
    client = client_de("public")
    couts = []
    for _ in range(3):
        PointOrdreDuJourFactory(rencontre__est_publique=True)
        RencontreFactory(est_publique=True, date=JOUR - datetime.timedelta(days=1))
        with CaptureQueriesContext(connection) as cout:
            client.get(adresse)
        couts.append(len(cout))
    assert len(set(couts)) == 1


def test_what_waits_comes_first_by_date(client_de, monkeypatch):
    attentes = [
        Attente("À compléter", "Sans date", "/c/"),
        Attente("À voter", "Plus tard", "/b/", JOUR + datetime.timedelta(days=9)),
        Attente("À décider", "Bientôt", "/a/", JOUR + datetime.timedelta(days=1)),
    ]

    class PagesQuiAttendent(Pages):
        def attentes(self, utilisateur):
            return attentes

    monkeypatch.setattr(PAGES, "_toutes", [PagesQuiAttendent()])
    page = client_de("agent").get(ESPACE)
    assert [a.libelle for a in page.context["attentes"]] == ["Bientôt", "Plus tard", "Sans date"]
    assert "demain" in page.content.decode()


def test_empty_space_says_so(client_de, monkeypatch):
    monkeypatch.setattr(PAGES, "_toutes", [])
    assert "Rien ne vous attend" in client_de("partenaire").get(ESPACE).content.decode()


def test_steps_are_for_those_who_can_take_them(client_de):
    assert client_de("coordonnateur").get(ESPACE).context["etapes"]
    assert client_de("agent").get(ESPACE).context["etapes"] == []
