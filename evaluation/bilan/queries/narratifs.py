"""Which narrative sections of the bilan are written."""

from dataclasses import dataclass

from demarche.gouvernance.models import Exercice
from evaluation.bilan.enums import SectionNarrative
from evaluation.bilan.models import Narratif


@dataclass(frozen=True)
class SectionEcrite:
    """One section of the bilan of an exercice, with its text if there is one."""

    section: str
    libelle: str
    texte: str

    @property
    def est_ecrite(self) -> bool:
        return bool(self.texte.strip())

    @property
    def nb_mots(self) -> int:
        return len(self.texte.split())


def sections_narratives(exercice: Exercice) -> tuple[SectionEcrite, ...]:
    """Return the narrative sections in the order of the bilan, written or empty; one query."""
    textes = dict(Narratif.objects.filter(exercice=exercice).values_list("section", "texte"))
    return tuple(
        SectionEcrite(section.value, str(section.label), textes.get(section.value, "")) for section in SectionNarrative
    )
