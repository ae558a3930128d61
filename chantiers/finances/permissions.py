"""Who pays, and who opens a receipt."""

from chantiers.actions.permissions import peut_voir_budget
from chantiers.demandes.models import Decaissement
from demarche.comptes.permissions import Visiteur, est_coordonnateur, est_fiduciaire
from demarche.socle.models import Document


def peut_payer(visiteur: Visiteur) -> bool:
    """True for the fiduciaire and the coordination: payments, their reversal, releases."""
    return est_fiduciaire(visiteur) or est_coordonnateur(visiteur)


def recu_lisible(visiteur: Visiteur, document: Document) -> bool:
    """True for those who see the ledger, when the document is the receipt of a payment."""
    return peut_voir_budget(visiteur) and Decaissement.objects.filter(recu=document).exists()
