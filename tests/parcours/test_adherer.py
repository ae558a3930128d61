"""Journey 3: an organisation joins from a phone without script, the coordination answers, the list follows."""

import datetime
import re

import pytest
from playwright.sync_api import expect

from demarche.socle.models import Courriel
from partenaires.enums import EtatAdhesion
from partenaires.models import Adhesion
from tests.factories import JOUR
from tests.factories.demarche import DemarcheFactory, ExerciceFactory

ADRESSE = "mireille@exemple.test"
VEILLE = JOUR - datetime.timedelta(days=1)


@pytest.fixture
def coordination(personne_de):
    DemarcheFactory()
    ExerciceFactory()
    return personne_de("coordonnateur")


@pytest.fixture
def telephone(ouvrir_page):
    """A phone where no script runs: forms are posted."""
    return ouvrir_page(width=360, height=740, has_touch=True, is_mobile=True, java_script_enabled=False)


@pytest.fixture
def verifier(page_telephone, verifier_axe):
    """Return a function that checks a page of the phone: axe is a script, it reads the same page in a second phone."""

    def verifier_copie(page):
        corps = page.content()
        page_telephone.unroute_all()
        page_telephone.route(
            page.url, lambda route: route.fulfill(body=corps, content_type="text/html; charset=utf-8")
        )
        page_telephone.goto(page.url, wait_until="domcontentloaded")
        verifier_axe(page_telephone)

    return verifier_copie


def dernier_courriel():
    return Courriel.objects.filter(destinataire=ADRESSE).latest("pk").texte


def demander_et_confirmer(page, verifier):
    """Fill the public form, follow the link of the e-mail, confirm. Return the address of the link."""
    page.goto("/")
    page.get_by_role("link", name="Remplir le formulaire").click()
    verifier(page)
    page.get_by_label("Organisme communautaire").check()
    page.get_by_label("Nom de l’organisation").fill("Cuisines du Nord")
    page.get_by_label("Prénom").fill("Mireille")
    page.get_by_label("Nom", exact=True).fill("Tanguay")
    page.get_by_label("Courriel").fill(ADRESSE)
    page.get_by_label("Oui, en tout ou en partie").check()
    page.get_by_role("button", name="Envoyer ma demande").click()
    expect(page.get_by_text("cochez la case si c’est le cas")).to_be_visible()  # told, nothing lost
    expect(page.get_by_label("Nom de l’organisation")).to_have_value("Cuisines du Nord")
    verifier(page)
    page.get_by_label("J’adhère à cette mission").check()
    page.get_by_role("button", name="Envoyer ma demande").click()
    expect(page.get_by_role("heading", name="Regardez vos courriels")).to_be_visible()
    verifier(page)

    lien = re.search(r"http\S+(/adhesion/confirmer/\S+)", dernier_courriel())[1]
    page.goto(lien)
    assert Adhesion.objects.get().etat == EtatAdhesion.A_CONFIRMER  # opening the link writes nothing
    verifier(page)
    page.get_by_role("button", name="Confirmer ma demande").click()
    expect(page.get_by_text("votre demande est confirmée")).to_be_visible()
    verifier(page)
    return lien


def ouvrir_la_demande(page, verifier_axe):
    page.goto("/espace/")
    page.get_by_role("link", name="Cuisines du Nord").click()
    expect(page.get_by_role("heading", name="Votre décision")).to_be_visible()
    verifier_axe(page)


def test_join_be_accepted_and_appear_in_the_list_of_that_day(
    telephone, page, connecter, coordination, verifier, verifier_axe
):
    lien = demander_et_confirmer(telephone, verifier)

    connecter(page, coordination)
    ouvrir_la_demande(page, verifier_axe)
    expect(page.get_by_label("Organisation")).to_have_value("nouvelle")
    page.get_by_role("button", name="Accepter l’adhésion").click()
    expect(page.get_by_text("Acceptée", exact=True).first).to_be_visible()
    verifier_axe(page)

    # The person reads it, by e-mail and behind the same link.
    assert "Cuisines du Nord" in dernier_courriel()
    telephone.goto(lien)
    expect(telephone.get_by_text("Bienvenue parmi les partenaires")).to_be_visible()
    verifier(telephone)

    # The list has the organisation from that day on, not before.
    telephone.get_by_role("link", name="Voir la liste des partenaires").click()
    expect(telephone.get_by_role("link", name="Cuisines du Nord")).to_be_visible()
    verifier(telephone)
    for jour, nombre in ((VEILLE, 0), (JOUR, 1)):
        telephone.get_by_label("En date du").fill(jour.isoformat())
        telephone.get_by_role("button", name="Voir la liste à cette date").click()
        telephone.wait_for_url(f"**/partenaires/?date={jour.isoformat()}")
        expect(telephone.get_by_role("link", name="Cuisines du Nord")).to_have_count(nombre)
        verifier(telephone)


def test_refusal_reaches_the_person_with_its_reason(telephone, page, connecter, coordination, verifier, verifier_axe):
    lien = demander_et_confirmer(telephone, verifier)
    connecter(page, coordination)
    ouvrir_la_demande(page, verifier_axe)
    page.get_by_text("Refuser", exact=True).click()
    page.get_by_label("Motif du refus").fill("Vos activités ont lieu hors du territoire.")
    page.get_by_role("button", name="Refuser la demande").click()
    expect(page.get_by_text("reçoit le motif par courriel")).to_be_visible()
    verifier_axe(page)

    assert "Vos activités ont lieu hors du territoire." in dernier_courriel()
    telephone.goto(lien)
    expect(telephone.get_by_text("Vos activités ont lieu hors du territoire.")).to_be_visible()
    verifier(telephone)
    telephone.goto("/partenaires/")
    expect(telephone.get_by_role("link", name="Cuisines du Nord")).to_have_count(0)
