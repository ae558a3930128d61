"""Who sees the instances and the decisions, who sets how they decide, and who closes the year (R1, R13)."""

from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import Visiteur, est_coordonnateur, est_equipe, est_fiduciaire, peut_gerer_reglages
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.queries.gouvernance import mandats_du_jour


def est_membre_comite(visiteur: Visiteur) -> bool:
    """True for a person who holds a seat of the comité de pilotage today."""
    return isinstance(visiteur, Utilisateur) and any(
        mandat.siege.instance_gouvernance.genre == GenreInstance.COMITE_PILOTAGE
        for mandat in mandats_du_jour(visiteur)
    )


def peut_regler_decisions(visiteur: Visiteur) -> bool:
    """True for the coordination: how instances decide is not a technical setting."""
    return est_coordonnateur(visiteur)


def peut_voir_decisions(visiteur: Visiteur) -> bool:
    """True for those who see every request and resolution."""
    return est_equipe(visiteur) or est_membre_comite(visiteur) or est_fiduciaire(visiteur)


def peut_voir_instance(visiteur: Visiteur) -> bool:
    """True for those who see who sits where."""
    return peut_voir_decisions(visiteur) or peut_gerer_reglages(visiteur)


def peut_verifier_registre(visiteur: Visiteur) -> bool:
    """True for those who answer for the decisions and for the money; a verification holds the register a moment."""
    return est_coordonnateur(visiteur) or est_fiduciaire(visiteur)


def peut_clore_exercice(visiteur: Visiteur) -> bool:
    return est_coordonnateur(visiteur)


def siege_a(visiteur: Visiteur, instance_gouvernance_pk: int) -> bool:
    """True for a person who holds a seat of that instance today."""
    return isinstance(visiteur, Utilisateur) and any(
        mandat.siege.instance_gouvernance_id == instance_gouvernance_pk for mandat in mandats_du_jour(visiteur)
    )
