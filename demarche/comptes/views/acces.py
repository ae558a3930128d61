"""The account signed in, as a view asks for it."""

from django.http import HttpRequest

from demarche.comptes.models import Utilisateur


def personne_connectee(request: HttpRequest) -> Utilisateur | None:
    """Return the account signed in, or None."""
    return request.user if isinstance(request.user, Utilisateur) else None


def auteur_de(request: HttpRequest) -> Utilisateur:
    """Return the account signed in; the middleware lets nobody else reach a view that asks."""
    assert isinstance(request.user, Utilisateur)  # noqa: S101 - guaranteed by LoginRequiredMiddleware
    return request.user
