"""Journey 2: a partner asks, the comité votes on a phone with an e-mailed code, the partner reads why."""

import re

import pytest
from playwright.sync_api import expect

from chantiers.enums import EtatDemande
from chantiers.models import DemandeFonds
from demarche.models import Courriel
from tests.factories.chantiers import ActionCollectiveFactory, EnveloppeFactory, RegleAllocationFactory
from tests.factories.demarche import DemarcheFactory, ExerciceFactory, InstanceGouvernanceFactory, MandatFactory


@pytest.fixture
def maison(transactional_db):
    """A démarche that can decide: rule, instances, an action, an envelope, three seats."""
    DemarcheFactory()
    ExerciceFactory()
    RegleAllocationFactory()
    for nom in ("coordination", "comite", "assemblee"):
        InstanceGouvernanceFactory(**{nom: True})
    EnveloppeFactory(nom="Fonds commun")
    ActionCollectiveFactory(titre="Marché du samedi")
    return [MandatFactory(utilisateur__email=f"siege{n}@exemple.test").utilisateur for n in range(3)]


def dernier_courriel(adresse):
    return Courriel.objects.filter(destinataire=adresse).latest("pk").texte


def entrer_par_code(page, adresse):
    page.get_by_label("Courriel").fill(adresse)
    page.get_by_role("button", name="Recevoir un code").click()
    page.wait_for_load_state()
    code = re.search(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]+)*)\s*$", dernier_courriel(adresse), re.M)[1]
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name=re.compile("Entrer|Se connecter|Confirmer|Continuer")).click()


def test_ask_vote_and_read_the_decision(
    maison, page, page_telephone, ouvrir_page, connecter, personne_de, verifier_axe
):
    # The partner asks.
    connecter(page, personne_de("partenaire"))
    page.goto("/demandes/nouvelle/")
    verifier_axe(page)
    page.get_by_label("Action collective").select_option(label="Marché du samedi")
    page.get_by_label("Titre").fill("Tentes du marché")
    page.get_by_label("Motif").fill("Abriter les gens de la pluie.")
    page.get_by_label("Poste").first.fill("Deux tentes")
    page.get_by_label("Montant").first.fill("1 234,50 $")
    expect(page.locator("[data-total-de=poste]")).to_have_text(re.compile(r"1.234,50.\$"))
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.get_by_role("button", name="Soumettre la demande").click()
    expect(page.get_by_role("heading", name="Qui décide : Comité de pilotage")).to_be_visible()
    verifier_axe(page)

    # The coordination opens the ballot.
    coordination = ouvrir_page()
    connecter(coordination, personne_de("coordonnateur"))
    coordination.goto("/espace/")
    coordination.get_by_role("link", name="Tentes du marché").click()
    coordination.get_by_role("link", name="Ouvrir le scrutin").click()
    verifier_axe(coordination)
    coordination.get_by_label("Enveloppe").select_option(index=1)
    coordination.get_by_role("button", name="Ouvrir le scrutin").click()
    expect(coordination.get_by_text("chaque siège reçoit un courriel")).to_be_visible()

    # A member follows the link of the e-mail on a phone, signs in by code, and lands on the sheet.
    lien = re.search(r"http\S+/fiche/", dernier_courriel("siege0@exemple.test"))[0]
    page_telephone.goto(lien.replace("http://testserver", ""))
    entrer_par_code(page_telephone, "siege0@exemple.test")
    expect(page_telephone.get_by_role("heading", name="Tentes du marché")).to_be_visible()
    verifier_axe(page_telephone)
    page_telephone.get_by_label("Pour").check()
    page_telephone.get_by_role("button", name="Envoyer mon vote").click()
    expect(page_telephone.get_by_text("Votre vote est enregistré")).to_be_visible()

    # The two others vote without JavaScript; the last one closes the ballot.
    for membre in maison[1:]:
        autre = ouvrir_page(width=360, height=740, java_script_enabled=False)
        connecter(autre, membre)
        autre.goto(lien.replace("http://testserver", ""))
        autre.get_by_label("Pour").check()
        autre.get_by_label("Commentaire").fill("Bonne idée.")
        autre.get_by_role("button", name="Envoyer mon vote").click()
    expect(autre.get_by_role("heading", name="Résultat")).to_be_visible()
    demande = DemandeFonds.objects.get()
    assert (demande.etat, demande.resolution.numero) == (EtatDemande.ACCORDEE, 1)

    # The partner reads the decision and its reason, by e-mail and on the page.
    assert "Bonne idée." in dernier_courriel(personne_de("partenaire").email)
    page.goto(demande.get_absolute_url())
    expect(page.get_by_role("heading", name="Décision", exact=True)).to_be_visible()
    expect(page.get_by_text(demande.resolution.code)).to_be_visible()
    verifier_axe(page)
