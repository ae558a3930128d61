"""Who prepares the bilan, and who publishes it."""

from demarche.comptes.permissions import Visiteur, est_coordonnateur, est_equipe


def peut_preparer_bilan(visiteur: Visiteur) -> bool:
    """True for the team: the texts of the bilan and what the vérificateur found."""
    return est_equipe(visiteur)


def peut_publier_bilan(visiteur: Visiteur) -> bool:
    """True for the coordination: a published version is public and never changes."""
    return est_coordonnateur(visiteur)
