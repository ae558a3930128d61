"""The versions of the cadre de référence: added when the assemblée adopts one, completed later."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import CadreReference, Resolution
from demarche.socle.concurrence import verifier_empreinte
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.models import Document
from demarche.socle.services.documents import deposer_document
from demarche.socle.services.ecriture import a_change, affecter, ecrire


@transaction.atomic
def ajouter_cadre(
    *, champs: Mapping[str, Any], fichier: "UploadedFile[bytes] | None", auteur: Utilisateur
) -> CadreReference:
    """Add one version of the cadre de référence, with its document if there is one.

    Errors: ErreurMetier when the resolution is not one of the assemblée.
    """
    exiger_assemblee(champs["resolution"])
    cadre = CadreReference(document=document_du_cadre(champs["version"], fichier, auteur))
    return ecrire(affecter(cadre, champs), auteur=auteur)


@transaction.atomic
def modifier_cadre(
    cadre: CadreReference,
    *,
    empreinte: str,
    champs: Mapping[str, Any],
    fichier: "UploadedFile[bytes] | None",
    auteur: Utilisateur,
) -> CadreReference:
    """Complete one version; without a new file its document stays. Its history keeps what it said before.

    Errors: ErreurMetier when somebody changed it since, or when the resolution is not one of the assemblée.
    """
    exiger_assemblee(champs["resolution"])
    verrou = CadreReference.objects.select_for_update(of=("self",)).get(pk=cadre.pk)
    if fichier is None and all(getattr(verrou, nom) == valeur for nom, valeur in champs.items()):
        return verrou
    verifier_empreinte([verrou], empreinte)
    if fichier is not None:
        verrou.document = document_du_cadre(champs["version"], fichier, auteur)
    affecter(verrou, champs)
    return ecrire(verrou, auteur=auteur) if a_change(verrou) else verrou


def exiger_assemblee(resolution: Resolution | None) -> None:
    """Refuse a resolution of another instance: the assemblée adopts the cadre de référence."""
    if resolution is not None and resolution.instance_gouvernance.genre != GenreInstance.ASSEMBLEE:
        raise ErreurMetier({"resolution": "L’assemblée adopte le cadre de référence : choisissez une des siennes."})


def document_du_cadre(version: str, fichier: "UploadedFile[bytes] | None", auteur: Utilisateur) -> Document | None:
    """Keep the document of one version."""
    if fichier is None:
        return None
    return deposer_document(fichier=fichier, titre=f"Cadre de référence, {version}", auteur=auteur)
