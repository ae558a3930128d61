"""The narrative texts of the bilan."""

from django.db import transaction

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.services.exercices import exiger_exercice_ouvert
from demarche.socle.concurrence import MESSAGE_CONFLIT, verrouiller_version
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.ecriture import a_change, enregistrer
from evaluation.bilan.enums import SectionNarrative
from evaluation.bilan.models import Narratif


@transaction.atomic
def ecrire_narratif(
    exercice: Exercice, section: str, *, auteur: Utilisateur, texte: str, version: int
) -> Narratif | None:
    """Write the text of one section of the bilan of an exercice; version 0 means that there was none yet.

    Guarantees: a section has one text; an empty text saved on an empty section makes no row.
    Errors:     ErreurMetier for a closed exercice, or when somebody wrote meanwhile (code « conflit »).
    """
    exiger_exercice_ouvert(exercice)
    existant = Narratif.objects.filter(exercice=exercice, section=section).first()
    if existant is None:
        if version:
            raise ErreurMetier(MESSAGE_CONFLIT, code="conflit")
        if not texte.strip():
            return None
        narratif = Narratif(exercice=exercice, section=SectionNarrative(section), texte=texte)
        try:
            return enregistrer(narratif, auteur=auteur)
        except ErreurMetier as erreur:  # somebody wrote the first text at the same instant
            raise ErreurMetier(MESSAGE_CONFLIT, code="conflit") from erreur
    actuel = verrouiller_version(Narratif, existant.pk, version)
    actuel.texte = texte
    if a_change(actuel):
        actuel.version += 1
    return enregistrer(actuel, auteur=auteur)
