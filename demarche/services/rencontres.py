"""Meetings: announce, change."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from demarche.models import Rencontre, Utilisateur

from .ecriture import affecter, ecrire, modifier
from .exercices import exiger_jour_ouvert


@transaction.atomic
def creer_rencontre(*, champs: Mapping[str, Any], auteur: Utilisateur) -> Rencontre:
    """Write one meeting; refused in a closed exercice."""
    exiger_jour_ouvert(champs["date"])
    return ecrire(affecter(Rencontre(), champs), auteur=auteur)


@transaction.atomic
def modifier_rencontre(
    rencontre: Rencontre, *, version: int, champs: Mapping[str, Any], auteur: Utilisateur
) -> Rencontre:
    """Change one meeting that nobody changed since; refused when it leaves, or enters, a closed exercice."""
    ancienne = Rencontre.objects.get(pk=rencontre.pk)
    exiger_jour_ouvert(ancienne.date)
    exiger_jour_ouvert(champs["date"])
    return modifier(Rencontre, rencontre.pk, version=version, donnees=champs, auteur=auteur)
