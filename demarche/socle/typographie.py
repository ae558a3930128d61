"""French typography of what people typed: no-break spaces, apostrophes, guillemets. Plain text in, plain text out."""

import re

INSECABLE = "\u00a0"
FINE = "\u202f"

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


def compter(nombre: int, singulier: str, pluriel: str = "") -> str:
    """Return « 0 ligne », « 2 lignes », the number bound to its noun; give `pluriel` where an s is not enough."""
    return f"{nombre}{INSECABLE}{(pluriel or singulier + 's') if abs(nombre) >= 2 else singulier}"
