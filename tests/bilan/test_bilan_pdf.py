"""Render: a valid tagged PDF whose tables of contents tell the truth, from a small exercice and from the sample."""

import io
import re

import page
import pytest
from pypdf import PdfReader

from demarche.gouvernance.models import Exercice
from evaluation.bilan.document.composition import composer_bilan
from evaluation.bilan.document.rendu import Mention, rendre_html, rendre_pdf
from evaluation.bilan.models import Narratif
from tests.bilan.donnees_bilan import petit_exercice
from tests.factories import chantiers as c
from tests.factories import demarche as d
from tests.factories import evaluation as e

ENTETE = "Stratégies d’action"


def textes(octets):
    return [" ".join(p.extract_text().split()) for p in PdfReader(io.BytesIO(octets)).pages]


def texte(octets):
    return " ".join(textes(octets))


def lignes_du_sommaire(octets):
    """Return (title, page) for each line of the two tables of contents."""
    lignes = []
    for feuille in PdfReader(io.BytesIO(octets)).pages[1:4]:
        for ligne in feuille.extract_text().splitlines():
            trouve = re.fullmatch(r"(.+?)\s*\.{3,}\s*(\d+)", ligne.strip())
            if trouve:
                lignes.append((" ".join(trouve[1].split()), int(trouve[2])))
    return lignes


@pytest.fixture
def exercice(db):
    return petit_exercice()


def test_small_bilan_is_valid_escaped_deterministic_and_marked(exercice):
    bilan = composer_bilan(exercice)
    octets = rendre_pdf(bilan)
    rapport = page.validate_pdf_bytes(octets)
    assert [f.rule_id for f in rapport.failures] == []
    assert octets == rendre_pdf(composer_bilan(exercice))
    lu = texte(octets)
    assert "<script>alert(1)</script>" in lu
    assert "Clinique <b>du</b> bail" in lu
    assert "Brouillon" in lu
    assert "Secrète" not in lu
    assert "Discrète" not in lu


def test_public_photo_is_printed_with_its_description(exercice):
    from django.core.files.base import ContentFile
    from PIL import Image

    tampon = io.BytesIO()
    Image.new("RGB", (1600, 1200), "#3f6a76").save(tampon, "JPEG")
    fichier = ContentFile(tampon.getvalue(), "marche.jpg")
    document = d.DocumentFactory(
        fichier=fichier, type_contenu="image/jpeg", est_public=True, texte_alternatif="Des gens au marché"
    )
    c.ActiviteFactory(photo=document)
    octets = rendre_pdf(composer_bilan(exercice))
    assert page.is_pdf_compliant_bytes(octets)
    tailles = {i.image.size for p in PdfReader(io.BytesIO(octets)).pages for i in p.images}
    assert len(tailles) == 1
    assert max(tailles.pop()) <= 480  # at most 3.2 inches at 150 dots an inch
    assert "Des gens au marché" in texte(octets)


def test_published_mention_replaces_the_draft_mark(exercice):
    html = rendre_html(composer_bilan(exercice), Mention(2, exercice.fin))
    assert "Version 2, 30\xa0juin\xa02026" in html
    assert "Brouillon" not in html


def test_empty_exercice_renders_one_sentence_a_section(db):
    d.DemarcheFactory()
    octets = rendre_pdf(composer_bilan(d.ExerciceFactory()))
    assert page.is_pdf_compliant_bytes(octets)
    assert "Rien n’a été inscrit dans cette section pour l’exercice 2025-2026." in texte(octets)


def test_nothing_is_lost_in_long_or_hostile_texts(exercice, caplog):
    mots = " ".join(f"mot{i}" for i in range(1500))
    Narratif.objects.update(texte=f"{mots}\n\n{'x' * 400}FIN1")
    longue = c.ActionCollectiveFactory(titre="T" * 150, resume=f"{mots} FIN2")
    cible = e.CibleFactory(exercice=exercice)
    e.ResultatFactory(cible=cible, texte=f"{mots} FIN3")
    e.ResultatFactory(cible=cible, texte="y" * 300 + "FIN4")
    c.ActiviteFactory.create_batch(120, action_collective=c.ActionCollectiveFactory(titre="Longue"), titre="Acte")
    for rang in range(45):
        c.ActiviteFactory(
            action_collective__titre=f"Action numéro {rang}", action_collective__chantier=longue.chantier
        )
    d.InstanceGouvernanceFactory(role=f"{mots} FIN5")
    e.ResultatTransitoireFactory(definition=f"{mots} FIN6")
    octets = rendre_pdf(composer_bilan(exercice))
    assert [f.rule_id for f in page.validate_pdf_bytes(octets).failures] == []
    lu = texte(octets).replace("-", "").replace(" ", "")
    assert all(f"FIN{i}" in lu for i in range(1, 7))
    assert lu.count("mot1499") == 5
    assert lu.count("Acte") == 120
    assert not caplog.records  # nothing had to be drawn again


def test_whole_sample_bilan(demo):
    bilan = composer_bilan(Exercice.objects.get(code="2023-2024"))
    octets = rendre_pdf(bilan)
    rapport = page.validate_pdf_bytes(octets)
    assert [f.rule_id for f in rapport.failures] == []
    pages = textes(octets)
    # The tables of contents tell the true page of every section and figure.
    sommaire = lignes_du_sommaire(octets)
    assert len(sommaire) >= 20
    for titre, numero in sommaire:
        assert titre.replace(" ", "")[:40] in pages[numero - 1].replace(" ", ""), titre
    assert sum(titre.startswith("Figure ") for titre, _ in sommaire) == 7
    # The synthesis is landscape, with its header on each of its pages.
    debut = dict(sommaire)["Synthèse des résultats"]
    fin = dict(sommaire)["Annexe 1 – Les partenaires"]
    feuilles = PdfReader(io.BytesIO(octets)).pages[debut - 1 : fin - 1]
    assert len(feuilles) > 2
    for feuille, lu in zip(feuilles, pages[debut - 1 : fin - 1], strict=True):
        assert feuille.mediabox.width > feuille.mediabox.height
        assert ENTETE in lu
    # Every strategy, every action and every partner is there.
    lu = " ".join(pages).replace(" ", "")
    for strategie in (s for o in bilan.synthese.orientations for s in o.strategies):
        assert strategie.code in lu
    for action in bilan.actions.actions:
        assert action.titre.replace(" ", "").replace("'", "’") in lu.replace("\xa0", "")
    for nom in (n for g in bilan.annexe_partenaires.groupes for n in g.noms):
        assert nom.replace(" ", "").replace("'", "’").replace("-", "") in lu.replace("-", "")
