"""The register of resolutions: numbered without gaps, never changed (R7)."""

import datetime

from django.db import transaction
from django.db.models import Max

from demarche.models import Exercice, InstanceGouvernance, Rencontre, Resolution, Scrutin, Utilisateur


@transaction.atomic
def inscrire_resolution(
    *,
    instance_gouvernance: InstanceGouvernance,
    exercice: Exercice,
    titre: str,
    texte: str,
    adoptee_le: datetime.date,
    auteur: Utilisateur | None,
    scrutin: Scrutin | None = None,
    rencontre: Rencontre | None = None,
) -> Resolution:
    """Give the next number of the instance's register in the exercice to one decision, and write it.

    The instance's row is locked, so that two decisions at the same instant get two numbers in a row.
    Source: R7; the number reads `CP-2023-2024-007`.
    """
    verrou = InstanceGouvernance.objects.select_for_update(of=("self",)).get(pk=instance_gouvernance.pk)
    dernier = Resolution.objects.filter(instance_gouvernance=verrou, exercice=exercice).aggregate(n=Max("numero"))["n"]
    numero = (dernier or 0) + 1
    return Resolution.objects.create(
        instance_gouvernance=verrou,
        exercice=exercice,
        numero=numero,
        code=f"{verrou.prefixe}-{exercice.code}-{numero:03d}",
        titre=titre,
        texte=texte,
        adoptee_le=adoptee_le,
        scrutin=scrutin,
        rencontre=rencontre,
        inscrite_par=auteur,
    )
