"""Who may do what in the app `demarche`; the button and the view ask the same predicate."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from .enums import GenreInstance, Role
from .models import CadreReference, Document, Utilisateur

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


def est_membre_comite(visiteur: Visiteur) -> bool:
    """True for whoever holds a seat of the comité de pilotage today."""
    return isinstance(visiteur, Utilisateur) and any(
        mandat.siege.instance_gouvernance.genre == GenreInstance.COMITE_PILOTAGE for mandat in visiteur.mandats_du_jour
    )


def peut_gerer_reglages(visiteur: Visiteur) -> bool:
    return bool(roles_de(visiteur) & {Role.COORDONNATEUR, Role.ADMINISTRATEUR})


def peut_saisir(visiteur: Visiteur) -> bool:
    """True for the team: actions, activities, meetings, presences, results."""
    return est_equipe(visiteur)


def peut_voir_decisions(visiteur: Visiteur) -> bool:
    """True for those who see every request and resolution."""
    return est_equipe(visiteur) or est_membre_comite(visiteur) or est_fiduciaire(visiteur)


def peut_voir_rencontre(visiteur: Visiteur) -> bool:
    """True for those who see every meeting with its notes; others see the public ones and those of their instance."""
    return peut_voir_decisions(visiteur)


def peut_voir_instance(visiteur: Visiteur) -> bool:
    """True for those who see who sits where."""
    return peut_voir_decisions(visiteur) or peut_gerer_reglages(visiteur)


def document_du_cadre(visiteur: Visiteur, document: Document) -> bool:
    """True for anybody signed in, when the document is a version of the cadre de référence."""
    return isinstance(visiteur, Utilisateur) and CadreReference.objects.filter(document=document).exists()
