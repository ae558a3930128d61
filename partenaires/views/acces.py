"""How often the public form may be sent from one place, or to one mailbox."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from demarche.socle.services.limites import limiter

HEURE = 3600
JOURNEE = 24 * HEURE


def depot_permis(request: HttpRequest, courriel: str) -> bool:
    """Return whether this address may file one more adhesion: a whole assemblée may share one connection,
    but nobody's mailbox receives more than a few links a day."""
    ip = get_adapter().get_client_ip(request)
    par_connexion = limiter(f"adhesion-ip-{ip}", nb=60, secondes=HEURE)
    return par_connexion and limiter(f"adhesion-courriel-{courriel.lower()}", nb=5, secondes=JOURNEE)
