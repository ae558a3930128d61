"""A figure and its unit, written the Québec way."""

import re
from decimal import Decimal

from demarche.socle.francais import INSECABLE, ecrire_nombre

INVARIABLES = frozenset(
    {"accès", "avis", "bois", "cas", "colis", "concours", "discours", "fois", "mois", "parcours", "pays", "processus"}
    | {"recours", "repas", "succès", "temps"}
)
# From one of these words on, the rest of a unit does not agree: « visites de la page ».
CHARNIERES = frozenset({"à", "au", "aux", "avec", "chez", "d", "dans", "de", "des", "du", "en", "par", "pour", "sur"})


def ecrire_valeur(valeur: Decimal) -> str:
    """Return `15` or `7,5`: decimals only when there are some."""
    if valeur == valeur.to_integral_value():
        return ecrire_nombre(valeur)
    return ecrire_nombre(valeur, decimales=2).rstrip("0")


def ecrire_mesure(valeur: Decimal | None, unite: str) -> str:
    """Return `15 adhésions formelles`, `1 adhésion formelle`; empty without a value."""
    return "" if valeur is None else f"{ecrire_valeur(valeur)}{INSECABLE}{accorder(unite, valeur)}"


def accorder(unite: str, nombre: Decimal) -> str:
    """Return a unit agreed with a number, whatever the number it was typed in: two and more are plural in French."""
    if re.search(r"[·()]", unite):  # « participant·es », « personne(s) »: already both
        return unite
    morceaux = re.split(r"(\W+)", unite)
    for rang, mot in enumerate(morceaux):
        if mot.lower() in CHARNIERES:
            break
        if mot.isalpha() and mot.islower() and len(mot) > 2 and mot not in INVARIABLES:
            morceaux[rang] = _pluriel(mot) if abs(nombre) >= 2 else _singulier(mot)
    return "".join(morceaux)


def _pluriel(mot: str) -> str:
    if mot.endswith(("s", "x", "z")):
        return mot
    if mot.endswith("al"):
        return f"{mot[:-2]}aux"
    return f"{mot}x" if mot.endswith(("eau", "eu")) else f"{mot}s"


def _singulier(mot: str) -> str:
    if mot.endswith("eaux"):
        return mot[:-1]
    return mot[:-1] if mot.endswith("s") and not mot.endswith(("ss", "us", "ès")) else mot
