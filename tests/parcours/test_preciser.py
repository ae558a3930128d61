"""A question on a request, answered with a correction; then a change that cancels the ballot, asked first."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from chantiers.demandes.models import DemandeFonds
from chantiers.demandes.services.demandes import soumettre_demande
from demarche.scrutins.enums import EtatScrutin
from demarche.scrutins.models import Scrutin
from demarche.socle.models import Courriel
from tests.factories.chantiers import (
    DemandeFondsFactory,
    EnveloppeFactory,
    PosteDemandeFactory,
    RegleAllocationFactory,
)
from tests.factories.demarche import DemarcheFactory, InstanceGouvernanceFactory, MandatFactory


@pytest.fixture
def demande(transactional_db, personne_de):
    DemarcheFactory()
    RegleAllocationFactory()
    for nom in ("coordination", "comite", "assemblee"):
        InstanceGouvernanceFactory(**{nom: True})
    EnveloppeFactory(nom="Fonds commun")
    MandatFactory()
    demande = DemandeFondsFactory(titre="Tentes du marché", demandeur=personne_de("partenaire"))
    PosteDemandeFactory(demande=demande, libelle="Deux tentes", montant=demande.montant_demande)
    return soumettre_demande(demande.pk, auteur=demande.demandeur)


def test_question_answer_ballot_and_change(
    demande, page, page_telephone, connecter, personne_de, suivre, verifier_axe
):
    # The coordination asks.
    connecter(page, personne_de("coordonnateur"))
    page.goto(demande.get_absolute_url())
    suivre(page.get_by_role("link", name="Demander des précisions"))
    verifier_axe(page)
    page.get_by_label("Votre question").fill("Avez-vous une soumission?")
    page.get_by_role("button", name="Envoyer la question").click()
    expect(page.get_by_text("Précisions demandées").first).to_be_visible()

    # The requester follows the link of the e-mail on a phone, answers and corrects the amount.
    lien = re.search(r"(/demandes/\d+/repondre/)", Courriel.objects.latest("pk").texte)[1]
    connecter(page_telephone, personne_de("partenaire"))
    page_telephone.goto(lien)
    page_telephone.get_by_label("Votre réponse").fill("Oui, elle est moins chère.")
    page_telephone.get_by_text("Corriger la demande elle-même").click()
    page_telephone.get_by_label("Montant", exact=True).first.fill("1 200,00")
    page_telephone.get_by_role("button", name="Ajouter un apport").click()
    verifier_axe(page_telephone)
    page_telephone.get_by_role("button", name="Envoyer la réponse").click()
    expect(page_telephone.get_by_text("de nouveau à l’étude")).to_be_visible()
    assert DemandeFonds.objects.get().montant_demande == Decimal(1200)

    # The coordination puts a part of it to the vote; a change asks before it cancels the ballot.
    page.goto(demande.get_absolute_url())
    page.get_by_role("link", name="Ouvrir le scrutin").click()
    page.get_by_label("Montant soumis au vote").fill("1 000,00")
    page.get_by_label("Enveloppe").select_option(index=1)
    page.get_by_role("button", name="Ouvrir le scrutin").click()
    expect(page.get_by_text("un par personne appelée")).to_be_visible()
    page.goto(f"{demande.get_absolute_url()}modifier/")
    page.get_by_label("Titre").fill("Trois tentes")
    page.get_by_label("Pourquoi vous modifiez cette demande").fill("Le devis en compte trois.")
    page.get_by_role("button", name="Enregistrer la demande").click()
    expect(page.get_by_text("Cochez la case pour le confirmer").first).to_be_visible()
    page.get_by_label("Je comprends").check()
    page.get_by_role("button", name="Enregistrer la demande").click()
    expect(page.get_by_role("heading", name="Trois tentes")).to_be_visible()
    assert Scrutin.objects.get().etat == EtatScrutin.ANNULE
