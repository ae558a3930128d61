"""The writers of `francais` as filters, built into every template."""

import functools
from collections.abc import Callable
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from demarche.socle import francais

register = template.Library()


def filtre(nom: str, ecrire: Callable[..., str], vide: str = "—") -> Callable[..., str]:
    """Register one writer under that name; where there is nothing to write, the filter gives `vide`."""

    @functools.wraps(ecrire)
    def ecrire_ou_vide(valeur: Any, *arguments: Any) -> str:
        return vide if valeur is None or valeur == "" else ecrire(valeur, *arguments)

    register.filter(nom, ecrire_ou_vide)
    return ecrire_ou_vide


nombre = filtre("nombre", francais.ecrire_nombre)
dollars = filtre("dollars", francais.ecrire_dollars)
pourcent = filtre("pourcent", francais.ecrire_pourcent)
heures = filtre("heures", francais.ecrire_duree)
taille_fichier = filtre("taille_fichier", francais.ecrire_taille)
date_longue = filtre("date_longue", francais.ecrire_date)
date_courte = filtre("date_courte", francais.ecrire_date_courte)
instant = filtre("instant", francais.ecrire_instant)
heure = filtre("heure", francais.ecrire_heure, vide="")
delai = filtre("delai", francais.ecrire_delai, vide="")


@register.filter
def nbsp(texte: object) -> str:
    """Return the text with every space made no-break."""
    return str(texte).replace(" ", francais.INSECABLE)


@register.filter
def typo(texte: object) -> str:
    """Return the text with French no-break spaces and apostrophes; it is then escaped like any other."""
    resultat = francais.typographier(texte)
    # Typography touches neither `<` nor `&`: what was escaped stays so.
    return mark_safe(resultat) if isinstance(texte, SafeString) else resultat  # noqa: S308


@register.simple_tag(takes_context=True)
def fragment(context: Any, gabarit: str, contexte: dict[str, Any]) -> str:
    """Write one card or section of the registry: its template sees its keys, `section` (all of them), the request."""
    return render_to_string(gabarit, {**contexte, "section": contexte}, request=context.get("request"))
