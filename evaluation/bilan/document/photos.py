"""Photos of the bilan, read from the store and brought to the size of the page."""

import io

from django.core.files.storage import default_storage

from demarche.socle.erreurs import ErreurMetier
from demarche.socle.pdf import POINTS_PAR_POUCE, ImagePdf
from evaluation.bilan.document.donnees import BilanCompose

LARGEUR_POUCES = 3.2
COTE = int(LARGEUR_POUCES * POINTS_PAR_POUCE)
PAR_CHANTIER = 4


def lire_photos(bilan: BilanCompose) -> dict[str, ImagePdf]:
    """Return the photos that the document shows, at most four a chantier, at 150 dots an inch.

    Errors: ErreurMetier when the store no longer has one.
    """
    photos = [photo for chantier in bilan.actions.chantiers for photo in chantier.photos[:PAR_CHANTIER]]
    return {photo.cle: reduire(photo.chemin, photo.texte_alternatif) for photo in photos}


def reduire(chemin: str, nom: str) -> ImagePdf:
    """Return one stored image as a JPEG no wider than its place on the page."""
    from PIL import Image

    try:
        with default_storage.open(chemin) as fichier, Image.open(fichier) as source:
            image = source.convert("RGB")
            image.thumbnail((COTE, COTE), Image.Resampling.LANCZOS)
            tampon = io.BytesIO()
            image.save(tampon, "JPEG", quality=82, optimize=True)
    except OSError as erreur:
        raise ErreurMetier(
            f"La photo « {nom} » ne se lit plus : retirez-la de son activité, puis recommencez."
        ) from erreur
    return ImagePdf(tampon.getvalue(), "image/jpeg")
