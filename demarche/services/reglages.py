"""The démarche's own row and its places."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from demarche.erreurs import ErreurMetier
from demarche.models import Demarche, Territoire, Utilisateur

from .ecriture import affecter, ecrire, modifier


def enregistrer_demarche(*, version: int, champs: Mapping[str, Any], auteur: Utilisateur) -> Demarche:
    """Write the only row of the démarche, created the first time; refused when somebody saved it since."""
    try:
        with transaction.atomic():
            demarche = Demarche.objects.filter(pk=1).first()
            if demarche is None:
                demarche = Demarche(pk=1, **champs)
                demarche.full_clean(validate_unique=False)
                demarche.save(force_insert=True)
                return demarche
            return modifier(Demarche, demarche.pk, version=version, donnees=champs, auteur=auteur)
    except IntegrityError as erreur:
        raise ErreurMetier("Quelqu’un vient de décrire la démarche. Rechargez la page.") from erreur


@transaction.atomic
def enregistrer_territoire(
    territoire: Territoire | None, *, champs: Mapping[str, Any], auteur: Utilisateur
) -> Territoire:
    """Add one place, or change it.

    Errors: ErreurMetier when it would contain itself, or when it exists already.
    """
    objet = territoire or Territoire()
    if all(getattr(objet, nom) == valeur for nom, valeur in champs.items()) and objet.pk:
        return objet
    ancetre = champs.get("parent")
    while ancetre is not None and objet.pk:
        if ancetre.pk == objet.pk:
            raise ErreurMetier("Un territoire ne peut pas faire partie de lui-même.")
        ancetre = ancetre.parent
    return ecrire(affecter(objet, champs), auteur=auteur)
