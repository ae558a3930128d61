"""The one door to PDF: tagged, deterministic, closed to everything outside."""

import io

import page
import pytest
from pypdf import PdfReader

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


def test_pdf_answer_is_kept_by_no_cache():
    reponse = reponse_pdf(b"%PDF-", "lettre.pdf")
    assert dict(reponse.items()) == {
        "Content-Type": "application/pdf",
        "Content-Disposition": 'inline; filename="lettre.pdf"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
