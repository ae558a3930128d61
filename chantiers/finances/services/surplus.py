"""Sommes résiduelles: the result of an exercice and its planned uses (R9)."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from chantiers.actions.services.lignes import enregistrer_lot
from chantiers.budget.models import AffectationSurplus, ResultatFinancier
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.services.exercices import exiger_exercice_ouvert
from demarche.registre.services.lignes import tenir_registre
from demarche.socle.concurrence import verifier_empreinte
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.francais import ecrire_dollars
from demarche.socle.services.ecriture import a_change, affecter, ecrire


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
    Errors: ErreurMetier when the exercice is closed, when its result changes while a later one is (R10), when it would
            contradict what the démarche said it had set aside before the next, or when somebody saved since.
    """
    tenir_registre()  # no exercice closes, no envelope of the surplus is written meanwhile
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
        _exiger_suite_ouverte(exercice)
        if resultat.pk is None:
            _reprendre_ouverture(resultat, auteur=auteur)
        ecrire(resultat, auteur=auteur)
    derniere = max((a.ordre for a in actuelles if isinstance(a, AffectationSurplus)), default=0)
    for ligne in lignes:
        ligne.exercice = exercice
        if ligne.pk is None:
            derniere += 1
            ligne.ordre = derniere
    enregistrer_lot(lignes, retirees, auteur=auteur)
    return resultat


def _exiger_suite_ouverte(exercice: Exercice) -> None:
    """Refuse to change a result that the sommes résiduelles of a later, closed exercice add up (R10)."""
    clos = Exercice.objects.filter(debut__gt=exercice.debut, est_clos=True).order_by("debut").first()
    if clos is not None:
        raise ErreurMetier(
            {"montant": f"L’exercice {clos}, plus récent, est clos et compte ce résultat : rouvrez-le d’abord."},
            code="clos",
        )


def _reprendre_ouverture(resultat: ResultatFinancier, *, auteur: Utilisateur) -> None:
    """Take over, with an older first result, the opening balance of the one that was first: both say the same sum.

    Errors: ErreurMetier when they do not; nothing that was set aside vanishes (R9).
    """
    autres = ResultatFinancier.objects.select_related("exercice").order_by("exercice__debut")
    premier = autres.first()
    if premier is None or premier.exercice.debut < resultat.exercice.debut:
        return
    voulu, dit = premier.solde_ouverture, resultat.solde_ouverture + resultat.montant
    if dit != voulu:
        raise ErreurMetier(
            {
                "solde_ouverture": f"Il y avait {ecrire_dollars(voulu)} de côté avant {premier.exercice}, d’après ce "
                f"qui y est inscrit. Ici, le solde et le surplus en font {ecrire_dollars(dit)} : corrigez l’un ou "
                "l’autre."
            }
        )
    ecrire(affecter(premier, {"solde_ouverture": Decimal(0)}), auteur=auteur, motif="Repris du résultat précédent")
