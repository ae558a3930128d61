"""A figure and its unit, written the Québec way."""

from decimal import Decimal

from demarche.montants import INSECABLE, ecrire_nombre


def ecrire_valeur(valeur: Decimal) -> str:
    """Return `15` or `7,5`: decimals only when there are some."""
    if valeur == valeur.to_integral_value():
        return ecrire_nombre(valeur)
    return ecrire_nombre(valeur, decimales=2).rstrip("0")


def ecrire_mesure(valeur: Decimal | None, unite: str) -> str:
    """Return `15 adhésions formelles`; empty without a value."""
    return "" if valeur is None else f"{ecrire_valeur(valeur)}{INSECABLE}{unite}"
