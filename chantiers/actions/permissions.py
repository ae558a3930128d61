"""Who may do what with actions and the money planned for them; the button and the view ask the same predicate."""

from chantiers.actions.models import Activite
from demarche.comptes.permissions import Visiteur, est_coordonnateur
from demarche.gouvernance.permissions import peut_voir_decisions
from demarche.socle.models import Document


def peut_voir_budget(visiteur: Visiteur) -> bool:
    """True for the team, the comité and the fiduciaire; also what tells the public page of an action from theirs."""
    return peut_voir_decisions(visiteur)


def peut_gerer_enveloppes(visiteur: Visiteur) -> bool:
    """True for the coordination: envelopes, and the planned uses of the sommes résiduelles."""
    return est_coordonnateur(visiteur)


def photo_lisible(visiteur: Visiteur, document: Document) -> bool:
    """True for those who see every action, when the document is the photo of an activity."""
    return peut_voir_decisions(visiteur) and Activite.objects.filter(photo=document).exists()
