"""Who may open, record, correct or cancel a ballot."""

from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import Visiteur, est_coordonnateur, est_equipe
from demarche.scrutins.models import Scrutin
from demarche.scrutins.protocoles import OBJETS


def peut_corriger_resolution(visiteur: Visiteur) -> bool:
    """True for a person who may put the correction of a resolution to the vote."""
    return est_coordonnateur(visiteur)


def peut_inscrire_vote(visiteur: Visiteur) -> bool:
    """True for the coordination: a vote recorded gives a numbered resolution, or lets money go."""
    return est_coordonnateur(visiteur)


def peut_inscrire_au_telephone(visiteur: Visiteur, scrutin: Scrutin) -> bool:
    """True for the team, except the demandeur and the members of the organisation that asks (R4)."""
    return isinstance(visiteur, Utilisateur) and est_equipe(visiteur) and not OBJETS.est_demandeur(scrutin, visiteur)


def peut_annuler_scrutin(visiteur: Visiteur, scrutin: Scrutin) -> bool:
    """True for the coordination on a free question; a request's ballot is cancelled from the request."""
    return est_coordonnateur(visiteur) and scrutin.inscrit_resolution and scrutin.est_a_distance
