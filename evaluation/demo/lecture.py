"""Read the data files of the sample démarche, with the typography of Québec."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from demarche.socle.francais import INSECABLE

DONNEES = Path(__file__).parent / "donnees"
AVANT = re.compile(r" (?=[:;»%$](?:\W|$))")
APRES = re.compile(r"(?<=«) ")
MILLIERS = re.compile(r"(?<=\d) (?=\d{3}\b)")


def typographier(texte: str) -> str:
    """Return the text with curly apostrophes and no-break spaces where Québec typography wants them."""
    courbe = texte.strip().replace("'", "’")
    for motif in (AVANT, APRES, MILLIERS):
        courbe = motif.sub(INSECABLE, courbe)
    return courbe


def _preparer(valeur: Any) -> Any:
    if isinstance(valeur, str):
        return typographier(valeur)
    if isinstance(valeur, list):
        return [_preparer(element) for element in valeur]
    if isinstance(valeur, dict):
        return {cle: _preparer(element) for cle, element in valeur.items()}
    return valeur


def lire(nom: str) -> dict[str, Any]:
    """Return the content of one data file, its texts set in good typography and its decimals exact."""
    with (DONNEES / f"{nom}.toml").open("rb") as fichier:
        contenu: dict[str, Any] = _preparer(tomllib.load(fichier, parse_float=Decimal))
    return contenu
