"""The demonstration: one click to be somebody, the outbox on a page; nowhere else."""

import pytest
from django.urls import NoReverseMatch, include, path, reverse

from demarche.urls import urlpatterns as du_site
from evaluation.demo.views import morceaux
from tests.factories.demarche import CourrielFactory, MandatFactory, UtilisateurFactory

urlpatterns = [path("", include("evaluation.demo.urls")), *du_site]


@pytest.fixture
def demo(settings, db):
    settings.DEMO = True
    settings.ROOT_URLCONF = __name__


def test_routes_do_not_exist_in_production(db, client):
    with pytest.raises(NoReverseMatch):
        reverse("demo_connexion")
    for chemin in ("", "1/connecter/", "courriels/", "courriels/1/"):
        assert client.get(f"/demonstration/{chemin}").status_code == 404


def test_views_refuse_by_themselves_outside_the_demonstration(settings, db, client):
    settings.ROOT_URLCONF = __name__
    compte = UtilisateurFactory(agent=True, email="agent@demo.example")
    assert client.post(f"/demonstration/{compte.pk}/connecter/").status_code == 404
    for chemin in ("", "courriels/"):
        assert client.get(f"/demonstration/{chemin}").status_code == 404


def test_each_persona_has_a_button_and_a_line(demo, client):
    agent = UtilisateurFactory(agent=True, email="agent@demo.example")
    membre = MandatFactory(utilisateur__email="membre@demo.example", siege__libelle="Ville").utilisateur
    UtilisateurFactory(agent=True, email="reel@exemple.test")
    UtilisateurFactory(email="rien@demo.example")
    UtilisateurFactory(agent=True, email="parti@demo.example", is_active=False)
    personas = client.get("/demonstration/").context["personas"]
    assert [(p.compte, p.titres) for p in personas] == [
        (agent, ("Agente ou agent",)),
        (membre, ("Comité de pilotage, Ville",)),
    ]
    assert personas[1].capacite == "Vote sur les demandes de fonds."


def test_one_click_signs_in_and_leads_on(demo, client):
    compte = UtilisateurFactory(agent=True, email="agent@demo.example")
    reponse = client.post(f"/demonstration/{compte.pk}/connecter/")
    assert reponse.url == "/espace/"
    assert client.get("/espace/").wsgi_request.user == compte
    assert len(client.get("/compte/sessions/").context["sessions"]) == 1
    adresse = f"/demonstration/{compte.pk}/connecter/"
    assert client.post(adresse, {"next": "/rencontres/"}).url == "/rencontres/"
    assert client.post(adresse, {"next": "https://ailleurs.example/"}).url == "/espace/"


def test_only_personas_may_be_chosen(demo, client):
    vrai = UtilisateurFactory(agent=True, email="reel@exemple.test")
    assert client.post(f"/demonstration/{vrai.pk}/connecter/").status_code == 404
    assert client.get(f"/demonstration/{vrai.pk}/connecter/").status_code == 405


def test_empty_demonstration_says_what_to_run(demo, client):
    assert "charger_demo" in client.get("/demonstration/").content.decode()
    assert "Aucun courriel" in client.get("/demonstration/courriels/").content.decode()


def test_outbox_links_lead_inside_only(demo, client):
    courriel = CourrielFactory(
        texte="Votez : http://testserver/demandes/1/fiche/?a=1. Voir http://ailleurs.example/x <b>gras</b>"
    )
    page = client.get(f"/demonstration/courriels/{courriel.pk}/").content.decode()
    assert '<a href="/demandes/1/fiche/?a=1">http://testserver/demandes/1/fiche/?a=1</a>. Voir' in page
    assert 'href="http://ailleurs.example' not in page
    assert "&lt;b&gt;gras&lt;/b&gt;" in page
    assert courriel.sujet in client.get("/demonstration/courriels/").content.decode()


@pytest.mark.parametrize(
    ("texte", "liens"),
    [
        ("http://ici/a/", ["/a/"]),
        ("(http://ici/a/)", ["/a/"]),
        ("http://ici", ["/"]),
        ("http://ici@ailleurs/a/", []),
        ("http://ici.ailleurs/a/", []),
        ("javascript:alert(1)", []),
        ("http://ici//ailleurs/a", ["/ailleurs/a"]),
    ],
)
def test_only_our_host_is_a_link(texte, liens):
    coupes = morceaux(texte, {"ici"})
    assert "".join(t for t, _ in coupes) == texte
    assert [url for _, url in coupes if url] == liens
