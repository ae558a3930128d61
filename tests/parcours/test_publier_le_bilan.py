"""Journey 4: from a target to the bilan that everybody reads: evidence, status, effects, text, draft, publication."""

import io
import re

import pypdf
import pytest
from playwright.sync_api import expect

from evaluation.bilan.enums import SectionNarrative
from evaluation.bilan.models import Bilan
from tests.factories.chantiers import ActiviteFactory, RegleAllocationFactory
from tests.factories.demarche import DemarcheFactory, ExerciceFactory, InstanceGouvernanceFactory
from tests.factories.evaluation import CibleFactory, ResultatTransitoireFactory

STRATEGIE = "Accueillir les familles nouvelles du quartier"
TEXTE = "Une année de portes ouvertes."


@pytest.fixture
def coordination(personne_de, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    DemarcheFactory(objectifs_generaux="Agir ensemble", vision="Un quartier accueillant")
    ExerciceFactory()
    RegleAllocationFactory()
    InstanceGouvernanceFactory(assemblee=True)
    ActiviteFactory(action_collective__titre="Marché du samedi", nb_personnes=40)
    CibleFactory(
        numero=1,
        enonce="Dix familles reçues",
        chiffree=True,
        unite="familles",
        strategie__numero=1,
        strategie__enonce=STRATEGIE,
        strategie__objectif__numero=1,
        strategie__objectif__orientation__numero=1,
    )
    ResultatTransitoireFactory(nom="Des voisins se connaissent")
    return personne_de("coordonnateur")


def texte_du_pdf(reponse):
    """Check that an answer is a PDF; return its words, spaces made equal."""
    assert (reponse.status, reponse.headers["content-type"]) == (200, "application/pdf")
    octets = reponse.body()
    assert octets.startswith(b"%PDF")
    pages = pypdf.PdfReader(io.BytesIO(octets)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def test_from_the_target_to_the_published_bilan(page, ouvrir_page, connecter, coordination, suivre, verifier_axe):
    connecter(page, coordination)
    page.goto("/plan/")
    verifier_axe(page)
    suivre(page.get_by_role("link", name="Dix familles reçues"))
    verifier_axe(page)

    # Said reached without evidence: refused. With it: kept.
    page.get_by_role("combobox", name="Statut").select_option(label="Atteinte")
    page.get_by_role("button", name="Enregistrer le statut").click()
    expect(page.get_by_role("alert")).to_be_visible()
    verifier_axe(page)
    suivre(page.get_by_role("link", name="Ajouter un résultat"))
    verifier_axe(page)
    page.get_by_label("Résultat").fill("Douze familles sont venues aux portes ouvertes.")
    page.get_by_label("Date").fill("2025-11-20")
    page.get_by_label("Nombre obtenu").fill("12")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Douze familles sont venues")).to_be_visible()
    page.get_by_role("combobox", name="Statut").select_option(label="Dépassée")
    page.get_by_role("button", name="Enregistrer le statut").click()
    expect(page.get_by_role("main").get_by_text("Dépassée", exact=True).first).to_be_visible()
    verifier_axe(page)

    # What the strategy changed.
    suivre(page.get_by_role("link", name=STRATEGIE))
    verifier_axe(page)
    suivre(page.get_by_role("link", name="Noter les effets"))
    verifier_axe(page)
    page.get_by_label("Résultats transitoires identifiés").check()
    page.get_by_label("Des voisins se connaissent").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Des voisins se connaissent")).to_be_visible()

    # One text of the bilan, from the page that says what is missing.
    page.goto("/bilan/")
    verifier_axe(page)
    suivre(page.get_by_role("link", name=f"Écrire le texte : {SectionNarrative.CONTEXTE.label}"))
    verifier_axe(page)
    page.get_by_label("Texte").fill(TEXTE)
    page.get_by_role("button", name="Enregistrer").click()
    page.goto("/bilan/")
    expect(page.get_by_role("link", name=f"Modifier le texte : {SectionNarrative.CONTEXTE.label}")).to_be_visible()

    # The draft, then the publication.
    brouillon = page.get_by_role("link", name="Produire le PDF (brouillon)").get_attribute("href")
    mots = texte_du_pdf(page.request.get(brouillon, timeout=60_000))
    for attendu in (STRATEGIE, "Douze familles sont venues", "Des voisins se connaissent", TEXTE, "Marché du samedi"):
        assert attendu in mots
    assert "Brouillon" in mots
    page.get_by_text("Publier cette version").click()
    page.get_by_role("button", name="Oui, publier la version 1").click(timeout=60_000)
    expect(page.get_by_text("est publiée")).to_be_visible(timeout=60_000)
    verifier_axe(page)
    version = Bilan.objects.get()
    assert version.pdf.storage.exists(version.pdf.name)

    # Anybody reads it.
    public = ouvrir_page(width=360, height=740)
    public.goto("/bilans/")
    verifier_axe(public)
    lien = public.get_by_role("link", name=re.compile("^Bilan 2025-2026"))
    mots = texte_du_pdf(public.request.get(lien.get_attribute("href")))
    assert STRATEGIE in mots
    assert "Brouillon" not in mots
