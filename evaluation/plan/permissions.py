"""Who may see and write the plan; the button and the view ask the same predicate."""

from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import Visiteur, est_equipe
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.permissions import peut_voir_decisions


def peut_voir_plan(visiteur: Visiteur) -> bool:
    """True for anybody signed in, for the plan, its targets and its measures."""
    return isinstance(visiteur, Utilisateur)


def peut_modifier_plan(visiteur: Visiteur) -> bool:
    """True for the team: plan, indicators, evaluation plan."""
    return est_equipe(visiteur)


def peut_saisir_resultats(visiteur: Visiteur, exercice: Exercice | None) -> bool:
    """True for the team while the exercice is open (R10)."""
    return est_equipe(visiteur) and exercice is not None and not exercice.est_clos


def peut_voir_preuves(visiteur: Visiteur) -> bool:
    """True for those who may open the documents given as evidence: they may name people."""
    return peut_voir_decisions(visiteur)
