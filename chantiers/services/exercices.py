"""A closed exercice is read-only (R10)."""

import datetime

from demarche.erreurs import ErreurMetier
from demarche.models import Exercice


def exiger_exercice_ouvert(exercice: Exercice) -> None:
    """Stop unless the exercice can still be written; asked of the database, it may have closed since it was read.

    Errors: ErreurMetier when it is closed.
    """
    if Exercice.objects.filter(pk=exercice.pk, est_clos=True).exists():
        raise ErreurMetier(
            f"L’exercice {exercice} est clos : ses chiffres ne changent plus. Consultez-le, ou choisissez un "
            "exercice ouvert.",
            code="clos",
        )


def exiger_jour_ouvert(jour: datetime.date) -> Exercice:
    """Return the open exercice that contains that day.

    Errors: ErreurMetier, beside the field `date`, when no exercice contains it or when it is closed.
    """
    exercice = Exercice.objects.contenant(jour).first()
    if exercice is None:
        raise ErreurMetier({"date": "Aucun exercice ne contient cette date : vérifiez l’année."}, code="sans_exercice")
    if exercice.est_clos:
        raise ErreurMetier(
            {"date": f"Cette date tombe dans l’exercice {exercice}, qui est clos : on n’y ajoute ni ne change rien."},
            code="clos",
        )
    return exercice
