"""The chained register as people read it: one plain sentence a line, never a name; which line a hash is of."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from demarche.registre.models import EvenementRegistre
from demarche.registre.protocoles import MATIERES, Dire, ObjetNomme


@dataclass(frozen=True)
class LigneDecrite:
    """One line of the register, ready to read."""

    numero: int
    inscrit_le: datetime.datetime
    phrase: str  # « vote du siège nº 3 »
    objet: ObjetNomme
    empreinte: str


def decrire_lignes(lignes: Iterable[EvenementRegistre]) -> list[LigneDecrite]:
    """Return what these lines say; one query for each kind of thing they are about."""
    evenements = list(lignes)
    nommer = {prefixe: fonction for matiere in MATIERES for prefixe, fonction in matiere.nommer.items()}
    cherches: dict[str, set[int]] = defaultdict(set)
    for evenement in evenements:
        prefixe, _, cle = evenement.objet.partition(" ")
        if prefixe in nommer and cle.isdecimal():
            cherches[prefixe].add(int(cle))
    nommes = {
        f"{prefixe} {pk}": objet for prefixe, cles in cherches.items() for pk, objet in nommer[prefixe](cles).items()
    }
    dire = {genre: fonction for matiere in MATIERES for genre, fonction in matiere.dire.items()}
    return [_decrire(evenement, nommes, dire) for evenement in evenements]


def _decrire(evenement: EvenementRegistre, nommes: Mapping[str, ObjetNomme], dire: Mapping[str, Dire]) -> LigneDecrite:
    objet = nommes.get(evenement.objet) or ObjetNomme(evenement.objet)
    phrase = dire.get(evenement.genre)
    texte = phrase(evenement.valeurs, objet) if phrase else evenement.get_genre_display()
    return LigneDecrite(evenement.numero, evenement.inscrit_le, texte, objet, evenement.empreinte)


def lignes_de_l_objet(*objets: str) -> list[EvenementRegistre]:
    """Return the lines about these things (« resolution 4 »), the oldest first, in one query."""
    return list(EvenementRegistre.objects.filter(objet__in=objets).order_by("numero"))


def lignes_du_scrutin(objet: Model) -> dict[str, Any] | None:
    """Return the number of lines about this ballot; None when there is none."""
    nom = f"scrutin {objet.pk}"
    nb = EvenementRegistre.objects.filter(objet=nom).count()
    return {"nb": nb, "objet": nom} if nb else None


def ligne_de_l_empreinte(empreinte: str) -> EvenementRegistre | None:
    """Return the line that has this hash, or that begins with it; None when no line has."""
    return EvenementRegistre.objects.filter(empreinte__startswith=empreinte).first()
