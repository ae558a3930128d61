"""The thresholds that say who decides on a sum (R1)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from chantiers.demandes.models import RegleAllocation
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.services.exercices import exiger_jour_ouvert
from demarche.socle.services.ecriture import affecter, ecrire


@transaction.atomic
def ajouter_regle(*, auteur: Utilisateur, donnees: Mapping[str, Any]) -> RegleAllocation:
    """Add the thresholds in force from a day on; a request keeps the rule of the day it was submitted (R1).

    Errors: ErreurMetier, by field, when a rule already starts that day, when that day is in a closed exercice (R10),
            or when the thresholds do not grow.
    """
    exiger_jour_ouvert(donnees["en_vigueur_du"], champ="en_vigueur_du")
    return ecrire(affecter(RegleAllocation(), donnees), auteur=auteur)
