"""What the vérificateur finds in the governance: seats, mandates, quorums, rules without source."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from demarche.gouvernance.defauts import SIEGE_VACANT
from demarche.gouvernance.enums import QUI_DECIDENT, RegleQuorum
from demarche.gouvernance.models import Exercice, InstanceGouvernance
from demarche.gouvernance.protocoles import Constat, Verification
from demarche.gouvernance.queries.gouvernance import LigneSiege, mandats_finissants, nb_voix_de, sieges_vacants
from demarche.gouvernance.queries.reglages import jours_de
from demarche.socle.francais import ecrire_date


def longtemps_vacant(ligne: LigneSiege, limite: datetime.date) -> bool:
    return ligne.vacant_depuis is None or ligne.vacant_depuis < limite


def sieges_longtemps_vacants(exercice: Exercice) -> Iterable[Constat]:
    """Find the seats that nobody holds for longer than SIEGE_VACANT."""
    jour = timezone.localdate()
    limite = jour - jours_de(SIEGE_VACANT)
    for ligne in sieges_vacants(jour):
        if longtemps_vacant(ligne, limite):
            depuis = f" depuis le {ecrire_date(ligne.vacant_depuis)}" if ligne.vacant_depuis else ""
            instance = ligne.siege.instance_gouvernance
            yield Constat(
                "a_verifier",
                f"Le siège « {ligne.siege} » de l’instance « {instance} » est vacant{depuis}.",
                ligne.siege.get_absolute_url(),
            )


def mandats_sans_suite(exercice: Exercice) -> Iterable[Constat]:
    """Find the mandates that ended lately (SIEGE_VACANT) with nobody after, and those about to end."""
    jour = timezone.localdate()
    limite = jour - jours_de(SIEGE_VACANT)
    for ligne in sieges_vacants(jour):
        if ligne.passes and not ligne.a_venir and not longtemps_vacant(ligne, limite):
            dernier = ligne.passes[0]
            yield Constat(
                "a_corriger",
                f"Le mandat de {dernier.utilisateur} au siège « {ligne.siege} » a pris fin le "
                f"{ecrire_date(dernier.au)}, et personne n’est nommé ensuite.",
                ligne.siege.get_absolute_url(),
            )
    for mandat in mandats_finissants(jour):
        yield Constat(
            "a_verifier",
            f"Le mandat de {mandat.utilisateur} au siège « {mandat.siege} » finit le {ecrire_date(mandat.au)} : "
            "renouvelez-le, ou nommez qui vient ensuite.",
            mandat.siege.get_absolute_url(),
        )


def quorums_impossibles(exercice: Exercice) -> Iterable[Constat]:
    """Find the instances that have fewer voices than their fixed quorum: nothing they decide can hold."""
    jour = timezone.localdate()
    fixes = InstanceGouvernance.objects.filter(est_active=True, regle_quorum=RegleQuorum.NOMBRE)
    for instance in fixes:
        nb_voix = nb_voix_de(instance, jour)
        if nb_voix is not None and nb_voix < (instance.quorum_nombre or 0):
            yield Constat(
                "a_corriger",
                f"« {instance} » demande un quorum de {instance.quorum_nombre} voix et n’en a que {nb_voix} : "
                "aucun de ses scrutins ne peut être valide.",
                instance.get_absolute_url(),
            )


def regles_sans_source(exercice: Exercice) -> Iterable[Constat]:
    """Find the instances that decide on money with a rule that no text of the démarche gives."""
    sans = InstanceGouvernance.objects.filter(est_active=True, genre__in=QUI_DECIDENT, source_regle="")
    for instance in sans:
        yield Constat(
            "a_verifier",
            f"La règle de décision de « {instance} » est celle de l’outil par défaut : confirmez-la par votre cadre "
            "de référence, ou changez-la.",
            instance.get_absolute_url(),
        )


VERIFICATIONS = (
    Verification("gouvernance.sieges_vacants", "Sièges longtemps vacants", sieges_longtemps_vacants),
    Verification("gouvernance.mandats", "Mandats à renouveler", mandats_sans_suite),
    Verification("gouvernance.quorums", "Quorums impossibles", quorums_impossibles),
    Verification("gouvernance.regles", "Règles sans source", regles_sans_source),
)
