"""Effects of a strategy in an exercice (R15)."""

from collections.abc import Collection

from django.db import IntegrityError, transaction

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.services.exercices import exiger_exercice_ouvert
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.ecriture import enregistrer, signer
from evaluation.plan.enums import NatureEffet
from evaluation.plan.models import EffetConstate, ResultatTransitoire, Strategie


def ce_qui_contredit(nature: str, nombre: int) -> str:
    """Return the sentence that refuses a nature and a number of résultats transitoires together; empty when right."""
    if nature == NatureEffet.IDENTIFIE and not nombre:
        return "Cochez au moins un résultat transitoire, ou dites que l’effet n’est pas identifiable pour le moment."
    if nature != NatureEffet.IDENTIFIE and nombre:
        libelle = NatureEffet(nature).label.lower()
        return f"Décochez les résultats transitoires\u00a0: un effet «\u00a0{libelle}\u00a0» n’en nomme aucun."
    return ""


@transaction.atomic
def noter_effets(
    strategie: Strategie,
    exercice: Exercice,
    *,
    auteur: Utilisateur,
    nature: str,
    resultats_transitoires: Collection[ResultatTransitoire],
    precision: str = "",
) -> EffetConstate:
    """Note what a strategy changed in an exercice, in place of what was noted before.

    Guarantees: identified effects name at least one résultat transitoire, the two other natures none.
    Errors:     ErreurMetier for a closed exercice or a nature that contradicts the choice.
    """
    exiger_exercice_ouvert(exercice)
    if nature not in NatureEffet.values:
        raise ErreurMetier("Choisissez une des trois réponses.")
    if contradiction := ce_qui_contredit(nature, len(resultats_transitoires)):
        raise ErreurMetier(contradiction)
    try:
        with transaction.atomic():
            EffetConstate.objects.get_or_create(strategie=strategie, exercice=exercice, defaults={"nature": nature})
    except IntegrityError:  # somebody noted the first one at the same instant
        pass
    effet = EffetConstate.objects.select_for_update(of=("self",)).get(strategie=strategie, exercice=exercice)
    effet.nature, effet.precision = nature, precision
    enregistrer(effet, auteur=auteur)
    if set(effet.resultats_transitoires.all()) != set(resultats_transitoires):
        signer(effet, auteur).resultats_transitoires.set(resultats_transitoires)
    return effet
