"""Verify the chained register: the chain, then each line against the rows of today, and the rows it ignores (R7)."""

import datetime
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from demarche.registre.models import EvenementRegistre
from demarche.registre.protocoles import MATIERES, Rupture
from demarche.registre.services.chaine import controler_chaine, controler_declencheurs, controler_sels
from demarche.registre.services.lignes import tenir_registre
from demarche.socle.francais import compter

journal = logging.getLogger(__name__)

CLE_CACHE = "registre:derniere_verification"
RUPTURES_RETENUES = 50


def controler_registre() -> Iterator[Rupture]:
    """Yield every break: first in the chain, then in the rows of each room. The caller holds the register.

    A check that cannot read a value stops and counts as a break; the others go on.
    """
    propres = [controler_declencheurs, controler_chaine, controler_sels]
    for controle in (*propres, *(controle for matiere in MATIERES for controle in matiere.controles)):
        try:
            yield from controle()
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            journal.exception("Le contrôle %s s’arrête.", controle.__name__)
            yield Rupture(None, "registre", "une ligne ou une fiche n’est pas lisible : ce contrôle s’arrête là.")


@dataclass(frozen=True)
class Verification:
    """What one whole verification found."""

    nb_lignes: int
    nb_sans_sel: int
    ruptures: tuple[Rupture, ...]

    @property
    def est_entier(self) -> bool:
        return not self.ruptures

    @property
    def resume(self) -> str:
        """Return the verification in one French sentence."""
        if self.est_entier:
            etat = f"Le registre est entier : {compter(self.nb_lignes, 'ligne')}"
        else:
            etat = f"{compter(len(self.ruptures), 'rupture')} dans un registre de {compter(self.nb_lignes, 'ligne')}"
        sans_sel = f"; {compter(self.nb_sans_sel, 'engagement')} sans sel" if self.nb_sans_sel else ""
        return f"{etat}{sans_sel}."


@transaction.atomic
def verifier_registre(dire: Callable[[Rupture], object] | None = None) -> Verification:
    """Verify the whole register and return what was found; `dire` receives each break as soon as it shows.

    The register stays locked: no decision is written between the reading of a line and that of its row.
    """
    tenir_registre()
    ruptures = []
    for rupture in controler_registre():
        ruptures.append(rupture)
        if dire:
            dire(rupture)
    sans_sel = EvenementRegistre.objects.exclude(engagement="").filter(sel__isnull=True).count()
    return Verification(EvenementRegistre.objects.count(), sans_sel, tuple(ruptures))


@dataclass(frozen=True)
class DerniereVerification:
    """Date and result of the last verification."""

    faite_le: datetime.datetime
    est_entier: bool
    resume: str
    ruptures: tuple[str, ...]  # the first ones


def verifier_et_retenir(dire: Callable[[Rupture], object] | None = None) -> Verification:
    """Verify the whole register, and keep the result for its page."""
    verification = verifier_registre(dire)
    retenues = tuple(str(rupture) for rupture in verification.ruptures[:RUPTURES_RETENUES])
    valeurs = (timezone.now(), verification.est_entier, verification.resume, retenues)
    cache.set(CLE_CACHE, valeurs, timeout=None)
    return verification


def derniere_verification() -> DerniereVerification | None:
    """Return what the last verification gave; None when there was none, or when the cache was emptied since."""
    valeurs = cache.get(CLE_CACHE)
    return DerniereVerification(*valeurs) if valeurs else None
