"""Filters that write figures and dates the Québec way; built into every template."""

import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from demarche.socle.champs import ecrire_date, ecrire_heure
from demarche.socle.montants import INSECABLE, ecrire_dollars, ecrire_nombre
from demarche.socle.typographie import typographier

register = template.Library()

Nombre = Decimal | int | float | None


@register.filter
def dollars(montant: Decimal | int | None) -> str:
    """Return `1 234,50 $`; an em dash when there is no amount."""
    return "—" if montant is None or montant == "" else ecrire_dollars(Decimal(montant))


@register.filter
def nombre(valeur: Nombre, decimales: int = 0) -> str:
    """Return `12 345`, or with decimals `12 345,6`; an em dash when there is no value."""
    return "—" if valeur is None or valeur == "" else ecrire_nombre(Decimal(str(valeur)), decimales=decimales)


@register.filter
def heures(valeur: Nombre) -> str:
    """Return `172 h` or `7,5 h`."""
    if valeur is None or valeur == "":
        return "—"
    exact = Decimal(str(valeur))
    texte = ecrire_nombre(exact, decimales=0 if exact == exact.to_integral_value() else 2)
    return f"{texte.rstrip('0') if ',' in texte else texte}{INSECABLE}h"


@register.filter
def pourcent(taux: Nombre) -> str:
    """Return `30,5 %` from 0.305, `700 %` from 7."""
    if taux is None or taux == "":
        return "—"
    exact = Decimal(str(taux)) * 100
    return f"{ecrire_nombre(exact, decimales=0 if exact == exact.to_integral_value() else 1)}{INSECABLE}%"


def en_date(valeur: datetime.date | datetime.datetime) -> datetime.date:
    """Return the local day of a date or an instant."""
    if isinstance(valeur, datetime.datetime):
        return timezone.localtime(valeur).date() if timezone.is_aware(valeur) else valeur.date()
    return valeur


@register.filter
def date_longue(valeur: datetime.date | None) -> str:
    """Return `8 mai 2024`, `1er juillet 2024`, with no-break spaces."""
    if not valeur:
        return "—"
    return ecrire_date(en_date(valeur))


@register.filter
def heure(valeur: datetime.time | None) -> str:
    """Return `14 h`, `14 h 30`; nothing when there is no time."""
    return "" if valeur is None or valeur == "" else ecrire_heure(valeur)


@register.filter
def date_courte(valeur: datetime.date | None) -> str:
    """Return `2024-05-08`."""
    return en_date(valeur).isoformat() if valeur else "—"


@register.filter
def instant(valeur: datetime.datetime | None) -> str:
    """Return `8 mai 2024 à 14 h 05`, local time."""
    if not valeur:
        return "—"
    local = timezone.localtime(valeur)
    return f"{date_longue(local)} à {local.hour}{INSECABLE}h{INSECABLE}{local.minute:02d}"


@register.filter
def delai(valeur: datetime.date | datetime.datetime | None) -> str:
    """Return how far a day is from today: « dans 3 jours », « demain », « il y a 2 mois »."""
    if not valeur:
        return ""
    ecart = (en_date(valeur) - timezone.localdate()).days
    proches = {0: "aujourd’hui", 1: "demain", -1: "hier"}
    if ecart in proches:
        return proches[ecart]
    jours = abs(ecart)
    if jours < 60:
        duree = f"{jours}{INSECABLE}jours"
    elif jours < 730:
        duree = f"{jours // 30}{INSECABLE}mois"
    else:
        duree = f"{jours // 365}{INSECABLE}ans"
    return f"dans {duree}" if ecart > 0 else f"il y a {duree}"


@register.filter
def nbsp(texte: object) -> str:
    """Return the text with every space made no-break."""
    return str(texte).replace(" ", INSECABLE)


@register.filter
def typo(texte: object) -> str:
    """Return the text with French no-break spaces and apostrophes; it is then escaped like any other."""
    resultat = typographier(texte)
    # Typography touches neither `<` nor `&`: what was escaped stays so.
    return mark_safe(resultat) if isinstance(texte, SafeString) else resultat  # noqa: S308


@register.filter
def taille_fichier(octets: int | None) -> str:
    """Return `180 Ko` or `2,4 Mo`; at least 1 Ko."""
    if octets is None:
        return "—"
    if octets < 1_000_000:
        return f"{max(1, round(octets / 1000))}{INSECABLE}Ko"
    return f"{ecrire_nombre(Decimal(octets) / 1_000_000, decimales=1)}{INSECABLE}Mo"


@register.simple_tag(takes_context=True)
def fragment(context: Any, gabarit: str, contexte: dict[str, Any]) -> str:
    """Write one card or section of the registry: its template sees its keys, `section` (all of them), the request."""
    return render_to_string(gabarit, {**contexte, "section": contexte}, request=context.get("request"))
