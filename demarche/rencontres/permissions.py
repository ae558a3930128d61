"""Who sees a meeting, its agenda and its files, and who drafts and adopts its minutes."""

from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import Visiteur, est_coordonnateur, est_equipe
from demarche.gouvernance.models import Rencontre, Siege
from demarche.gouvernance.permissions import peut_voir_decisions, siege_a
from demarche.gouvernance.queries.gouvernance import mandats_du_jour


def peut_voir_rencontre(visiteur: Visiteur) -> bool:
    """True for those who see every meeting with its notes; others see the public ones and those of their instance."""
    return peut_voir_decisions(visiteur)


def peut_rediger_proces_verbal(visiteur: Visiteur) -> bool:
    """True for the team, who draft and edit the minutes."""
    return est_equipe(visiteur)


def peut_adopter_proces_verbal(visiteur: Visiteur) -> bool:
    """True for the coordination, who records that a meeting adopted the minutes."""
    return est_coordonnateur(visiteur)


def peut_lire_dossier_siege(visiteur: Visiteur, siege: Siege) -> bool:
    """True for the holder of the seat today, and for the team."""
    if not isinstance(visiteur, Utilisateur):
        return False
    return visiteur.est_equipe or any(mandat.siege_id == siege.pk for mandat in mandats_du_jour(visiteur))


def peut_voir_ordre_du_jour(visiteur: Visiteur, rencontre: Rencontre) -> bool:
    """True for those who see every point of an agenda, and not only its public ones."""
    return peut_voir_rencontre(visiteur) or siege_a(visiteur, rencontre.instance_gouvernance_id)
