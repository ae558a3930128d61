"""What the register says of exercices, against their rows of today (R7, R10)."""

from collections.abc import Iterator, Sequence

from demarche.gouvernance.models import Exercice
from demarche.gouvernance.services.exercices import corps_exercice
from demarche.registre.enums import GenreEvenement
from demarche.registre.protocoles import Rupture
from demarche.registre.services.lecture import LigneLue, confronter, ecarts


def controler_exercices() -> Iterator[Rupture]:
    """Compare each exercice with its last line, closed or open again, and each line with the reason kept (R10)."""
    motifs = dict(
        Exercice.history.exclude(history_change_reason=None).values_list("history_id", "history_change_reason")
    )

    def comparer(exercice: Exercice, lignes: Sequence[LigneLue]) -> Iterator[Rupture]:
        inscrit_clos = bool(lignes) and lignes[-1].genre == GenreEvenement.EXERCICE_CLOS
        etat = "clos" if exercice.est_clos else "ouvert"
        if lignes:
            yield from ecarts(lignes[-1], corps=corps_exercice(exercice))
        for ligne in lignes:
            motif = motifs.get(ligne.corps.get("historique"))
            yield from ecarts(ligne, secret={"motif": motif}, engage="le motif gardé dans l’historique de l’exercice")
        if inscrit_clos != exercice.est_clos:
            phrase = f"dans la base, l’exercice {exercice.code} est {etat}."
            yield (
                lignes[-1].dit(phrase)
                if lignes
                else Rupture(
                    None, f"exercice {exercice.pk}", f"aucune ligne ne dit que l’exercice {exercice.code} est clos."
                )
            )

    yield from confronter(
        "exercice", Exercice.objects.all(), comparer, disparue="l’exercice dont elle parle n’existe plus."
    )
