"""The bilan: its draft, made once for each state of the data, and its published versions, which never change."""

import hashlib

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Exercice
from demarche.socle.donnees_figees import vers_json
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.ecriture import enregistrer
from evaluation.bilan.document.composition import composer_bilan
from evaluation.bilan.document.donnees import BilanCompose, empreinte_donnees
from evaluation.bilan.document.rendu import Mention, empreinte_brouillon, rendre_pdf
from evaluation.bilan.models import Bilan
from evaluation.bilan.queries.bilans import derniere_version
from evaluation.bilan.queries.verifications import rapport_de_verification

UN_JOUR = 24 * 3600
MESSAGE_CHANGEMENT = (
    "Les données ont changé pendant que le PDF se préparait. Relisez le brouillon, puis publiez de nouveau."
)


def ce_qui_bloque(exercice: Exercice) -> list[str]:
    """Return why the bilan cannot be published, in French; the page shows it, the service refuses with it."""
    rapport = rapport_de_verification(exercice)
    bloquants = [lot for groupe in rapport.groupes if groupe.gravite == "bloquant" for lot in groupe.lots]
    return [constat.phrase for lot in bloquants for constat in lot.constats]


def produire_brouillon(exercice: Exercice) -> bytes:
    """Return the PDF of the bilan as the data stand, marked « Brouillon »; drawn once for each state of the data."""
    bilan = composer_bilan(exercice)
    cle = f"bilan-brouillon:{exercice.code}:{empreinte_brouillon(bilan)}"
    octets: bytes | None = cache.get(cle)
    if octets is None:
        octets = rendre_pdf(bilan)
        cache.set(cle, octets, UN_JOUR)
    return octets


def publier_bilan(exercice: Exercice, *, auteur: Utilisateur) -> Bilan:
    """Publish the bilan as a new numbered version: its data, its PDF and their digest, never to change (R10).

    Same data as the last version: that version is returned, nothing is written.
    The PDF, seconds long, is drawn before the exercice is locked; under the lock the data are read again, and
    a version made meanwhile or a change refuses the publication.
    Errors: ErreurMetier for a blocking check, or for data that changed meanwhile.
    """
    if blocages := ce_qui_bloque(exercice):
        raise ErreurMetier(f"Avant de publier, réglez ceci : {' '.join(blocages)}")
    bilan = composer_bilan(exercice)
    derniere = derniere_version(exercice)
    if derniere is not None and dit(derniere, bilan):
        return derniere
    numero = derniere.numero + 1 if derniere else 1
    octets = rendre_pdf(bilan, Mention(numero, timezone.localdate()))
    return _enregistrer_version(exercice, bilan, numero, octets, auteur=auteur)


def dit(version: Bilan, bilan: BilanCompose) -> bool:
    """Return whether a published version holds the same data as this bilan."""
    return empreinte_donnees(version.donnees) == empreinte_donnees(vers_json(bilan))


@transaction.atomic
def _enregistrer_version(
    exercice: Exercice, bilan: BilanCompose, numero: int, octets: bytes, *, auteur: Utilisateur
) -> Bilan:
    """Write the version under the lock of its exercice, once sure that nothing moved since it was drawn."""
    verrouille = Exercice.objects.select_for_update(of=("self",)).get(pk=exercice.pk)
    derniere = derniere_version(verrouille)
    if derniere is not None and dit(derniere, bilan):
        return derniere
    if (derniere and derniere.numero >= numero) or composer_bilan(verrouille) != bilan:
        raise ErreurMetier(MESSAGE_CHANGEMENT)
    version = Bilan(
        exercice=verrouille,
        numero=numero,
        schema=bilan.schema,
        donnees=vers_json(bilan),
        empreinte=hashlib.sha256(octets).hexdigest(),
        publie_par=auteur,
    )
    version.pdf.save("bilan.pdf", ContentFile(octets), save=False)
    return enregistrer(version, auteur=auteur, motif=f"Publication de la version {numero}")


def lire_version(version: Bilan) -> bytes:
    """Return the PDF of a published version, after checking it against its digest.

    Errors: ErreurMetier when the file is gone or is no longer the one that was published.
    """
    try:
        with version.pdf.open("rb") as fichier:
            octets: bytes = fichier.read()
    except OSError as erreur:
        raise ErreurMetier(f"Le PDF de « {version} » n’est plus sur le serveur.") from erreur
    if hashlib.sha256(octets).hexdigest() != version.empreinte:
        raise ErreurMetier(f"Le PDF de « {version} » ne correspond plus à son empreinte : il n’est pas servi.")
    return octets
