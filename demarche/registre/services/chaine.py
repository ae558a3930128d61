"""Verify the chain of the register: every line computed again, its head, its salts, its triggers (R7)."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from demarche.registre.declencheurs import absents
from demarche.registre.enums import GenreEvenement
from demarche.registre.models import PREMIERE_EMPREINTE, EvenementRegistre, TeteRegistre
from demarche.registre.protocoles import Rupture
from demarche.registre.services.lecture import LOT_LIGNES, lire_valeurs


def controler_chaine() -> Iterator[Rupture]:
    """Compute every line again: numbers from 1 without gap, the line before, its own hash; then the head."""
    numero, liens = 0, frozenset({PREMIERE_EMPREINTE})
    empreinte = PREMIERE_EMPREINTE
    for ligne in EvenementRegistre.objects.order_by("numero").iterator(chunk_size=LOT_LIGNES):
        if ligne.numero != numero + 1:
            yield Rupture(ligne.numero, ligne.objet, _trou(numero + 1, ligne.numero - 1))
        if ligne.precedente not in liens:
            yield Rupture(ligne.numero, ligne.objet, f"elle ne suit pas l’empreinte de la ligne {ligne.numero - 1}.")
        calculee = ligne.calculer_empreinte() if ligne.inscrit_le else ""  # SQLite keeps any text for an instant
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


def controler_sels() -> Iterator[Rupture]:
    """Compare the salts with the lines of their erasure: without its salt, a row could be rewritten unseen."""
    effacements = EvenementRegistre.objects.filter(genre=GenreEvenement.EFFACEMENT).values("objet")
    engagees = (
        EvenementRegistre.objects.exclude(engagement="")
        .annotate(effacement=Concat(Value("ligne "), Cast("numero", CharField())))
        .order_by("numero")
        .values_list("numero", "objet")
    )
    for numero, objet in engagees.filter(sel__isnull=True).exclude(effacement__in=effacements).iterator():
        yield Rupture(numero, objet, "son sel manque, et aucune ligne ne dit son effacement.")
    for numero, objet in engagees.filter(sel__isnull=False, effacement__in=effacements).iterator():
        yield Rupture(numero, objet, "son sel est dit effacé, et la base en a un.")


def controler_declencheurs() -> Iterator[Rupture]:
    """Name each trigger that the database no longer has: the next line could be changed without a trace."""
    for nom in absents(connection):
        yield Rupture(None, nom, "ce déclencheur manque : la base ne refuse plus de changer le registre.")
