"""Documents: receive a file, check what it really is, keep it."""

import unicodedata

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from demarche.socle import fichiers
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.models import Document


def nom_lisible(nom: str, extension: str) -> str:
    """Return the file name as typed, without path or control character, with the extension of its real kind."""
    dernier = nom.replace("\\", "/").rsplit("/", 1)[-1]
    tige = "".join(c for c in dernier if unicodedata.category(c)[0] != "C").strip(" .")
    if "." in tige:
        tige = tige.rsplit(".", 1)[0].strip(" .")
    return f"{(tige or 'document')[:150]}.{extension}"


@transaction.atomic
def deposer_document(
    *,
    fichier: "UploadedFile[bytes]",
    titre: str,
    auteur: AbstractBaseUser | None,
    texte_alternatif: str = "",
    est_public: bool = False,
) -> Document:
    """Keep one file and return its document.

    The kind is read from the content; an image is drawn again without its hidden data, 2400 px at most.
    Errors: ErreurMetier, a French sentence, for a size or a kind that is not accepted.
    """
    try:
        type_fichier = fichiers.verifier(fichier)
        contenu: File = (  # type: ignore[type-arg]
            fichiers.nettoyer_image(fichier, type_fichier) if type_fichier.est_image else fichier
        )
    except ValidationError as erreur:
        raise ErreurMetier(erreur.messages[0], code=erreur.code) from erreur
    nom = nom_lisible(fichier.name or "", type_fichier.extension)
    document = Document(
        titre=(titre.strip() or nom.rsplit(".", 1)[0])[:160],
        nom_origine=nom,
        type_contenu=type_fichier.type_contenu,
        taille=contenu.size,
        texte_alternatif=texte_alternatif,
        est_public=est_public,
        depose_par_id=auteur.pk if auteur else None,
    )
    document.fichier.save(nom, contenu, save=False)
    document.full_clean(exclude=["depose_par"])
    document.save()
    return document
