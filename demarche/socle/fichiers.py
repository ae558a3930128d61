"""Uploaded files: what they really are, and images made harmless. No model here."""

import io
import zipfile
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File

TAILLE_MAXIMALE = 10 * 1024 * 1024
COTE_MAXIMAL = 2400  # pixels kept on the longer side of a photo
PIXELS_MAXIMAUX = 60_000_000  # beyond, opening the image alone could exhaust the memory
MIMETYPE_MAXIMAL = 200

PHOTO_ATTENDUE = "Déposez une photo JPEG ou PNG."
FORMES_ACCEPTEES = "PDF, JPEG, PNG, Word (docx), Excel (xlsx) ou LibreOffice (odt, ods)"


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


def accept_de(types: tuple[TypeFichier, ...]) -> str:
    """Return the `accept` attribute of a file control."""
    return ",".join(f".{type_fichier.extension}" for type_fichier in types)


def verifier_taille(fichier: File) -> None:  # type: ignore[type-arg]
    """Refuse an empty file, or one of more than 10 MB."""
    if not fichier.size:
        raise ValidationError("Ce fichier est vide. Choisissez-en un autre.", code="vide")
    if fichier.size > TAILLE_MAXIMALE:
        raise ValidationError("Ce fichier dépasse 10 Mo. Allégez-le, puis recommencez.", code="taille")


def reconnaitre(fichier: File) -> TypeFichier:  # type: ignore[type-arg]
    """Return what a file is by its content, never by its name.

    Errors: ValidationError, a French sentence, when it is none of the kinds kept here.
    """
    fichier.seek(0)
    debut = fichier.read(1024)
    fichier.seek(0)
    if debut.startswith(b"\xff\xd8\xff"):
        return JPEG
    if debut.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if debut.startswith(b"%PDF-"):
        return PDF
    if debut.startswith(b"PK\x03\x04"):
        return reconnaitre_archive(fichier)
    if debut[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1"}:
        raise ValidationError(
            "Les photos HEIC ne sont pas lisibles partout : enregistrez celle-ci en JPEG, puis recommencez.",
            code="heic",
        )
    raise ValidationError(f"Ce fichier n’est pas lisible ici. Déposez un fichier {FORMES_ACCEPTEES}.", code="type")


def reconnaitre_archive(fichier: File) -> TypeFichier:  # type: ignore[type-arg]
    """Return which office document a zip file is, reading its directory only."""
    refus = ValidationError(f"Ce fichier n’est pas lisible ici. Déposez un fichier {FORMES_ACCEPTEES}.", code="type")
    try:
        with zipfile.ZipFile(fichier) as archive:
            noms = set(archive.namelist())
            if any(nom.lower().endswith("vbaproject.bin") for nom in noms):
                raise ValidationError(
                    "Ce document contient des macros. Enregistrez-le sans macros, puis recommencez.", code="macros"
                )
            if "mimetype" in noms:
                if archive.getinfo("mimetype").file_size > MIMETYPE_MAXIMAL:
                    raise refus
                declare = archive.read("mimetype").decode("ascii", "replace").strip()
                trouve = next((t for t in (ODT, ODS) if t.type_contenu == declare), None)
            elif "[Content_Types].xml" in noms:
                trouve = DOCX if "word/document.xml" in noms else XLSX if "xl/workbook.xml" in noms else None
            else:
                trouve = None
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as erreur:
        raise refus from erreur
    finally:
        fichier.seek(0)
    if trouve is None:
        raise refus
    return trouve


def verifier(fichier: File, types: tuple[TypeFichier, ...] = TYPES) -> TypeFichier:  # type: ignore[type-arg]
    """Return what a file is, after its size, its real kind and, for an image, its dimensions were accepted.

    Errors: ValidationError with a French sentence that says what to do.
    """
    verifier_taille(fichier)
    try:
        trouve = reconnaitre(fichier)
    except ValidationError as erreur:
        if types == IMAGES and erreur.code == "type":
            raise ValidationError(PHOTO_ATTENDUE, code="type") from erreur
        raise
    if trouve not in types:
        raise ValidationError(PHOTO_ATTENDUE, code="type")
    if trouve.est_image:
        verifier_dimensions(fichier, trouve)
    return trouve


def verifier_dimensions(fichier: File, trouve: TypeFichier) -> None:  # type: ignore[type-arg]
    """Refuse an image that cannot be read, or that would take too much memory to open."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(fichier, formats=[nom_pillow(trouve)]) as image:
            largeur, hauteur = image.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as erreur:
        raise trop_grande() from erreur
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as erreur:
        raise illisible() from erreur
    finally:
        fichier.seek(0)
    if largeur * hauteur > PIXELS_MAXIMAUX:
        raise trop_grande()


def nettoyer_image(fichier: File, trouve: TypeFichier) -> ContentFile:  # type: ignore[type-arg]
    """Return the image drawn again: upright, 2400 px at most, without place, camera or any hidden data."""
    from PIL import Image, ImageOps

    try:
        with Image.open(fichier, formats=[nom_pillow(trouve)]) as source:
            source.draft("RGB", (COTE_MAXIMAL, COTE_MAXIMAL))  # a large JPEG is decoded at a smaller scale
            image = ImageOps.exif_transpose(source)
            image.thumbnail((COTE_MAXIMAL, COTE_MAXIMAL), Image.Resampling.LANCZOS)
            if trouve == JPEG and image.mode != "RGB":
                image = image.convert("RGB")
            elif image.mode not in {"RGB", "RGBA", "L", "LA", "P"}:
                image = image.convert("RGBA")
            profil = image.info.get("icc_profile") if image.mode == "RGB" else None
            neuve = Image.new(image.mode, image.size)
            if image.mode == "P":
                image = image.convert("RGBA")
                neuve = Image.new("RGBA", image.size)
            neuve.paste(image)
            tampon = io.BytesIO()
            if trouve == JPEG:
                neuve.save(tampon, "JPEG", quality=86, optimize=True, progressive=True, icc_profile=profil)
            else:
                neuve.save(tampon, "PNG", optimize=True, icc_profile=profil)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as erreur:
        raise trop_grande() from erreur
    except (OSError, SyntaxError, ValueError) as erreur:
        raise illisible() from erreur
    finally:
        fichier.seek(0)
    return ContentFile(tampon.getvalue())


def nom_pillow(trouve: TypeFichier) -> str:
    return "JPEG" if trouve == JPEG else "PNG"


def trop_grande() -> ValidationError:
    return ValidationError(
        "Cette image est trop grande : 60 millions de pixels au plus. Réduisez-la, puis recommencez.", code="pixels"
    )


def illisible() -> ValidationError:
    return ValidationError("Cette image est abîmée et ne peut pas être lue. Choisissez-en une autre.", code="image")
