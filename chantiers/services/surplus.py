"""Sommes résiduelles: the result of an exercice and its planned uses (R9)."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from chantiers.models import AffectationSurplus, ResultatFinancier
from demarche.concurrence import verifier_empreinte
from demarche.models import Exercice, Utilisateur
from demarche.services.ecriture import a_change, affecter, ecrire
from demarche.services.exercices import exiger_exercice_ouvert

from .lignes import enregistrer_lot


@transaction.atomic
def enregistrer_surplus(
    *,
    exercice: Exercice,
    empreinte: str,
    montant: Decimal,
    source: str,
    solde_ouverture: Decimal | None,
    lignes: Sequence[AffectationSurplus],
    retirees: Sequence[AffectationSurplus],
    auteur: Utilisateur,
) -> ResultatFinancier:
    """Save the result of one exercice and the planned uses of what is set aside, all at once.

    `solde_ouverture` None leaves it as it is: only the first exercice recorded has one.
    Errors: ErreurMetier when the exercice is closed (R10) or somebody saved since.
    """
    Exercice.objects.select_for_update(of=("self",)).get(pk=exercice.pk)
    exiger_exercice_ouvert(exercice)
    resultat = ResultatFinancier.objects.filter(exercice=exercice).first()
    actuelles = [*AffectationSurplus.objects.filter(exercice=exercice), *([resultat] if resultat else [])]
    verifier_empreinte(actuelles, empreinte)
    resultat = resultat or ResultatFinancier(exercice=exercice)
    donnees = {"montant": montant, "source": source}
    if solde_ouverture is not None:
        donnees["solde_ouverture"] = solde_ouverture
    if a_change(affecter(resultat, donnees)):
        ecrire(resultat, auteur=auteur)
    derniere = max((a.ordre for a in actuelles if isinstance(a, AffectationSurplus)), default=0)
    for ligne in lignes:
        ligne.exercice = exercice
        if ligne.pk is None:
            derniere += 1
            ligne.ordre = derniere
    enregistrer_lot(lignes, retirees, auteur=auteur)
    return resultat
