"""Walk the application from link to link, as a person would."""

import re
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import resolve

LIEN = re.compile(r'<a\b[^>]*\bhref="([^"#][^"]*)"')
PAR_ROUTE = 3  # pages visited of each route: the others have the same links
HORS = ("/static/", "/compte/logout/", "/demonstration/")


@dataclass
class Visite:
    """What a walk met: one HTML page of each route, and the links that do not open."""

    pages: dict[str, str] = field(default_factory=dict)  # route -> first address
    refus: list[tuple[str, str, int]] = field(default_factory=list)  # (page, link, status)


def parcourir(client: Client, depart: str) -> Visite:
    """Visit what is linked from page to page, PAR_ROUTE pages of each route at the most."""
    visite, vues, comptes = Visite(), {depart}, {}
    file = deque([("", depart)])
    while file:
        origine, adresse = file.popleft()
        route = resolve(urlsplit(adresse).path).view_name
        comptes[route] = comptes.get(route, 0) + 1
        if comptes[route] > PAR_ROUTE:
            continue
        reponse = client.get(adresse)
        liens = []
        if reponse.status_code == 302:
            liens = [reponse.url]
        elif reponse.status_code != 200:
            visite.refus.append((origine, adresse, reponse.status_code))
        elif "text/html" in reponse["Content-Type"]:
            visite.pages.setdefault(route, adresse)
            liens = [href.replace("&amp;", "&") for href in LIEN.findall(reponse.content.decode())]
        for lien in liens:
            cible = urlsplit(urljoin(adresse, lien))
            chemin = cible.path + (f"?{cible.query}" if cible.query else "")
            if not cible.scheme and not cible.netloc and not chemin.startswith(HORS) and chemin not in vues:
                vues.add(chemin)
                file.append((adresse, chemin))
    return visite
