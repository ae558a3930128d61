"""The démarche's own row, its places, and the numbers of ours that it makes its own."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Demarche, Reglage, Territoire
from demarche.gouvernance.protocoles import Defaut
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.ecriture import affecter, ecrire, enregistrer, modifier


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


@transaction.atomic
def regler_valeur(defaut: Defaut, *, valeur: int, source: str, version: int, auteur: Utilisateur) -> Reglage:
    """Confirm or change one number of ours, with the text that gives it; the history keeps the ones before.

    Errors: ErreurMetier out of its bounds, without source, or when somebody set it since `version` (0: not set yet).
    """
    if not defaut.minimum <= valeur <= defaut.maximum:
        raise ErreurMetier(f"Écrivez un nombre de {defaut.minimum} à {defaut.maximum} {defaut.unite}.")
    donnees = {"valeur": valeur, "source": source.strip()}
    reglage = Reglage.objects.filter(cle=defaut.cle).first()
    if reglage is None:
        return enregistrer(Reglage(cle=defaut.cle, **donnees), auteur=auteur)
    return modifier(Reglage, reglage.pk, version=version, donnees=donnees, auteur=auteur)
