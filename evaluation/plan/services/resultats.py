"""Evidence of a target: write it, remove it."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.services.exercices import exiger_exercice_ouvert
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.documents import deposer_document
from demarche.socle.services.ecriture import enregistrer, supprimer
from evaluation.plan.enums import STATUTS_AVEC_PREUVE
from evaluation.plan.models import Cible, Resultat


@transaction.atomic
def enregistrer_resultat(
    resultat: Resultat, *, auteur: Utilisateur, fichier: "UploadedFile[bytes] | None" = None
) -> Resultat:
    """Save one piece of evidence, with the file that comes along if there is one.

    Errors: ErreurMetier for a closed exercice, a number without unit, a file that is not accepted.
    """
    exiger_exercice_ouvert(resultat.cible.exercice)
    if fichier is not None:
        resultat.document = deposer_document(fichier=fichier, titre="", auteur=auteur)
    return enregistrer(resultat, auteur=auteur)


@transaction.atomic
def supprimer_resultat(resultat: Resultat, *, auteur: Utilisateur) -> None:
    """Remove one piece of evidence.

    Errors: ErreurMetier for a closed exercice, or when the status of the target rests on it alone (R14).
    """
    cible = Cible.objects.select_for_update(of=("self",)).get(pk=resultat.cible_id)
    exiger_exercice_ouvert(cible.exercice)
    if cible.statut in STATUTS_AVEC_PREUVE and not cible.resultats.exclude(pk=resultat.pk).exists():
        raise ErreurMetier(
            f"La cible est dite «\u00a0{cible.get_statut_display().lower()}\u00a0» et ce résultat est sa seule "
            "preuve. Changez d’abord le statut, ou ajoutez un autre résultat."
        )
    supprimer(resultat, auteur=auteur)
