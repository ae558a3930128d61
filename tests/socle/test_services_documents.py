"""Files: known by their content, images made harmless."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from demarche.socle import fichiers
from demarche.socle.champs import FichierField
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.models import Document
from demarche.socle.services.documents import deposer_document
from tests.factories.demarche import UtilisateurFactory

PDF = b"%PDF-1.7\n%%EOF\n"


def image(forme="JPEG", taille=(40, 30), mode="RGB", **options):
    tampon = io.BytesIO()
    Image.new(mode, taille, "red" if mode == "RGB" else None).save(tampon, forme, **options)
    return tampon.getvalue()


def archive(**contenus):
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as zipf:
        for nom, texte in contenus.items():
            zipf.writestr(nom.replace("__", "/").replace("_DOT_", "."), texte)
    return tampon.getvalue()


DOCX = archive(**{"[Content_Types]_DOT_xml": "x", "word__document_DOT_xml": "x"})
MACROS = archive(**{"[Content_Types]_DOT_xml": "x", "word__document_DOT_xml": "x", "word__vbaProject_DOT_bin": "x"})
XLSX = archive(**{"[Content_Types]_DOT_xml": "x", "xl__workbook_DOT_xml": "x"})
ODT = archive(mimetype=fichiers.ODT.type_contenu)
ODS = archive(mimetype=fichiers.ODS.type_contenu)


def recu(contenu, nom="piece.jpg"):
    return SimpleUploadedFile(nom, contenu)


@pytest.mark.parametrize(
    ("contenu", "attendu"),
    [
        (PDF, fichiers.PDF),
        (image(), fichiers.JPEG),
        (image("PNG"), fichiers.PNG),
        (DOCX, fichiers.DOCX),
        (XLSX, fichiers.XLSX),
        (ODT, fichiers.ODT),
        (ODS, fichiers.ODS),
    ],
)
def test_kind_is_read_from_the_content(contenu, attendu):
    assert fichiers.verifier(recu(contenu, "n-importe-quoi.exe")) == attendu


@pytest.mark.parametrize(
    ("contenu", "code"),
    [
        (b"MZ\x90\x00 this program cannot be run", "type"),  # a program renamed to .jpg
        (b"<html><script>alert(1)</script>", "type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "type"),
        (b"GIF89a", "type"),
        (b"PK\x03\x04 cut short", "type"),
        (archive(**{"autre_DOT_txt": "x"}), "type"),
        (archive(mimetype="application/epub+zip"), "type"),
        (archive(mimetype="x" * 500), "type"),
        (
            archive(
                **{"[Content_Types]_DOT_xml": "x", "word__document_DOT_xml": "x", "word__vbaProject_DOT_bin": "x"}
            ),
            "macros",
        ),
        (b"\x00\x00\x00\x18ftypheic", "heic"),
        (b"\xff\xd8\xff\xe0 not really", "image"),
        (b"", "vide"),
    ],
)
def test_other_contents_are_refused_in_french(contenu, code):
    with pytest.raises(ValidationError) as erreur:
        fichiers.verifier(recu(contenu))
    assert erreur.value.code == code
    assert erreur.value.messages[0].endswith(".")


def test_size_is_limited_on_both_sides(monkeypatch):
    fichier = recu(PDF, "piece.pdf")
    monkeypatch.setattr(fichiers, "TAILLE_MAXIMALE", len(PDF))
    assert fichiers.verifier(fichier) == fichiers.PDF
    monkeypatch.setattr(fichiers, "TAILLE_MAXIMALE", len(PDF) - 1)
    with pytest.raises(ValidationError, match="dépasse 10 Mo"):
        fichiers.verifier(fichier)


def test_huge_image_is_refused_before_it_is_opened(monkeypatch):
    monkeypatch.setattr(fichiers, "PIXELS_MAXIMAUX", 40 * 30)
    assert fichiers.verifier(recu(image()))
    monkeypatch.setattr(fichiers, "PIXELS_MAXIMAUX", 40 * 30 - 1)
    with pytest.raises(ValidationError, match="trop grande"):
        fichiers.verifier(recu(image()))


def test_decompression_bomb_is_refused():
    """A PNG of 20 000 × 20 000 pixels in a few kilobytes."""
    bombe = bytearray(image("PNG"))
    bombe[16:24] = (20_000).to_bytes(4, "big") * 2
    import zlib

    bombe[29:33] = zlib.crc32(bytes(bombe[12:29])).to_bytes(4, "big")
    with pytest.raises(ValidationError, match="trop grande"):
        fichiers.verifier(recu(bytes(bombe)))


@pytest.mark.django_db
def test_photo_loses_its_hidden_data_and_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010F] = "Appareil de Ginette"
    exif.get_ifd(0x8825)[1] = "N"
    document = deposer_document(
        fichier=recu(image(taille=(40, 30), exif=exif)), titre="Fête", auteur=UtilisateurFactory()
    )
    with document.fichier.open() as fichier:
        contenu = fichier.read()
    lue = Image.open(io.BytesIO(contenu))
    assert (lue.size, dict(lue.getexif())) == ((30, 40), {})
    assert b"Ginette" not in contenu


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("forme", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("JPEG", "L"), ("JPEG", "CMYK")]
)
def test_large_image_of_any_mode_is_reduced(forme, mode, monkeypatch):
    monkeypatch.setattr(fichiers, "COTE_MAXIMAL", 20)
    document = deposer_document(
        fichier=recu(image(forme, (40, 30), mode)), titre="Photo", auteur=None, texte_alternatif="Une table"
    )
    assert Image.open(document.fichier).size == (20, 15)
    assert document.taille == document.fichier.size
    assert document.texte_alternatif == "Une table"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("nom", "garde"),
    [
        ("Rapport final.docx", "Rapport final.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\docs\\a.pdf", "a.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("a\u202efdp.exe", "afdp.pdf"),
        ("x" * 200 + ".pdf", "x" * 96 + ".pdf"),
    ],
)
def test_name_is_cleaned_and_takes_its_real_extension(nom, garde):
    fichier = recu(PDF, "x.pdf")
    fichier._name = nom
    document = deposer_document(fichier=fichier, titre="", auteur=None)
    assert document.nom_origine[-len(garde) :] == garde
    assert document.type_contenu == "application/pdf"
    assert document.fichier.name.startswith("documents/")
    assert "x" * 30 not in document.fichier.name


@pytest.mark.django_db
def test_refused_file_leaves_nothing():
    with pytest.raises(ErreurMetier, match="n’est pas lisible ici"):
        deposer_document(fichier=recu(b"MZ\x90"), titre="Photo", auteur=None)
    assert not Document.objects.exists()


def test_field_refuses_beside_itself():
    assert FichierField().clean(recu(PDF))
    with pytest.raises(ValidationError, match="Déposez une photo JPEG ou PNG"):
        FichierField(images_seulement=True).clean(recu(PDF))
    assert FichierField(required=False).clean(None) is None
    assert FichierField(images_seulement=True).widget.attrs["accept"] == ".jpg,.png"
