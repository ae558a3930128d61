"""What the lines of the register about exercices say."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from demarche.gouvernance.models import Exercice
from demarche.registre.protocoles import ObjetNomme


def nommer_exercices(cles: Collection[int]) -> Mapping[int, ObjetNomme]:
    valeurs = Exercice.objects.filter(pk__in=cles).values_list("pk", "code")
    motifs: dict[int, dict[int, str]] = defaultdict(dict)
    ecrits = Exercice.history.filter(id__in=cles).values_list("id", "history_id", "history_change_reason")
    for pk, historique, motif in ecrits:
        motifs[pk][historique] = motif or ""
    return {pk: ObjetNomme(f"exercice {code}", motifs=motifs[pk]) for pk, code in valeurs}


def dire_reouverture(corps: Mapping[str, Any], objet: ObjetNomme) -> str:
    motif = objet.motifs.get(corps.get("historique", 0))
    return f"Réouverture de l’exercice : « {motif} »" if motif else "Réouverture de l’exercice"
