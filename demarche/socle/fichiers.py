"""Uploaded files: what they really are, and images made harmless. No model here."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File

TAILLE_MAXIMALE = 10 * 1024 * 1024
COTE_MAXIMAL = 2400  # pixels kept on the longer side of a photo
PIXELS_MAXIMAUX = 60_000_000  # beyond, opening the image alone could exhaust the memory
MIMETYPE_MAXIMAL = 200

PHOTO_ATTENDUE = "Déposez une photo JPEG ou PNG."
ILLISIBLE = "Cette image est abîmée et ne peut pas être lue. Choisissez-en une autre."
TROP_GRANDE = "Cette image est trop grande : 60 millions de pixels au plus. Réduisez-la, puis recommencez."
FORMES_ACCEPTEES = "PDF, JPEG, PNG, Word (docx), Excel (xlsx) ou LibreOffice (odt, ods)"
TYPE_REFUSE = f"Ce fichier n’est pas lisible ici. Déposez un fichier {FORMES_ACCEPTEES}."


@dataclass(frozen=True)
class TypeFichier:
    """One kind of file that the démarche keeps."""

    extension: str
    type_contenu: str

    @property
    def est_image(self) -> bool:
        return self.type_contenu.startswith("image/")


PDF = TypeFichier("pdf", "application/pdf")
JPEG = TypeFichier("jpg", "image/jpeg")
PNG = TypeFichier("png", "image/png")
DOCX = TypeFichier("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
XLSX = TypeFichier("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
ODT = TypeFichier("odt", "application/vnd.oasis.opendocument.text")
ODS = TypeFichier("ods", "application/vnd.oasis.opendocument.spreadsheet")

TYPES = (PDF, JPEG, PNG, DOCX, XLSX, ODT, ODS)
IMAGES = (JPEG, PNG)
SIGNATURES = {b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG, b"%PDF-": PDF}


def accept_de(types: tuple[TypeFichier, ...]) -> str:
    """Return the `accept` attribute of a file control."""
    return ",".join(f".{type_fichier.extension}" for type_fichier in types)


def verifier(fichier: File, types: tuple[TypeFichier, ...] = TYPES) -> TypeFichier:  # type: ignore[type-arg]
    """Return what a file is, after its size, its real kind and, for an image, its dimensions were accepted.

    Errors: ValidationError with a French sentence that says what to do.
    """
    if not fichier.size:
        raise ValidationError("Ce fichier est vide. Choisissez-en un autre.", code="vide")
    if fichier.size > TAILLE_MAXIMALE:
        raise ValidationError("Ce fichier dépasse 10 Mo. Allégez-le, puis recommencez.", code="taille")
    try:
        trouve = reconnaitre(fichier)
    except ValidationError as erreur:
        if types == IMAGES and erreur.code == "type":
            raise ValidationError(PHOTO_ATTENDUE, code="type") from erreur
        raise
    if trouve not in types:
        raise ValidationError(PHOTO_ATTENDUE, code="type")
    if trouve.est_image:
        with ouvrir_image(fichier, trouve):
            pass
    return trouve


def reconnaitre(fichier: File) -> TypeFichier:  # type: ignore[type-arg]
    """Return what a file is by its content, never by its name.

    Errors: ValidationError, a French sentence, when it is none of the kinds kept here.
    """
    fichier.seek(0)
    debut = fichier.read(1024)
    fichier.seek(0)
    for signature, type_fichier in SIGNATURES.items():
        if debut.startswith(signature):
            return type_fichier
    if debut[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1"}:
        raise ValidationError(
            "Les photos HEIC ne sont pas lisibles partout : enregistrez celle-ci en JPEG, puis recommencez.",
            code="heic",
        )
    trouve = reconnaitre_archive(fichier) if debut.startswith(b"PK\x03\x04") else None
    if trouve is None:
        raise ValidationError(TYPE_REFUSE, code="type")
    return trouve


def reconnaitre_archive(fichier: File) -> TypeFichier | None:  # type: ignore[type-arg]
    """Return which office document a zip file is, reading its directory only; None for any other archive."""
    try:
        with zipfile.ZipFile(fichier) as archive:
            noms = set(archive.namelist())
            if any(nom.lower().endswith("vbaproject.bin") for nom in noms):
                raise ValidationError(
                    "Ce document contient des macros. Enregistrez-le sans macros, puis recommencez.", code="macros"
                )
            if "mimetype" in noms:
                if archive.getinfo("mimetype").file_size > MIMETYPE_MAXIMAL:
                    return None
                declare = archive.read("mimetype").decode("ascii", "replace").strip()
                return next((t for t in (ODT, ODS) if t.type_contenu == declare), None)
            if "[Content_Types].xml" not in noms:
                return None
            return DOCX if "word/document.xml" in noms else XLSX if "xl/workbook.xml" in noms else None
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError):
        return None
    finally:
        fichier.seek(0)


@contextmanager
def ouvrir_image(fichier: File, trouve: TypeFichier) -> Iterator[Any]:  # type: ignore[type-arg]
    """Open an image for Pillow; refuse one that cannot be read, or that would take too much memory."""
    from PIL import Image

    try:
        with Image.open(fichier, formats=["JPEG" if trouve == JPEG else "PNG"]) as image:
            if image.width * image.height > PIXELS_MAXIMAUX:
                raise ValidationError(TROP_GRANDE, code="pixels")
            yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as erreur:
        raise ValidationError(TROP_GRANDE, code="pixels") from erreur
    except (OSError, SyntaxError, ValueError) as erreur:
        raise ValidationError(ILLISIBLE, code="image") from erreur
    finally:
        fichier.seek(0)


def nettoyer_image(fichier: File, trouve: TypeFichier) -> ContentFile:  # type: ignore[type-arg]
    """Return the image drawn again: upright, 2400 px at most, without place, camera or any hidden data."""
    from PIL import Image, ImageOps

    tampon = io.BytesIO()
    with ouvrir_image(fichier, trouve) as source:
        source.draft("RGB", (COTE_MAXIMAL, COTE_MAXIMAL))  # a large JPEG is decoded at a smaller scale
        image = ImageOps.exif_transpose(source)
        image.thumbnail((COTE_MAXIMAL, COTE_MAXIMAL), Image.Resampling.LANCZOS)
        if trouve == JPEG and image.mode != "RGB":
            image = image.convert("RGB")
        elif image.mode not in {"RGB", "RGBA", "L", "LA"}:
            image = image.convert("RGBA")
        profil = image.info.get("icc_profile") if image.mode == "RGB" else None
        neuve = Image.new(image.mode, image.size)
        neuve.paste(image)
        if trouve == JPEG:
            neuve.save(tampon, "JPEG", quality=86, optimize=True, progressive=True, icc_profile=profil)
        else:
            neuve.save(tampon, "PNG", optimize=True, icc_profile=profil)
    return ContentFile(tampon.getvalue())
