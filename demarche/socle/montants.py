"""Money: read, round and write amounts in Canadian dollars, the Québec way."""

import re
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError

CENT = Decimal("0.01")
MONTANT_MAXIMAL = Decimal("9999999999.99")
INSECABLE = "\u00a0"
ESPACES = re.compile(r"[\s\u00a0\u202f\u2009\u2007]+")
FORME = re.compile(r"\d+([.,]\d{1,2})?")


def arrondir(montant: Decimal) -> Decimal:
    """Return the amount rounded to the cent, half up: the only rounding of the house."""
    return montant.quantize(CENT, rounding=ROUND_HALF_UP)


def lire_montant(texte: str) -> Decimal:
    """Return the amount a person typed: `1 234,50`, `1234.50`, `1 234,50 $`, with any kind of space.

    Unit:   CAD, two decimals, zero or more.
    Errors: ValidationError, a French sentence, for a sign, letters, three decimals or more than ten digits.
    """
    brut = ESPACES.sub("", texte).removesuffix("$")
    if brut.startswith("-") and FORME.fullmatch(brut[1:]):
        raise ValidationError("Le montant ne peut pas être négatif.", code="negatif")
    if not FORME.fullmatch(brut) or not brut.isascii():
        if re.fullmatch(r"\d+[.,]\d{3,}", brut):
            raise ValidationError(
                "Écrivez au plus deux chiffres après la virgule, par exemple 1 234,50.", code="decimales"
            )
        raise ValidationError("Écrivez un montant en chiffres, par exemple 1 234,50.", code="forme")
    montant = Decimal(brut.replace(",", "."))
    if montant > MONTANT_MAXIMAL:
        raise ValidationError("Ce montant est trop grand : dix chiffres au plus avant la virgule.", code="maximum")
    return arrondir(montant)


def ecrire_nombre(nombre: Decimal | int, *, decimales: int = 0) -> str:
    """Return `12 345,6` with a no-break space between thousands and a decimal comma."""
    quantifie = Decimal(nombre).quantize(Decimal(1).scaleb(-decimales), rounding=ROUND_HALF_UP)
    return f"{quantifie:,.{decimales}f}".replace(",", INSECABLE).replace(".", ",").replace("-", "\u2212")


def ecrire_dollars(montant: Decimal) -> str:
    """Return `1 234,50 $`, with no-break spaces and a true minus sign."""
    return f"{ecrire_nombre(montant, decimales=2)}{INSECABLE}$"
