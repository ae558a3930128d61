"""Who may do what by their roles; the button and the view ask the same predicate."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from demarche.comptes.enums import Role
from demarche.comptes.models import Utilisateur

Visiteur = Utilisateur | AnonymousUser | None


def exiger(autorise: bool) -> None:
    """Stop with a 403 page unless the predicate said yes."""
    if not autorise:
        raise PermissionDenied


def roles_de(visiteur: Visiteur) -> frozenset[str]:
    """Return the roles held today; none for someone who is not signed in."""
    return visiteur.roles if isinstance(visiteur, Utilisateur) else frozenset()


def est_equipe(visiteur: Visiteur) -> bool:
    return isinstance(visiteur, Utilisateur) and visiteur.est_equipe


def est_coordonnateur(visiteur: Visiteur) -> bool:
    return Role.COORDONNATEUR in roles_de(visiteur)


def est_fiduciaire(visiteur: Visiteur) -> bool:
    return Role.FIDUCIAIRE in roles_de(visiteur)


def peut_gerer_reglages(visiteur: Visiteur) -> bool:
    return bool(roles_de(visiteur) & {Role.COORDONNATEUR, Role.ADMINISTRATEUR})


def peut_saisir(visiteur: Visiteur) -> bool:
    """True for the team: actions, activities, meetings, presences, results."""
    return est_equipe(visiteur)
