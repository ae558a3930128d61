"""Journey 1: a chantier, an action, its budget on one page with live totals, an activity with its photo."""

import io
import re

import pytest
from PIL import Image

from chantiers.actions.models import ActionCollective, Activite
from chantiers.budget.models import LigneBudgetaire
from tests.factories.chantiers import ActionCollectiveFactory, ActiviteFactory, ChantierFactory, LigneBudgetaireFactory
from tests.factories.demarche import DemarcheFactory, ExerciceFactory
from tests.factories.partenaires import OrganisationFactory


@pytest.fixture
def coordination(personne_de):
    DemarcheFactory()
    ExerciceFactory()
    return personne_de("coordonnateur")


def test_coordinator_enters_an_action_its_budget_and_an_activity(page, connecter, coordination, verifier_axe):
    partenaire = OrganisationFactory(nom="Maison Ouverte")
    connecter(page, coordination)

    page.goto("/chantiers/")
    page.get_by_role("link", name="Nouveau chantier").click()
    page.get_by_label("Nom", exact=True).fill("Sécurité alimentaire")
    page.get_by_role("button", name="Créer le chantier").click()

    page.get_by_role("link", name="Nouvelle action").click()
    page.get_by_label("Titre").fill("Marché solidaire")
    page.get_by_label("Résumé").fill("Des fruits et des légumes à bas prix.")
    page.get_by_label("Structurante", exact=True).check()
    page.get_by_label("Début").fill("2025-09-01")
    page.get_by_label("Maison Ouverte").check()
    verifier_axe(page)
    page.get_by_role("button", name="Créer l’action").click()
    action = ActionCollective.objects.get()
    assert (action.chantier.nom, list(action.partenaires.all())) == ("Sécurité alimentaire", [partenaire])

    page.get_by_role("complementary").get_by_role("link", name="Ajouter le budget").click()
    revenus, depenses = page.locator('[data-formset="revenu"]'), page.locator('[data-formset="depense"]')
    revenus.locator("[data-ligne]").nth(0).get_by_label("Description").fill("Subvention")
    revenus.locator("[data-ligne]").nth(0).get_by_label("Prévu").fill("5 000")
    for rang, (texte, prevu) in enumerate([("Impression", "1 234,50 $"), ("Salle", "500")]):
        ligne = depenses.locator("[data-ligne]").nth(rang)
        ligne.get_by_label("Description").fill(texte)
        ligne.get_by_label("Prévu").fill(prevu)
    depenses.get_by_role("button", name="Ajouter une ligne").click()
    ajoutee = depenses.locator("[data-ligne]").nth(3)
    ajoutee.get_by_label("Description").fill("Transport")
    ajoutee.get_by_label("Prévu").fill("65,50")
    assert depenses.locator('[data-total-de="prevu-depense"]').inner_text() == "1\u00a0800,00\u00a0$"
    assert page.locator("[data-difference]").first.inner_text() == "3\u00a0200,00\u00a0$"
    verifier_axe(page)
    page.get_by_role("button", name="Enregistrer le budget").click()
    page.get_by_text("Le budget est enregistré.").wait_for()
    assert LigneBudgetaire.objects.count() == 4


def test_note_an_activity_on_a_phone(page_telephone, connecter, coordination, verifier_axe):
    page, action = page_telephone, ActionCollectiveFactory(titre="Marché solidaire")
    connecter(page, coordination)
    page.goto("/activites/noter/")
    page.get_by_label("Action", exact=True).select_option(label="Marché solidaire")
    page.get_by_label("Activité", exact=True).fill("Premier mercredi")
    page.get_by_label("Personnes rejointes").fill("2 000")
    page.get_by_label("Estimé").check()
    page.get_by_label("Heures citoyennes").fill("7 h 30")
    tampon = io.BytesIO()
    Image.new("RGB", (60, 40), "orange").save(tampon, "JPEG")
    page.locator("#id_photo_recue").set_input_files(
        {"name": "marche.jpg", "mimeType": "image/jpeg", "buffer": tampon.getvalue()}
    )
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_text("Décrivez la photo en une phrase.").wait_for()  # told, nothing lost
    assert page.get_by_label("Personnes rejointes").input_value() == "2 000"
    page.get_by_label("Ce que montre la photo").fill("L’étal du marché")
    page.locator("#id_photo_recue").set_input_files(
        {"name": "marche.jpg", "mimeType": "image/jpeg", "buffer": tampon.getvalue()}
    )
    verifier_axe(page)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_text("Premier mercredi", exact=True).wait_for()
    activite = Activite.objects.get()
    assert (activite.nb_personnes, activite.fiabilite, activite.heures_citoyennes) == (2000, "estime", 7.5)
    assert activite.action_collective == action
    image = page.locator(".photos img")
    image.scroll_into_view_if_needed()
    assert image.evaluate("async img => { await img.decode(); return img.naturalWidth }") == 60


def test_budget_without_script(ouvrir_page, connecter, coordination):
    action = ActionCollectiveFactory()
    page = ouvrir_page(java_script_enabled=False)
    connecter(page, coordination)
    page.goto(f"/actions/{action.pk}/budget/")
    ligne = page.locator('[data-formset="depense"] [data-ligne]').nth(0)
    ligne.get_by_label("Description").fill("Impression")
    ligne.get_by_label("Prévu").fill("12,5x")
    page.get_by_role("button", name="Enregistrer le budget").click()
    assert page.get_by_text(re.compile("Écrivez un montant")).is_visible()
    page.locator('[data-formset="depense"] [data-ligne]').nth(0).get_by_label("Prévu").fill("12,50")
    page.get_by_role("button", name="Enregistrer le budget").click()
    assert "12,50" in page.content()
    assert LigneBudgetaire.objects.count() == 1


@pytest.mark.parametrize("largeur", [1280, 360])
def test_pages_are_accessible_and_never_overflow(ouvrir_page, connecter, coordination, verifier_axe, largeur):
    action = ActiviteFactory(nb_personnes=40, fiabilite="estime", heures_citoyennes=7.5).action_collective
    LigneBudgetaireFactory(action_collective=action, bailleur="Ville", gestionnaire="CDC", montant_prevu=1234)
    ChantierFactory()
    page = ouvrir_page(width=largeur)
    connecter(page, coordination)
    chantier = f"/chantiers/{action.chantier_id}/"
    for adresse in (
        "/chantiers/",
        chantier,
        f"{chantier}objectifs/",
        "/actions/",
        action.get_absolute_url(),
        "/activites/",
        "/budget/",
        "/budget/lignes/",
        "/budget/sommes-residuelles/",
        "/budget/sommes-residuelles/modifier/",
        "/enveloppes/",
        "/enveloppes/nouvelle/",
        "/reglages/allocation/",
        "/reglages/allocation/nouvelle/",
    ):
        page.goto(adresse)
        verifier_axe(page)
