"""Filters of the bilan's templates: French typography, and texts read as blocks."""

import datetime

from django import template

from demarche.socle.francais import INSECABLE, ecrire_nombre
from demarche.socle.templatetags.formats import date_longue
from evaluation.bilan.textes import paragraphes

register = template.Library()
register.filter("blocs", paragraphes)


@register.filter
def signe(valeur: int) -> str:
    """Return the number with its sign: `+3`, `−2`, `0`."""
    ecrit = ecrire_nombre(valeur)
    return f"+{ecrit}" if valeur > 0 else ecrit


@register.filter
def periode(debut: datetime.date, fin: datetime.date | None) -> str:
    """Return `8 mai 2024`, `23 et 24 avril 2024`, `8 mai 2024 au 3 juin 2025` with no-break spaces."""
    if fin is None or fin == debut:
        return date_longue(debut)
    if (debut.year, debut.month) == (fin.year, fin.month):
        lien = "et" if (fin - debut).days == 1 else "au"
        jour = "1er" if debut.day == 1 else str(debut.day)
        return f"{jour}{INSECABLE}{lien}{INSECABLE}{date_longue(fin)}"
    return f"{date_longue(debut)} au {date_longue(fin)}"
