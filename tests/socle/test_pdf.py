"""The one door to PDF: tagged, deterministic, closed to everything outside; and the diagrams it carries."""

import io
from types import SimpleNamespace

import page
import pytest
from pypdf import PdfReader

from demarche.gouvernance import diagrammes
from demarche.gouvernance.diagrammes import (
    DiagrammeImpossible,
    decideurs_dessines,
    schema_allocation,
    schema_gouvernance,
    schema_rapports,
)
from demarche.gouvernance.enums import GenreInstance
from demarche.socle import pdf
from demarche.socle.pdf import ImagePdf, RessourceRefusee, render_pdf, reponse_pdf

CARRE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0c"
    b"IDATx\x9cc```\x00\x00\x00\x04\x00\x01\xf6\x178U\x00\x00\x00\x00IEND\xaeB`\x82"
)


def lire(octets):
    return PdfReader(io.BytesIO(octets))


def test_pdf_is_tagged_and_carries_its_title_and_language():
    octets = render_pdf("<h1>Un essai</h1><p>Dépensé : 12 $.</p>", titre="Procès-verbal")
    assert page.is_pdf_compliant_bytes(octets)
    lecteur = lire(octets)
    assert lecteur.metadata.title == "Procès-verbal"
    assert lecteur.trailer["/Root"]["/Lang"] == "fr-CA"


def test_same_input_gives_the_same_bytes():
    html = "<h1>Un</h1><p>Deux</p>"
    assert render_pdf(html, titre="T") == render_pdf(html, titre="T")


def test_our_fonts_are_embedded_and_no_other():
    lecteur = lire(render_pdf("<h1>Titre</h1><p>Texte ≥ → ✓</p>", titre="T"))
    noms = {police["/BaseFont"].split("+")[-1] for police in lecteur.pages[0]["/Resources"]["/Font"].values()}
    assert noms
    assert all("Source" in nom for nom in noms)


@pytest.mark.parametrize(
    "source",
    [
        "http://127.0.0.1:1/x.png",
        "https://exemple.org/x.png",
        "file:///etc/passwd",
        "ftp://exemple.org/x.png",
        "x.png",
        "//exemple.org/x.png",
        "statique:../demarche/settings/base.py",
        "statique:css/demarche.css",
        "image:absente",
    ],
)
def test_anything_from_outside_stops_the_rendering(source):
    with pytest.raises(RessourceRefusee):
        render_pdf(f'<h1>T</h1><img src="{source}" alt="x">', titre="T")


@pytest.mark.parametrize(
    "css", ["@import url(https://exemple.org/a.css);", "p { background: url(file:///etc/hostname) }"]
)
def test_a_stylesheet_fetches_nothing_either(css):
    with pytest.raises(RessourceRefusee):
        render_pdf(f"<style>{css}</style><h1>T</h1><p>x</p>", titre="T")


def test_images_handed_over_and_data_addresses_are_served():
    html = '<h1>T</h1><img src="image:carre" alt="Carré"><img src="data:image/svg+xml,%3Csvg/%3E" alt="Vide">'
    octets = render_pdf(html, titre="T", images={"carre": ImagePdf(CARRE, "image/png")})
    assert len(lire(octets).pages[0].images) == 1


def test_missing_own_file_fails_loudly(monkeypatch):
    pdf.lire_statique.cache_clear()
    monkeypatch.setattr(pdf.finders, "find", lambda nom: None)
    with pytest.raises(RessourceRefusee, match="manque à l’application"):
        render_pdf("<h1>T</h1>", titre="T")
    pdf.lire_statique.cache_clear()


def test_unknown_stylesheet_is_refused():
    with pytest.raises(RessourceRefusee):
        render_pdf("<h1>T</h1>", titre="T", feuilles=("css/demarche.css",))


def test_a_block_that_cannot_be_set_is_allowed_to_break(caplog):
    texte = " ".join(f"mot{i}" for i in range(1500))
    html = (
        "<style>tr { break-inside: avoid } .o { break-after: avoid } @page { size: letter landscape }</style>"
        '<h1>T</h1><table class="tableau"><thead><tr><th scope="col">a</th></tr></thead>'
        f'<tbody class="o"><tr><td>O</td></tr></tbody><tbody><tr><td>{texte}</td></tr></tbody></table>'
    )
    lu = " ".join(p.extract_text() for p in lire(render_pdf(html, titre="T")).pages)
    assert "mot1499" in lu
    assert "sans blocs insécables" in caplog.text


# Diagrams


def instance(pk, nom, genre, parent_id=None):
    return SimpleNamespace(pk=pk, nom=nom, genre=genre, parent_id=parent_id)


GOUVERNANCE = [
    instance(1, "Assemblée", GenreInstance.ASSEMBLEE),
    instance(2, "Comité <b>& cie</b>", GenreInstance.COMITE_PILOTAGE, 1),
    instance(3, "Table des aînés", GenreInstance.CONCERTATION, 2),
    instance(4, "Table jeunesse", GenreInstance.CONCERTATION, 2),
]


def test_gouvernance_is_drawn_from_rows_and_escaped():
    diagramme = schema_gouvernance(GOUVERNANCE)
    assert "<b>" not in diagramme.svg
    assert "Comité &lt;b&gt;&amp; cie&lt;/b&gt;" in diagramme.svg
    assert "Concertations locales" in diagramme.svg  # the two tables share one box
    assert diagramme.svg.count("<rect") == 3
    assert diagramme.description == (
        "De « Assemblée » relèvent : Comité <b>& cie</b>. "
        "De « Comité <b>& cie</b> » relèvent : Table des aînés et Table jeunesse."
    )


def test_svg_has_its_title_first_and_no_inline_style():
    svg = schema_gouvernance(GOUVERNANCE).svg
    assert svg.index("<title>") == svg.index(">") + 1
    assert "style=" not in svg
    assert svg == schema_gouvernance(GOUVERNANCE).svg


def test_gouvernance_without_instance_is_empty():
    assert schema_gouvernance([]).svg == ""


def test_allocation_writes_its_thresholds():
    from decimal import Decimal

    diagramme = schema_allocation(
        noms=decideurs_dessines([]), seuil_comite=Decimal("1000"), seuil_assemblee=Decimal("50000.50")
    )
    assert "1\xa0000\xa0$" in diagramme.description
    assert "50\xa0000,50\xa0$" in diagramme.description
    assert "«\xa0Comité de pilotage\xa0» de" in diagramme.description


def test_allocation_names_the_instances_by_their_rows():
    from decimal import Decimal

    noms = decideurs_dessines(
        [
            SimpleNamespace(pk=1, nom="Cercle directeur", genre="comite_pilotage", parent_id=None),
            SimpleNamespace(pk=2, nom="Un second comité", genre="comite_pilotage", parent_id=None),
            SimpleNamespace(pk=3, nom="Chantier jeunes", genre="comite_chantier", parent_id=None),
        ]
    )
    assert noms == {
        "coordination": "Coordination",
        "comite_pilotage": "Cercle directeur",
        "assemblee": "Assemblée des partenaires",
    }
    diagramme = schema_allocation(noms=noms, seuil_comite=Decimal(1000), seuil_assemblee=Decimal(50000))
    assert "Comité de pilotage" not in diagramme.svg + diagramme.description
    assert diagramme.description.count("Cercle directeur") == 2


def test_rapports_describe_both_sides():
    diagramme = schema_rapports(
        centre="La démarche", gauche=("concertations", ["A", "B"]), droite=("chantiers", ["C"]), titre="T"
    )
    assert diagramme.description == "La démarche se tient entre 2 concertations (A et B) et 1 chantiers (C)."


def test_missing_dot_says_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "/nulle-part")
    with pytest.raises(DiagrammeImpossible, match="installez-le"):
        schema_gouvernance(GOUVERNANCE)


def test_a_long_word_is_cut_to_its_box():
    lignes = diagrammes.couper("a" * 60, largeur=100, gras=False, taille=9)
    assert len(lignes) > 1
    assert all(diagrammes.largeur_texte(ligne, gras=False, taille=9) <= 100 for ligne in lignes)


def test_pdf_answer_is_kept_by_no_cache():
    reponse = reponse_pdf(b"%PDF-", "lettre.pdf")
    assert dict(reponse.items()) == {
        "Content-Type": "application/pdf",
        "Content-Disposition": 'inline; filename="lettre.pdf"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
