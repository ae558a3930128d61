"""The versions of the cadre de référence: added when the assemblée adopts one, completed later."""

import datetime

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
    *,
    version: str,
    adopte_le: datetime.date,
    texte: str,
    definition_partenaire: str,
    fichier: "UploadedFile[bytes] | None",
    resolution: Resolution | None,
    auteur: Utilisateur,
) -> CadreReference:
    """Add one version of the cadre de référence, with its document if there is one.

    Errors: ErreurMetier when the resolution is not one of the assemblée.
    """
    exiger_assemblee(resolution)
    cadre = CadreReference(
        version=version,
        adopte_le=adopte_le,
        texte=texte,
        definition_partenaire=definition_partenaire,
        document=document_du_cadre(version, fichier, auteur),
        resolution=resolution,
    )
    return ecrire(affecter(cadre, {}), auteur=auteur)


@transaction.atomic
def modifier_cadre(
    cadre: CadreReference,
    *,
    empreinte: str,
    version: str,
    adopte_le: datetime.date,
    texte: str,
    definition_partenaire: str,
    fichier: "UploadedFile[bytes] | None",
    resolution: Resolution | None,
    auteur: Utilisateur,
) -> CadreReference:
    """Complete one version; without a new file its document stays. Its history keeps what it said before.

    Errors: ErreurMetier when somebody changed it since, or when the resolution is not one of the assemblée.
    """
    exiger_assemblee(resolution)
    verrou = CadreReference.objects.select_for_update(of=("self",)).get(pk=cadre.pk)
    donnees = {
        "version": version,
        "adopte_le": adopte_le,
        "texte": texte,
        "definition_partenaire": definition_partenaire,
        "resolution": resolution,
    }
    if fichier is None and all(getattr(verrou, nom) == valeur for nom, valeur in donnees.items()):
        return verrou
    verifier_empreinte([verrou], empreinte)
    if fichier is not None:
        donnees["document"] = document_du_cadre(version, fichier, auteur)
    affecter(verrou, donnees)
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
