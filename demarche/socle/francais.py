"""French as Québec writes it: numbers, amounts, dates, hours, plurals, lists, no-break spaces.

Everything that writes a value for a person is here; what a person typed is read by the fields (`champs.py`).
"""

import datetime
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

INSECABLE = "\u00a0"
FINE = "\u202f"
MOIS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)

Nombre = Decimal | int | float


def ecrire_nombre(nombre: Nombre, decimales: int = 0) -> str:
    """Return `12 345,6` with a no-break space between thousands, a decimal comma and a true minus sign."""
    arrondi = Decimal(str(nombre)).quantize(Decimal(1).scaleb(-decimales), rounding=ROUND_HALF_UP)
    return f"{arrondi:,.{decimales}f}".replace(",", INSECABLE).replace(".", ",").replace("-", "\u2212")


def ecrire_dollars(montant: Decimal | int) -> str:
    """Return `1 234,50 $`."""
    return f"{ecrire_nombre(montant, 2)}{INSECABLE}$"


def ecrire_pourcent(taux: Nombre) -> str:
    """Return `30,5 %` from 0.305, `700 %` from 7."""
    exact = Decimal(str(taux)) * 100
    return f"{ecrire_nombre(exact, 0 if exact == exact.to_integral_value() else 1)}{INSECABLE}%"


def ecrire_duree(heures: Nombre) -> str:
    """Return `172 h` or `7,5 h`."""
    exact = Decimal(str(heures))
    texte = ecrire_nombre(exact) if exact == exact.to_integral_value() else ecrire_nombre(exact, 2).rstrip("0")
    return f"{texte}{INSECABLE}h"


def ecrire_taille(octets: int) -> str:
    """Return `180 Ko` or `2,4 Mo`; at least 1 Ko."""
    if octets < 1_000_000:
        return f"{max(1, round(octets / 1000))}{INSECABLE}Ko"
    return f"{ecrire_nombre(Decimal(octets) / 1_000_000, 1)}{INSECABLE}Mo"


def jour_local(valeur: datetime.date) -> datetime.date:
    """Return the local day of a date or an instant."""
    if isinstance(valeur, datetime.datetime):
        return timezone.localtime(valeur).date() if timezone.is_aware(valeur) else valeur.date()
    return valeur


def ecrire_date(valeur: datetime.date) -> str:
    """Return `8 mai 2024`, `1er juillet 2024`, with no-break spaces."""
    jour = jour_local(valeur)
    return f"{'1er' if jour.day == 1 else jour.day}{INSECABLE}{MOIS[jour.month - 1]}{INSECABLE}{jour.year}"


def ecrire_date_courte(valeur: datetime.date) -> str:
    """Return `2024-05-08`."""
    return jour_local(valeur).isoformat()


def ecrire_heure(heure: datetime.time) -> str:
    """Return `14 h` or `14 h 05`."""
    return f"{heure.hour}{INSECABLE}h" + (f"{INSECABLE}{heure.minute:02d}" if heure.minute else "")


def ecrire_instant(valeur: datetime.datetime) -> str:
    """Return `8 mai 2024 à 14 h 05`, local time; the minutes are always written."""
    local = timezone.localtime(valeur)
    return f"{ecrire_date(local)} à {local.hour}{INSECABLE}h{INSECABLE}{local.minute:02d}"


def ecrire_delai(valeur: datetime.date) -> str:
    """Return how far a day is from today: « dans 3 jours », « demain », « il y a 2 mois »."""
    ecart = (jour_local(valeur) - timezone.localdate()).days
    proches = {0: "aujourd’hui", 1: "demain", -1: "hier"}
    if ecart in proches:
        return proches[ecart]
    jours = abs(ecart)
    combien, unite = (
        (jours, "jours") if jours < 60 else (jours // 30, "mois") if jours < 730 else (jours // 365, "ans")
    )
    return f"{'dans' if ecart > 0 else 'il y a'} {combien}{INSECABLE}{unite}"


def compter(nombre: int, singulier: str, pluriel: str = "") -> str:
    """Return « 0 ligne », « 2 lignes », the number bound to its noun; give `pluriel` where an s is not enough."""
    return f"{nombre}{INSECABLE}{(pluriel or singulier + 's') if abs(nombre) >= 2 else singulier}"


def enumerer(mots: Sequence[str]) -> str:
    """Return « a », « a et b », « a, b et c »; nothing for no word."""
    *premiers, dernier = mots or [""]
    return f"{', '.join(premiers)} et {dernier}" if premiers else dernier


REGLES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=\w)['\u02bc](?=\w)"), "’"),
    (re.compile(r"\.{3}"), "…"),
    (re.compile(r"«[ \u00a0\u202f\u2009]*"), f"«{INSECABLE}"),
    (re.compile(r"[ \u00a0\u202f\u2009]*»"), f"{INSECABLE}»"),
    # The space that was typed is made no-break; none is added, so that addresses and hours stay whole.
    (re.compile(r"[ \u00a0\u202f\u2009]+:"), f"{INSECABLE}:"),
    (re.compile(r"[ \u00a0\u202f\u2009]+([;!?])"), rf"{FINE}\1"),
    (re.compile(r"(?<=\d)[ \u202f\u2009](?=\d{3}(?!\d))"), INSECABLE),
    (re.compile(r"(?<=\d) ?(?=[$%](?!\w))"), INSECABLE),
    (re.compile(r"(?<=\d) (?=(?:h|min|ans?|jours?|mois|heures?|personnes?|\$)\b)"), INSECABLE),
    (re.compile(r"\b(1er|\d{1,2}) (?=(?:janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc))"), rf"\1{INSECABLE}"),
    (re.compile(r" ([–—]) "), rf"{INSECABLE}\1 "),
)


def typographier(texte: object) -> str:
    """Return the text with Québec's no-break spaces, true apostrophes and guillemets; words are never touched."""
    resultat = str(texte)
    for motif, remplacement in REGLES:
        resultat = motif.sub(remplacement, resultat)
    return resultat
