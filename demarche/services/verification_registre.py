"""Verify the chained register: the chain, then each line against the rows of today, and the rows it ignores (R7)."""

import datetime
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import models, transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from demarche.enums import GenreEvenement
from demarche.models import EvenementRegistre, TeteRegistre
from demarche.models.evenements import PREMIERE_EMPREINTE, canonique
from demarche.registre import Rupture, registre

from .registre_decisions import engager, tenir_registre

LOT = 200  # rows compared at a time, each lot in a constant number of queries
LOT_LIGNES = 2000
CLE_CACHE = "registre:derniere_verification"
RUPTURES_RETENUES = 50
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
        return valeurs if isinstance(valeurs, dict) and canonique(valeurs) == corps else None
    except ValueError:
        return None


def lire_lignes(lignes: "models.QuerySet[EvenementRegistre]") -> Iterator[LigneLue]:
    """Yield the readable lines in their order, with their salt, in one query; the chain tells the others."""
    champs = ("numero", "genre", "objet", "corps", "engagement", "sel__sel")
    for numero, genre, objet, corps, engagement, sel in (
        lignes.order_by("numero").values_list(*champs).iterator(chunk_size=LOT_LIGNES)
    ):
        valeurs = lire_valeurs(corps)
        if valeurs is not None:
            yield LigneLue(numero, genre, objet, valeurs, engagement, sel or "")


def controler_chaine() -> Iterator[Rupture]:
    """Compute every line again: numbers from 1 without gap, the line before, its own hash; then the head."""
    numero, liens = 0, frozenset({PREMIERE_EMPREINTE})
    empreinte = PREMIERE_EMPREINTE
    for ligne in EvenementRegistre.objects.order_by("numero").iterator(chunk_size=LOT_LIGNES):
        if ligne.numero != numero + 1:
            yield Rupture(ligne.numero, ligne.objet, _trou(numero + 1, ligne.numero - 1))
        if ligne.precedente not in liens:
            yield Rupture(ligne.numero, ligne.objet, f"elle ne suit pas l’empreinte de la ligne {ligne.numero - 1}.")
        calculee = ligne.calculer_empreinte()
        if calculee != ligne.empreinte:
            yield Rupture(
                ligne.numero, ligne.objet, "son empreinte n’est pas celle de son contenu : elle a été changée."
            )
        if lire_valeurs(ligne.corps) is None:
            yield Rupture(ligne.numero, ligne.objet, "son contenu n’est pas lisible.")
        if ligne.genre not in GenreEvenement.values:
            yield Rupture(ligne.numero, ligne.objet, f"le genre « {ligne.genre} » n’existe pas.")
        # A changed line is named once: the next one still follows what the changed line was.
        numero, empreinte, liens = ligne.numero, ligne.empreinte, frozenset({ligne.empreinte, calculee})
    yield from _controler_tete(numero, empreinte)


def _trou(premier: int, dernier: int) -> str:
    if dernier == premier:
        return f"la ligne {premier}, qui la précède, manque."
    return f"les lignes {premier} à {dernier}, qui la précèdent, manquent."


def _controler_tete(numero: int, empreinte: str) -> Iterator[Rupture]:
    tete = TeteRegistre.objects.filter(pk=1).first() or TeteRegistre(pk=1)
    if tete.numero > numero:
        yield Rupture(
            None, "tête du registre", f"elle est à la ligne {tete.numero}, la dernière ligne est la {numero}."
        )
    elif tete.numero < numero:
        yield Rupture(None, "tête du registre", f"elle est à la ligne {tete.numero}, mais la ligne {numero} existe.")
    elif tete.empreinte != empreinte:
        yield Rupture(None, "tête du registre", f"son empreinte n’est pas celle de la ligne {numero}.")


def ecarts(
    ligne: LigneLue,
    *,
    corps: Mapping[str, Any] | None = None,
    secret: Mapping[str, Any] | None = None,
    engage: str = "ce qu’elle engage",
) -> Iterator[Rupture]:
    """Yield what one line says otherwise than the rows of today.

    corps:  the clear values that the line should hold; it may hold others.
    secret: the values it should commit to; not compared once the salt is erased (R13).
    engage: how a sentence names these.
    """
    for cle, valeur in (corps or {}).items():
        if ligne.corps.get(cle) != valeur:
            yield ligne.dit(f"« {cle} » y vaut {_ecrire(ligne.corps.get(cle))}; dans la base, {_ecrire(valeur)}.")
    if secret is None:
        return
    if not ligne.engagement:
        yield ligne.dit(f"elle n’engage rien, alors qu’elle devrait porter sur {engage}.")
    elif ligne.sel and engager(ligne.sel, dict(secret)) != ligne.engagement:
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


def controler_registre() -> Iterator[Rupture]:
    """Yield every break: the chain first, then what each app says of its rows. The caller holds the register."""
    yield from controler_chaine()
    for controle in registre.controles_registre:
        yield from controle()


@dataclass(frozen=True)
class Verification:
    """What one whole verification found."""

    nb_lignes: int
    nb_sans_sel: int
    ruptures: tuple[Rupture, ...]

    @property
    def est_entier(self) -> bool:
        return not self.ruptures

    @property
    def resume(self) -> str:
        """Return the verification in one French sentence."""
        if self.est_entier:
            etat = f"Le registre est entier : {_compter(self.nb_lignes, 'ligne')}"
        else:
            etat = f"{_compter(len(self.ruptures), 'rupture')} dans un registre de {_compter(self.nb_lignes, 'ligne')}"
        if not self.nb_sans_sel:
            return f"{etat}."
        return f"{etat}; {_compter(self.nb_sans_sel, 'engagement')} sans sel."


def _compter(nombre: int, nom: str) -> str:
    return f"{nombre} {nom}{'s' if nombre >= 2 else ''}"


@transaction.atomic
def verifier_registre(dire: Callable[[Rupture], object] | None = None) -> Verification:
    """Verify the whole register and return what was found; `dire` receives each break as soon as it shows.

    Holds the register meanwhile: no decision is written between the reading of a line and that of its row.
    """
    tenir_registre()
    ruptures = []
    for rupture in controler_registre():
        ruptures.append(rupture)
        if dire:
            dire(rupture)
    sans_sel = EvenementRegistre.objects.exclude(engagement="").filter(sel__isnull=True).count()
    return Verification(EvenementRegistre.objects.count(), sans_sel, tuple(ruptures))


@dataclass(frozen=True)
class DerniereVerification:
    """When the register was last verified here, and what it gave."""

    faite_le: datetime.datetime
    est_entier: bool
    resume: str
    ruptures: tuple[str, ...]  # the first ones


def verifier_et_retenir(dire: Callable[[Rupture], object] | None = None) -> Verification:
    """Verify the whole register, and keep what it gave for the page to show."""
    verification = verifier_registre(dire)
    retenues = [str(rupture) for rupture in verification.ruptures[:RUPTURES_RETENUES]]
    valeurs = (timezone.now(), verification.est_entier, verification.resume, retenues)
    cache.set(CLE_CACHE, valeurs, timeout=None)
    return verification


def derniere_verification() -> DerniereVerification | None:
    """Return what the last verification gave; None when there was none, or when the cache was emptied since."""
    valeurs = cache.get(CLE_CACHE)
    if valeurs is None:
        return None
    faite_le, est_entier, resume, ruptures = valeurs
    return DerniereVerification(faite_le, est_entier, resume, tuple(ruptures))
