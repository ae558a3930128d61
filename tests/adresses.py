"""Addresses by the bare name of their route, for tests that walk several rooms."""

from functools import cache
from typing import Any

from django.urls import URLPattern, get_resolver, reverse


@cache
def espaces() -> dict[str, str]:
    """Return the room of each route: « scrutin_detail » -> « scrutins:scrutin_detail »."""
    return {
        motif.name: f"{resolveur.namespace}:{motif.name}"
        for resolveur in get_resolver().url_patterns
        if getattr(resolveur, "namespace", None)
        for motif in resolveur.url_patterns
        if isinstance(motif, URLPattern) and motif.name
    }


def adresse_de(nom: str, args: Any = ()) -> str:
    """Return the address of a route from its name alone; a name stands in one room only."""
    return reverse(espaces().get(nom, nom), args=args)
