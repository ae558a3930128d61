"""Reads of the app `demarche` used by every page."""

from django.utils import timezone

from .models import Demarche, Exercice


def la_demarche() -> Demarche | None:
    """Return the démarche of this installation; None before the first settings are saved."""
    return Demarche.objects.first()


def exercice_courant() -> Exercice | None:
    """Return the exercice that contains today, else the last one; None when there is none."""
    return Exercice.objects.contenant(timezone.localdate()).first() or Exercice.objects.first()


def exercice_choisi(code: str | None) -> Exercice | None:
    """Return the exercice asked for by its code (`?exercice=2023-2024`), else the current one."""
    return (Exercice.objects.filter(code=code).first() if code else None) or exercice_courant()
