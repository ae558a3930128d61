"""Indicators and their dated values (R16)."""

from django.db import transaction
from django.utils.text import slugify

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.services.exercices import exiger_jour_ouvert
from demarche.socle.services.ecriture import enregistrer, supprimer
from evaluation.plan.models import Indicateur, Mesure


@transaction.atomic
def enregistrer_indicateur(indicateur: Indicateur, *, auteur: Utilisateur) -> Indicateur:
    """Save one indicator; its key comes from its name the first time and stays, since texts may cite it."""
    if not indicateur.cle:
        racine = slugify(indicateur.nom)[:44] or "indicateur"
        prises = set(Indicateur.objects.filter(cle__startswith=racine).values_list("cle", flat=True))
        candidates = (racine if rang == 1 else f"{racine}-{rang}" for rang in range(1, len(prises) + 2))
        indicateur.cle = next(cle for cle in candidates if cle not in prises)
    return enregistrer(indicateur, auteur=auteur)


@transaction.atomic
def enregistrer_mesure(mesure: Mesure, *, auteur: Utilisateur) -> Mesure:
    """Save one dated value.

    Errors: ErreurMetier when its period ends before it starts, or when its day, the new one or the one before, is in
            a closed exercice (R10).
    """
    for jour in {mesure.date, *Mesure.objects.filter(pk=mesure.pk).values_list("date", flat=True)}:
        exiger_jour_ouvert(jour)
    return enregistrer(mesure, auteur=auteur)


@transaction.atomic
def supprimer_mesure(mesure: Mesure, *, auteur: Utilisateur) -> None:
    """Remove one dated value; its history stays.

    Errors: ErreurMetier when its day is in a closed exercice (R10).
    """
    exiger_jour_ouvert(mesure.date)
    supprimer(mesure, auteur=auteur)
