"""Exercices: open one, refuse to write in a closed one (R10)."""

import datetime

from django.db import transaction

from demarche.erreurs import ErreurMetier
from demarche.models import Demarche, Exercice, Utilisateur

DUREE_MINIMALE = datetime.timedelta(days=27)
DUREE_MAXIMALE = datetime.timedelta(days=550)  # a first exercice may be long; two years are a slip of the finger


def exiger_exercice_ouvert(exercice: Exercice, *, champ: str | None = None) -> None:
    """Refuse to write in a closed exercice (R10); the row is read again, it may have closed since.

    Errors: ErreurMetier, beside the field `champ` if there is one.
    """
    if Exercice.objects.filter(pk=exercice.pk, est_clos=True).exists():
        phrase = f"L’exercice {exercice} est clos : rien ne s’y ajoute ni ne s’y change."
        raise ErreurMetier({champ: phrase} if champ else phrase, code="clos")


def exiger_jour_ouvert(jour: datetime.date, *, champ: str | None = None) -> Exercice | None:
    """Refuse to write on a day of a closed exercice (R10); return the exercice of that day, None when it has none.

    Errors: ErreurMetier, beside the field `champ` if there is one.
    """
    exercice = Exercice.objects.contenant(jour).first()
    if exercice is not None:
        exiger_exercice_ouvert(exercice, champ=champ)
    return exercice


@transaction.atomic
def ajouter_exercice(*, debut: datetime.date, fin: datetime.date, auteur: Utilisateur | None) -> Exercice:
    """Add one exercice; its code is made of its two years.

    Errors: ErreurMetier when the dates are upside down, too far apart, or shared with another exercice.
    """
    if fin <= debut:
        raise ErreurMetier("Le dernier jour doit suivre le premier.")
    if not DUREE_MINIMALE <= fin - debut <= DUREE_MAXIMALE:
        raise ErreurMetier("Un exercice dure au plus dix-huit mois. Vérifiez les années.")
    Demarche.objects.select_for_update().first()  # one exercice at a time
    autre = Exercice.objects.filter(debut__lte=fin, fin__gte=debut).first()
    if autre:
        raise ErreurMetier(f"Ces dates recoupent l’exercice {autre}.")
    code = f"{debut.year}-{fin.year}"
    if Exercice.objects.filter(code=code).exists():
        raise ErreurMetier(f"Un exercice {code} existe déjà.")
    return Exercice.objects.create(code=code, debut=debut, fin=fin)
