"""Results stay hidden until the close (R5): whatever somebody answers, nobody else's page, export or e-mail changes.

The same voter answers pour, then contre, each undone; every address of the sample démarche is read after each answer.
Left out: the PDFs, drawn from the same queries as their pages.
"""

import re

import pytest
from django.db import connection, transaction
from django.test import Client

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import Choix
from demarche.scrutins.models import Scrutin
from demarche.scrutins.services.electeurs import electeur_de
from demarche.scrutins.services.rappels import rappeler
from demarche.scrutins.services.scrutins import clore_echus
from demarche.scrutins.services.votes import voter
from demarche.socle.models import Courriel
from tests.routes import adresses, connecte, routes

VOTANT = "communautaire@demo.example"
LECTEURS = ("public", "coordonnateur", "membre_comite", "partenaire")
SANS = re.compile(r"pdf|brouillon|lettre|papier|couleurs|deconnexion")
# What changes from one reading to the next: hidden fields (tokens), salts and hashes.
BRUIT = re.compile(r'<input type="hidden"[^>]*>|\b[0-9a-f]{8,}\b|nonce="[^"]*"')


def toutes_les_adresses() -> list[str]:
    gardees = [(nom, motif) for nom, motif in routes() if not SANS.search(nom + motif)]
    return [adresse for nom, motif in gardees for adresse in adresses(nom, motif)]


def lire_tout(client: Client) -> dict[str, str]:
    """Return what every address shows to somebody, without what changes at each reading."""
    pages = {}
    for adresse in toutes_les_adresses():
        reponse = client.get(adresse)
        if reponse.status_code == 200 and not reponse.streaming:
            pages[adresse] = BRUIT.sub("", reponse.content.decode(errors="replace"))
    return pages


def voter_et_lire(choix: Choix, commentaire: str, lecteur: str) -> dict[str, str]:
    """Answer every open ballot the voter is called to, read everything as somebody else, and undo."""
    votant = Utilisateur.objects.get(email=VOTANT)
    with transaction.atomic():
        ouverts = [s for s in Scrutin.objects.ouverts() if electeur_de(s, votant)]
        assert len(ouverts) >= 2
        for scrutin in ouverts:
            voter(scrutin.pk, auteur=votant, choix=choix, commentaire=commentaire)
        assert Scrutin.objects.ouverts().filter(pk__in=[s.pk for s in ouverts]).count() == len(ouverts)
        rappeler()
        pages = lire_tout(connecte(lecteur))
        pages |= {f"courriel {i}": c.sujet + c.texte for i, c in enumerate(Courriel.objects.order_by("pk"))}
        transaction.set_rollback(True)
    return pages


@pytest.mark.regle("R5")
@pytest.mark.parametrize("lecteur", LECTEURS)
def test_no_page_export_or_email_tells_how_somebody_answers_before_the_close(demo, a_grands_pas, lecteur):
    clore_echus()
    pour = voter_et_lire(Choix.POUR, "Un grand oui de notre part.", lecteur)
    contre = voter_et_lire(Choix.CONTRE, "Nous n’en voulons pas.", lecteur)
    assert len(pour) > 20
    assert [adresse for adresse in pour if pour[adresse] != contre.get(adresse)] == []
    assert pour.keys() == contre.keys()


def test_control_the_voter_alone_sees_the_difference(demo, a_grands_pas):
    clore_echus()
    pour, contre = (voter_et_lire(choix, "Oui.", VOTANT) for choix in (Choix.POUR, Choix.CONTRE))
    differentes = {a for a in pour if pour[a] != contre[a]}
    assert differentes
    assert all(a.startswith("/scrutins/") or a.endswith(("/fiche/", "/dossier/")) for a in differentes)
    assert not connection.needs_rollback
