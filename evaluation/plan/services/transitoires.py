"""The reference data on effects: domaines d’action and résultats transitoires."""

from django.db import transaction

from demarche.comptes.models import Utilisateur
from demarche.socle.services.ecriture import enregistrer
from evaluation.plan.models import DomaineAction, ResultatTransitoire

Reference = DomaineAction | ResultatTransitoire


@transaction.atomic
def enregistrer_reference(reference: Reference, *, auteur: Utilisateur) -> Reference:
    """Save one domaine or one résultat transitoire.

    Errors: ErreurMetier when its number or its name is already taken.
    """
    return enregistrer(reference, auteur=auteur)
