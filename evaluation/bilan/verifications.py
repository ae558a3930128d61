"""What the vérificateur finds in the texts of the bilan."""

from collections.abc import Iterator

from django.urls import reverse

from demarche.gouvernance.models import Exercice
from demarche.gouvernance.protocoles import Constat, Verification
from evaluation.bilan.queries.narratifs import sections_narratives


def sections_vides(exercice: Exercice) -> Iterator[Constat]:
    """Narrative sections of the bilan without text."""
    for section in sections_narratives(exercice):
        if not section.est_ecrite:
            adresse = f"{reverse('bilan:narratif_modifier', args=[section.section])}?exercice={exercice.code}"
            yield Constat("a_corriger", f"La section « {section.libelle} » du bilan est vide.", adresse)


VERIFICATIONS = (Verification("section_vide", "Sections du bilan sans texte", sections_vides),)
