"""Read the lines of the chained register and compare them with the rows of today, by lots (R7)."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from django.db import models
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from demarche.registre.models import EvenementRegistre, canonique
from demarche.registre.protocoles import Rupture
from demarche.registre.services.lignes import Faits, engager

LOT = 200  # rows compared at a time, each lot in a constant number of queries
LOT_LIGNES = 2000
ENTIERS = frozenset({"demande", "enterine", "historique", "siege"})
MONTANT = re.compile(r"-?\d{1,12}\.\d{2}")
T = TypeVar("T")


@dataclass(frozen=True)
class LigneLue:
    """One line of the register as its checks read it; `sel` is empty once erased."""

    numero: int
    genre: str
    objet: str
    corps: Mapping[str, Any]
    engagement: str
    sel: str

    def dit(self, phrase: str) -> Rupture:
        """Return the break that this line shows."""
        return Rupture(self.numero, self.objet, phrase)


def par_lots(elements: Iterable[T], taille: int = LOT) -> Iterator[list[T]]:
    """Yield the elements by lists of that size."""
    suite = iter(elements)
    while lot := list(islice(suite, taille)):
        yield lot


def lire_valeurs(corps: str) -> dict[str, Any] | None:
    """Return what the content of a line says; None when it is not one JSON object in its canonical writing."""
    try:
        valeurs = json.loads(corps)
        lisible = isinstance(valeurs, dict) and canonique(valeurs) == corps
    except ValueError:
        return None
    return valeurs if lisible and all(_a_sa_forme(cle, valeur) for cle, valeur in valeurs.items()) else None


def _a_sa_forme(cle: str, valeur: Any) -> bool:
    """True when a value is of the kind that the checks read: a number, a text, the numbers of the electors."""
    if cle in ENTIERS:
        return isinstance(valeur, int)
    if cle == "electeurs" and isinstance(valeur, list):
        return all(isinstance(numero, int) for numero in valeur)
    if cle == "montant" and valeur is not None:
        return isinstance(valeur, str) and MONTANT.fullmatch(valeur) is not None
    return valeur is None or isinstance(valeur, str | int)


def lire_lignes(lignes: "models.QuerySet[EvenementRegistre]") -> Iterator[LigneLue]:
    """Yield the readable lines in their order, with their salt, in one query; the chain check reports the others."""
    champs = ("numero", "genre", "objet", "corps", "engagement", "sel__sel")
    for numero, genre, objet, corps, engagement, sel in (
        lignes.order_by("numero").values_list(*champs).iterator(chunk_size=LOT_LIGNES)
    ):
        valeurs = lire_valeurs(corps)
        if valeurs is not None:
            yield LigneLue(numero, genre, objet, valeurs, engagement, sel or "")


def ecarts(
    ligne: LigneLue,
    *,
    corps: Mapping[str, Any] | None = None,
    secret: Mapping[str, Any] | None = None,
    engage: str = "ce qu’elle engage",
) -> Iterator[Rupture]:
    """Yield each value of one line that differs from the rows of today.

    corps:  the clear values that the line should hold; it may hold others.
    secret: the values it should commit to; not compared once the salt is erased (R13).
    engage: how a sentence names these.
    """
    for cle, valeur in (corps or {}).items():
        if ligne.corps.get(cle) != valeur:
            yield ligne.dit(f"« {cle} » y vaut {_ecrire(ligne.corps.get(cle))}; dans la base, {_ecrire(valeur)}.")
    if secret is not None:
        yield from _ecart_engage(ligne, ligne.engagement, secret, engage)


def ecarts_des_faits(ligne: LigneLue, faits: Faits, *, engage: str) -> Iterator[Rupture]:
    """Yield each value added by a room above that differs from the rows of today."""
    yield from ecarts(ligne, corps=faits.corps)
    if faits.secret is not None:
        yield from _ecart_engage(ligne, ligne.corps.get("faits"), faits.secret, engage)


def _ecart_engage(
    ligne: LigneLue, engagement: str | None, secret: Mapping[str, Any], engage: str
) -> Iterator[Rupture]:
    if not engagement:
        yield ligne.dit(f"elle n’engage rien, alors qu’elle devrait porter sur {engage}.")
    elif ligne.sel and engager(ligne.sel, dict(secret)) != engagement:
        yield ligne.dit(f"{engage} : ce qui est dans la base n’est plus ce que la ligne engage.")


def _ecrire(valeur: Any) -> str:
    return "rien" if valeur is None else canonique({"": valeur})[4:-1].replace('"', "")


def confronter(
    prefixe: str,
    fiches: "models.QuerySet[Any]",
    comparer: Callable[[Any, Sequence[LigneLue]], Iterable[Rupture]],
    *,
    disparue: str,
    genres: Collection[str] = (),
) -> Iterator[Rupture]:
    """Compare the rows of one kind with the lines about them, lot by lot; then the lines whose row is gone.

    prefixe:  the first word of `objet` in these lines; the second is the key of the row.
    disparue: the sentence about a line whose row is gone.
    genres:   the kinds of lines that this check answers for; all when empty.
    """
    lignes = EvenementRegistre.objects.filter(genre__in=genres) if genres else EvenementRegistre.objects.all()
    for lot in par_lots(fiches.order_by("pk").iterator(chunk_size=LOT)):
        par_objet = defaultdict(list)
        for lue in lire_lignes(lignes.filter(objet__in=[f"{prefixe} {fiche.pk}" for fiche in lot])):
            par_objet[lue.objet].append(lue)
        for fiche in lot:
            yield from comparer(fiche, par_objet[f"{prefixe} {fiche.pk}"])
    objets = fiches.model._default_manager.order_by().annotate(
        objet_inscrit=Concat(Value(f"{prefixe} "), Cast("pk", CharField()))
    )
    orphelines = lignes.filter(objet__startswith=f"{prefixe} ").exclude(objet__in=objets.values("objet_inscrit"))
    for numero, objet in orphelines.order_by("numero").values_list("numero", "objet").iterator():
        yield Rupture(numero, objet, disparue)
