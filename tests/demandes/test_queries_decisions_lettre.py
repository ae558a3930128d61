"""What the letter of a decision says, to whom, and that it tells a refusal kindly."""

import io
from decimal import Decimal

import pytest
from pypdf import PdfReader

from chantiers.demandes.notifications import annoncer_decision
from chantiers.demandes.queries.decisions import pdf_lettre
from demarche.gouvernance.models import Demarche
from demarche.socle.models import Courriel
from tests.factories.chantiers import DemandeFondsFactory
from tests.factories.demarche import DemarcheFactory, ResolutionFactory, UtilisateurFactory
from tests.factories.partenaires import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def coordonnatrice():
    DemarcheFactory()
    return UtilisateurFactory(coordonnateur=True)


def lire(demande):
    lecteur = PdfReader(io.BytesIO(pdf_lettre(demande, Demarche.objects.first())))
    texte = " ".join(page.extract_text() for page in lecteur.pages)
    return len(lecteur.pages), " ".join(texte.replace("\xa0", " ").split())


def test_grant_in_part_says_all_there_is_to_know(coordonnatrice):
    demande = DemandeFondsFactory(
        accordee=True,
        organisation=OrganisationFactory(nom="Café du coin"),
        montant_accorde=Decimal(1200),
        conditions="Un reçu par dépense.",
        motif_decision="Bien préparé.",
    )
    pages, texte = lire(demande)
    assert pages == 1
    for attendu in (
        "Café du coin",
        f"À l’attention de : {demande.demandeur}",
        "Votre demande est accordée en partie",
        "1 200,00 $ sur les 1 500,00 $ demandés",
        "Un reçu par dépense.",
        "Bien préparé.",
        demande.resolution.code,
        demande.enveloppe.gestionnaire,
        coordonnatrice.email,
    ):
        assert attendu in texte


def test_refusal_is_kind_and_speaks_of_no_payment(coordonnatrice):
    demande = DemandeFondsFactory(refusee=True, resolution=ResolutionFactory())
    _, texte = lire(demande)
    assert "Votre demande n’est pas accordée" in texte
    assert "Merci d’avoir présenté cette demande" in texte
    assert "L’enveloppe est épuisée." in texte
    assert "versée" not in texte


def test_letter_without_coordination_nor_resolution_still_reads(coordonnatrice):
    coordonnatrice.roles_attribues.all().delete()
    _, texte = lire(DemandeFondsFactory(refusee=True))
    assert "Résolution" not in texte


def test_email_of_a_decision_gives_its_conditions_and_the_letter():
    demande = DemandeFondsFactory(accordee=True, conditions="Un reçu par dépense.")
    annoncer_decision(demande, commentaires=[])
    texte = Courriel.objects.get().texte
    assert "Un reçu par dépense." in texte
    assert f"{demande.get_absolute_url()}lettre.pdf" in texte
