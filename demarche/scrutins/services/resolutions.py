"""The register of resolutions: numbered without gaps, never changed, corrected by a later one (R7)."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Exercice, InstanceGouvernance, Rencontre, Resolution
from demarche.gouvernance.services.exercices import exiger_exercice_ouvert, exiger_jour_ouvert
from demarche.registre.enums import GenreEvenement
from demarche.registre.services.lignes import Faits, inscrire_evenement, tenir_registre
from demarche.scrutins.models import Scrutin
from demarche.scrutins.queries import scrutin_de
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.ecriture import signer


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
    corrige: Resolution | None = None,
    faits: Faits | None = None,
) -> Resolution:
    """Give the next number of the instance's register in the exercice to one decision, and write it.

    The register, then the instance's row, are locked, so that two decisions at the same instant get two numbers in
    a row. `corrige` is the resolution that this one corrects; the text cites it.
    faits: extra values of the register line: the request, the amount granted.
    Errors: ErreurMetier when the exercice is closed (R10).
    Source: R7; the number reads `CP-2023-2024-007`.
    """
    tenir_registre()
    exiger_exercice_ouvert(exercice)
    verrou = InstanceGouvernance.objects.select_for_update(of=("self",)).get(pk=instance_gouvernance.pk)
    dernier = Resolution.objects.filter(instance_gouvernance=verrou, exercice=exercice).aggregate(n=Max("numero"))["n"]
    numero = (dernier or 0) + 1
    resolution = Resolution.objects.create(
        instance_gouvernance=verrou,
        exercice=exercice,
        numero=numero,
        code=f"{verrou.prefixe}-{exercice.code}-{numero:03d}",
        titre=titre,
        texte=f"Corrige la résolution {corrige.code}.\n{texte}" if corrige else texte,
        adoptee_le=adoptee_le,
        rencontre=rencontre,
        corrige=corrige,
        inscrite_par=auteur,
    )
    if scrutin is not None:
        scrutin.resolution = resolution
        signer(scrutin, auteur, f"Résolution {resolution.code}").save(update_fields=["resolution"])
    inscrire_evenement(
        GenreEvenement.RESOLUTION,
        f"resolution {resolution.pk}",
        corps=corps_resolution(resolution),
        secret=secret_resolution(resolution),
        faits=faits,
    )
    return resolution


def corps_resolution(resolution: Resolution) -> dict[str, Any]:
    """Return what the register says of a resolution, in clear."""
    scrutin = scrutin_de(resolution)
    return {
        "code": resolution.code,
        "adoptee_le": resolution.adoptee_le.isoformat(),
        "scrutin": scrutin.pk if scrutin else None,
        "rencontre": resolution.rencontre_id,
        "corrige": resolution.corrige.code if resolution.corrige else None,
    }


def secret_resolution(resolution: Resolution) -> dict[str, Any]:
    """Return what the line of a resolution commits to: its words, which may name somebody."""
    return {"titre": resolution.titre, "texte": resolution.texte, "inscrite_par": resolution.inscrite_par_id}


def exercice_de_l_adoption(jour: datetime.date) -> Exercice:
    """Return the exercice in which a resolution adopted that day is numbered.

    Errors: ErreurMetier when that day is in no exercice, or in a closed one.
    """
    exercice = exiger_jour_ouvert(jour)
    if exercice is None:
        raise ErreurMetier("Aucun exercice ne contient le jour du vote : ajoutez-le aux réglages.")
    return exercice


def inscrire_resolution_du_scrutin(scrutin: Scrutin) -> Resolution:
    """Write the resolution that a closed free ballot adopted, on the day of the vote.

    Errors: ErreurMetier when that day is in no exercice, or in a closed one.
    """
    jour = scrutin.rencontre.date if scrutin.rencontre else timezone.localdate(scrutin.clos_le)
    return inscrire_resolution(
        instance_gouvernance=scrutin.instance_gouvernance,
        exercice=exercice_de_l_adoption(jour),
        titre=scrutin.question[:200],
        texte=scrutin.texte,
        adoptee_le=jour,
        auteur=scrutin.ouvert_par,
        scrutin=scrutin,
        rencontre=scrutin.rencontre,
        corrige=scrutin.corrige,
    )
