import datetime
import uuid

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from demarche.comptes.models import Utilisateur
from demarche.socle.models import Courriel
from partenaires.models import Adhesion, Organisation
from partenaires.queries.liste import partenaires_en_date
from tests.factories import JOUR
from tests.factories.demarche import DemarcheFactory
from tests.factories.partenaires import AdhesionFactory, ConsentementFactory, OrganisationFactory
from tests.partenaires.donnees import MISSION, formulaire

pytestmark = pytest.mark.django_db
ADHESION = "/adhesion/"


@pytest.fixture(autouse=True)
def demarche():
    return DemarcheFactory(mission=MISSION, responsable_renseignements="Robin Cyr")


@pytest.fixture
def public(client_de):
    return client_de("public")


@pytest.mark.regle("R12")
def test_page_names_the_responsible_person_and_ticks_nothing(public):
    page = public.get(ADHESION).content.decode()
    assert "Robin Cyr" in page
    assert MISSION in page
    assert "checked" not in page


@pytest.mark.regle("R12")
def test_whole_path(public, client_de, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        reponse = public.post(ADHESION, formulaire(consent_infolettre="on"), follow=True)
    assert reponse.redirect_chain == [("/adhesion/merci/", 302)]
    adhesion = Adhesion.objects.get()
    lien = reverse("partenaires:adhesion_confirmer", args=[adhesion.jeton])
    assert f"http://testserver{lien}" in mail.outbox[0].body

    # Opening the link, as a mail scanner does, confirms nothing.
    assert "Confirmer ma demande" in public.get(lien).content.decode()
    adhesion.refresh_from_db()
    assert adhesion.etat == "a_confirmer"

    for _ in range(2):
        page = public.post(lien, follow=True).content.decode()
        assert "28 janvier 2026".replace(" ", "\u00a0") in page
    adhesion.refresh_from_db()
    assert (adhesion.etat, adhesion.history.count()) == ("a_etudier", 2)

    equipe = client_de("coordonnateur")
    assert "Cuisines du Nord" in equipe.get(reverse("partenaires:adhesion_liste")).content.decode()
    reponse = equipe.post(
        reverse("partenaires:adhesion_accepter", args=[adhesion.pk]),
        {"du": "2026-01-14", "organisation": "nouvelle", "inviter": "on"},
    )
    assert reponse.status_code == 302
    assert Organisation.objects.get(nom="Cuisines du Nord")
    assert Utilisateur.objects.filter(email="mireille@exemple.test").exists()
    assert "Bienvenue" in public.get(lien).content.decode()
    assert "Cuisines du Nord" in public.get("/partenaires/").content.decode()
    assert "Cuisines du Nord" not in public.get("/partenaires/?date=2026-01-13").content.decode()


def test_refusal_reaches_the_person(public, client_de):
    adhesion = AdhesionFactory(a_etudier=True)
    adresse = reverse("partenaires:adhesion_refuser", args=[adhesion.pk])
    page = client_de("coordonnateur").post(adresse, {"motif": ""}).content.decode()
    assert "Écrivez le motif du refus" in page
    client_de("coordonnateur").post(adresse, {"motif": "Votre action se passe à Lévis."})
    suivi = public.get(reverse("partenaires:adhesion_confirmer", args=[adhesion.jeton])).content.decode()
    assert "Votre action se passe à Lévis." in suivi
    assert "Votre action se passe à Lévis." in Courriel.objects.get().texte


def test_double_click_makes_one_adhesion(public):
    donnees = formulaire()
    assert public.post(ADHESION, donnees).url == public.post(ADHESION, donnees).url == "/adhesion/merci/"
    assert (Adhesion.objects.count(), Courriel.objects.count()) == (1, 1)


def test_answer_is_the_same_for_a_known_address(public):
    AdhesionFactory(acceptee=True, courriel="mireille@exemple.test", nom_organisation="Cuisines du Nord")
    OrganisationFactory(nom="Cuisines du Nord")
    connue = public.post(ADHESION, formulaire())
    inconnue = public.post(ADHESION, formulaire(courriel="autre@exemple.test", nom_organisation="Ailleurs"))
    assert (connue.status_code, connue.url) == (inconnue.status_code, inconnue.url) == (302, "/adhesion/merci/")


def test_robot_is_thanked_and_forgotten(public):
    reponse = public.post(ADHESION, formulaire(site_internet="http://spam.test"))
    assert reponse.url == "/adhesion/merci/"
    assert (Adhesion.objects.count(), Courriel.objects.count()) == (0, 0)


def test_too_many_links_to_one_mailbox(public):
    for _ in range(5):
        assert public.post(ADHESION, formulaire()).status_code == 302
    reponse = public.post(ADHESION, formulaire(nom_organisation="Écrit pour rien"))
    assert reponse.status_code == 429
    page = reponse.content.decode()
    assert "Trop de formulaires" in page
    assert "Écrit pour rien" in page
    assert Adhesion.objects.count() == 5


@pytest.mark.regle("R12")
def test_too_many_forms_from_one_place(public, horloge):
    for rang in range(60):
        assert public.post(ADHESION, formulaire(courriel=f"p{rang}@exemple.test")).status_code == 302
    assert public.post(ADHESION, formulaire(courriel="p60@exemple.test")).status_code == 429
    horloge.shift(datetime.timedelta(hours=1))
    assert public.post(ADHESION, formulaire(courriel="p60@exemple.test")).status_code == 302


def test_refused_form_keeps_what_was_typed_as_text(public):
    page = public.post(ADHESION, formulaire(prenom="<b>Anne</b>", courriel="pas un courriel")).content.decode()
    assert "&lt;b&gt;Anne&lt;/b&gt;" in page
    assert "<b>Anne</b>" not in page
    assert 'value="pas un courriel"' in page
    assert Adhesion.objects.count() == 0


def test_markup_is_text_on_every_page(public, client_de):
    balise = "<script>alert(1)</script>"
    adhesion = AdhesionFactory(
        acceptee=True,
        citoyenne=True,
        prenom=balise,
        nom="x",
        fonction=balise,
        commentaire=balise,
        texte_mission=balise,
    )
    ConsentementFactory(adhesion=adhesion)
    for page in (
        public.get("/partenaires/"),
        public.get(reverse("partenaires:adhesion_confirmer", args=[adhesion.jeton])),
        client_de("coordonnateur").get(adhesion.get_absolute_url()),
        client_de("coordonnateur").get("/adhesions/?etat="),
    ):
        texte = page.content.decode()
        assert "&lt;script&gt;alert" in texte
        assert balise not in texte


def test_expired_link_says_what_to_do(public, horloge):
    adhesion = AdhesionFactory()
    horloge.shift(datetime.timedelta(days=31))
    lien = reverse("partenaires:adhesion_confirmer", args=[adhesion.jeton])
    page = public.post(lien, follow=True).content.decode()
    assert "n’est plus valable" in page
    assert "Confirmer ma demande" not in page
    assert public.get(reverse("partenaires:adhesion_confirmer", args=[uuid.uuid4()])).status_code == 404


def test_link_is_kept_from_others(public):
    reponse = public.get(reverse("partenaires:adhesion_confirmer", args=[AdhesionFactory().jeton]))
    assert reponse["Referrer-Policy"] == "same-origin"  # the address leaks nowhere; browsers can still post
    assert "no-store" in reponse["Cache-Control"]


def test_acceptance_offers_the_near_names(client_de):
    proche = OrganisationFactory(nom="Ludothèque de Charlesbourg")
    adhesion = AdhesionFactory(a_etudier=True, nom_organisation="Ludotheque Charlesbourg")
    client = client_de("coordonnateur")
    page = client.get(adhesion.get_absolute_url()).content.decode()
    assert "Noms voisins" in page
    assert f'<option value="{proche.pk}" selected>' in page
    client.post(
        reverse("partenaires:adhesion_accepter", args=[adhesion.pk]),
        {"du": "14 janvier 2026", "organisation": proche.pk},
    )
    assert [o.pk for o in partenaires_en_date(JOUR).organisations] == [proche.pk]


@pytest.mark.parametrize("date", ["02/01/2026", "2026-02-30", "bientôt"])
def test_acceptance_refuses_an_ambiguous_date(date, client_de):
    adhesion = AdhesionFactory(a_etudier=True)
    adresse = reverse("partenaires:adhesion_accepter", args=[adhesion.pk])
    reponse = client_de("coordonnateur").post(adresse, {"du": date, "organisation": "nouvelle"})
    assert reponse.status_code == 200
    assert date in reponse.content.decode()
    adhesion.refresh_from_db()
    assert adhesion.etat == "a_etudier"


def test_paper_form_typed_by_the_team(client_de):
    donnees = formulaire(courriel="", categorie="citoyen", consent_publication_nom="on")
    client = client_de("agent")
    premiere = client.post("/adhesions/nouvelle/", donnees)
    assert premiere.url == client.post("/adhesions/nouvelle/", donnees).url
    adhesion = Adhesion.objects.get()
    assert premiere.url == adhesion.get_absolute_url()
    assert (adhesion.etat, adhesion.consentements.get(finalite="publication_nom").est_accorde) == ("a_etudier", True)


@pytest.mark.parametrize("etat", ["", "a_etudier", "acceptee"])
def test_list_takes_as_many_queries_whatever_the_rows(etat, client_de):
    client = client_de("coordonnateur")
    comptes = []
    for nb in (1, 2, 20):
        AdhesionFactory.create_batch(nb, **({etat: True} if etat else {}))
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(f"/adhesions/?etat={etat}").status_code == 200
        comptes.append(len(requetes))
    assert len(set(comptes)) == 1, comptes
