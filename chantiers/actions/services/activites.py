"""The logbook of an action: note what happened, correct it, take it away."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from chantiers.actions.models import ActionCollective, Activite
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.services.exercices import exiger_jour_ouvert
from demarche.socle.concurrence import verrouiller_pour, verrouiller_version
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.documents import deposer_document
from demarche.socle.services.ecriture import affecter, ecrire, supprimer


@dataclass(frozen=True)
class PhotoRecue:
    """One photo sent with an activity; `est_publique` when the people one recognises accepted it."""

    fichier: "UploadedFile[bytes]"
    texte_alternatif: str
    est_publique: bool


def _joindre(activite: Activite, photo: PhotoRecue | None, auteur: Utilisateur) -> None:
    if photo is not None:
        activite.photo = deposer_document(
            fichier=photo.fichier,
            titre=activite.titre,
            auteur=auteur,
            texte_alternatif=photo.texte_alternatif,
            est_public=photo.est_publique,
        )


def _refuser_avenir(activite: Activite) -> None:
    if activite.date > timezone.localdate():
        raise ErreurMetier(
            {"date": "Cette date n’est pas encore passée : une activité se note une fois qu’elle a eu lieu."},
            code="avenir",
        )


def _exiger_exercice_ouvert(activite: Activite) -> None:
    if exiger_jour_ouvert(activite.date, champ="date") is None:
        raise ErreurMetier({"date": "Aucun exercice ne contient cette date : vérifiez l’année."}, code="sans_exercice")


@transaction.atomic
def noter_activite(
    action_collective: ActionCollective,
    *,
    auteur: Utilisateur,
    donnees: Mapping[str, Any],
    photo: PhotoRecue | None = None,
) -> Activite:
    """Add one activity to the logbook of an action.

    Errors: ErreurMetier, beside `date`, for a day to come, in no exercice, or in a closed one (R10).
    """
    activite = affecter(Activite(action_collective=action_collective), donnees)
    _refuser_avenir(activite)
    _exiger_exercice_ouvert(activite)
    _joindre(activite, photo, auteur)
    ecrire(activite, auteur=auteur)
    return activite


@transaction.atomic
def modifier_activite(
    activite_pk: int,
    *,
    version: int,
    auteur: Utilisateur,
    donnees: Mapping[str, Any],
    photo: PhotoRecue | None = None,
    retirer_photo: bool = False,
) -> Activite:
    """Correct one activity opened at that version.

    Errors: ErreurMetier when somebody saved since, or when the day it had or the day it takes is in a closed exercice.
    """
    activite, change = verrouiller_pour(Activite, activite_pk, version=version, donnees=donnees)
    if not (change or photo or (retirer_photo and activite.photo_id)):
        return activite
    if not change:
        verrouiller_version(Activite, activite_pk, version)
    _exiger_exercice_ouvert(activite)
    affecter(activite, donnees)
    _refuser_avenir(activite)
    _exiger_exercice_ouvert(activite)
    if retirer_photo:
        activite.photo = None
    _joindre(activite, photo, auteur)
    activite.version += 1
    ecrire(activite, auteur=auteur)
    return activite


@transaction.atomic
def supprimer_activite(activite_pk: int, *, auteur: Utilisateur) -> None:
    """Take one activity away from the logbook; the history keeps it. Already gone: nothing happens.

    Errors: ErreurMetier when it is in a closed exercice (R10).
    """
    activite = Activite.objects.select_for_update(of=("self",)).filter(pk=activite_pk).first()
    if activite is None:
        return
    _exiger_exercice_ouvert(activite)
    supprimer(activite, auteur=auteur, motif="Activité retirée du journal")
