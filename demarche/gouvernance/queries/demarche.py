"""The démarche, the exercice and who closed it, what remains to set up."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Demarche, Exercice
from demarche.gouvernance.protocoles import REGLES, EtapeInstallation


def la_demarche() -> Demarche | None:
    """Return the démarche of this installation; None before the first settings are saved."""
    return Demarche.objects.first()


def exercice_courant() -> Exercice | None:
    """Return the exercice that contains today, else the last one; None when there is none."""
    return Exercice.objects.contenant(timezone.localdate()).first() or Exercice.objects.first()


def exercice_choisi(code: str | None) -> Exercice | None:
    """Return the exercice asked for by its code (`?exercice=2023-2024`), else the current one."""
    return (Exercice.objects.filter(code=code).first() if code else None) or exercice_courant()


def etapes_installation(utilisateur: Utilisateur) -> list[EtapeInstallation]:
    """Return what a new installation needs, in order, each with whether it is done."""
    return [etape for regles in REGLES for etape in regles.etapes(utilisateur)]


@dataclass(frozen=True)
class DerniereCloture:
    """Who closed an exercice, or opened it again, and when."""

    quand: datetime.datetime
    qui: Utilisateur | None


def derniere_cloture(exercice: Exercice) -> DerniereCloture | None:
    """Return when and by whom this closed exercice was closed; None when it is open."""
    if not exercice.est_clos:
        return None
    trace = exercice.history.filter(est_clos=True).select_related("history_user").order_by("-history_date", "-pk")
    derniere = trace.filter(clos_le=exercice.clos_le).last() or trace.first()
    return DerniereCloture(exercice.clos_le or derniere.history_date, derniere.history_user)
