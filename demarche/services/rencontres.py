"""Meetings: announce, change."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from demarche.concurrence import modifier_versionne
from demarche.models import Rencontre, Utilisateur

from .exercices import exiger_jour_ouvert


@transaction.atomic
def creer_rencontre(*, champs: Mapping[str, Any], auteur: Utilisateur) -> Rencontre:
    """Write one meeting; refused in a closed exercice."""
    rencontre = Rencontre(**champs)
    exiger_jour_ouvert(rencontre.date)
    rencontre.full_clean()
    rencontre.save()
    return rencontre


@transaction.atomic
def modifier_rencontre(
    rencontre: Rencontre, *, version: int, champs: Mapping[str, Any], auteur: Utilisateur
) -> Rencontre:
    """Change one meeting that nobody changed since; refused when it leaves, or enters, a closed exercice."""
    ancienne = Rencontre.objects.get(pk=rencontre.pk)
    exiger_jour_ouvert(ancienne.date)
    exiger_jour_ouvert(champs["date"])
    return modifier_versionne(ancienne, version=version, champs=champs)
