"""Who may do what in the app `demarche`; the button and the view ask the same predicate."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from .enums import GenreInstance, Role
from .models import CadreReference, Document, Rencontre, Scrutin, Siege, Utilisateur
from .registre import registre

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


def peut_regler_decisions(visiteur: Visiteur) -> bool:
    """True for the coordination: how instances decide is not a technical setting."""
    return est_coordonnateur(visiteur)


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


def peut_rediger_proces_verbal(visiteur: Visiteur) -> bool:
    """True for the team, who draft and edit the minutes."""
    return est_equipe(visiteur)


def peut_adopter_proces_verbal(visiteur: Visiteur) -> bool:
    """True for the coordination, who records that a meeting adopted the minutes."""
    return est_coordonnateur(visiteur)


def peut_lire_dossier_siege(visiteur: Visiteur, siege: Siege) -> bool:
    """True for who holds the seat today, and for the team."""
    if not isinstance(visiteur, Utilisateur):
        return False
    return visiteur.est_equipe or any(mandat.siege_id == siege.pk for mandat in visiteur.mandats_du_jour)


def peut_verifier_registre(visiteur: Visiteur) -> bool:
    """True for those who answer for the decisions and for the money; a verification holds the register a moment."""
    return est_coordonnateur(visiteur) or est_fiduciaire(visiteur)


def peut_clore_exercice(visiteur: Visiteur) -> bool:
    return est_coordonnateur(visiteur)


def peut_corriger_resolution(visiteur: Visiteur) -> bool:
    """True for who may put the correction of a resolution to the vote."""
    return est_coordonnateur(visiteur)


def document_du_cadre(visiteur: Visiteur, document: Document) -> bool:
    """True for anybody signed in, when the document is a version of the cadre de référence."""
    return isinstance(visiteur, Utilisateur) and CadreReference.objects.filter(document=document).exists()


def siege_a(visiteur: Visiteur, instance_gouvernance_pk: int) -> bool:
    """True for whoever holds a seat of that instance today."""
    return isinstance(visiteur, Utilisateur) and any(
        mandat.siege.instance_gouvernance_id == instance_gouvernance_pk for mandat in visiteur.mandats_du_jour
    )


def peut_voir_ordre_du_jour(visiteur: Visiteur, rencontre: Rencontre) -> bool:
    """True for those who see every point of an agenda, and not only its public ones."""
    return peut_voir_rencontre(visiteur) or siege_a(visiteur, rencontre.instance_gouvernance_id)


def peut_inscrire_vote(visiteur: Visiteur) -> bool:
    """True for the coordination: a vote recorded gives a numbered resolution, or lets money go."""
    return est_coordonnateur(visiteur)


def peut_inscrire_au_telephone(visiteur: Visiteur, scrutin: Scrutin) -> bool:
    """True for the team, but whoever asks, or whose organisation asks, for what the ballot decides (R4)."""
    return isinstance(visiteur, Utilisateur) and est_equipe(visiteur) and not registre.est_demandeur(scrutin, visiteur)


def peut_annuler_scrutin(visiteur: Visiteur, scrutin: Scrutin) -> bool:
    """True for the coordination on a free question; a request's ballot is cancelled from the request."""
    return est_coordonnateur(visiteur) and scrutin.inscrit_resolution and scrutin.est_a_distance
