"""Targets of an exercice: write them, establish their status with its evidence (R14)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count

from django.db import transaction
from django.db.models import Max

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.services.exercices import exiger_exercice_ouvert
from demarche.socle.concurrence import verrouiller_version
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.ecriture import a_change, enregistrer, supprimer
from evaluation.plan.enums import STATUTS_AVEC_PREUVE, StatutCible, SuiteCible
from evaluation.plan.models import Cible, Strategie

DEPART_PROVISOIRE = 10_000


@dataclass(frozen=True)
class SaisieCible:
    """One row of the page where the targets of a strategy are written together."""

    pk: int | None
    version: int | None
    numero: int | None  # None: the next free one
    enonce: str
    valeur_visee: Decimal | None = None
    unite: str = ""
    a_retirer: bool = False


def ce_qui_manque(cible: Cible) -> list[str]:
    """Return what a target still needs before a status that says something happened (R14); empty when ready."""
    if cible.resultats.exists():
        return []
    manques = [
        "Ajoutez au moins un résultat\u00a0: une phrase, et s’il y a lieu un nombre, un document ou une activité."
    ]
    if cible.valeur_visee is not None:
        manques.append(f"Écrivez dans ce résultat le nombre obtenu, en {cible.unite} si c’est bien ce qui est compté.")
    return manques


@transaction.atomic
def etablir_statut(
    cible: Cible, *, auteur: Utilisateur, statut: str, suite: str, version: int, motif: str = ""
) -> Cible:
    """Give a target its status and what comes next.

    Guarantees: a status of `STATUTS_AVEC_PREUVE` has evidence; doing it twice changes nothing.
    Errors:     ErreurMetier for a closed exercice, a missing evidence, or a change made meanwhile.
    """
    actuelle = verrouiller_version(Cible, cible.pk, version)
    exiger_exercice_ouvert(actuelle.exercice)
    if statut not in StatutCible.values or (suite and suite not in SuiteCible.values):
        raise ErreurMetier("Choisissez un statut et une suite dans les listes.")
    manques = ce_qui_manque(actuelle) if statut in STATUTS_AVEC_PREUVE else []
    if manques:
        libelle = StatutCible(statut).label.lower()
        raise ErreurMetier([f"Il manque une preuve pour dire cette cible «\u00a0{libelle}\u00a0».", *manques])
    actuelle.statut, actuelle.suite = statut, suite
    return _avancer(actuelle, auteur=auteur, motif=motif)


@transaction.atomic
def modifier_cible(
    cible: Cible, *, auteur: Utilisateur, version: int, enonce: str, valeur_visee: Decimal | None, unite: str
) -> Cible:
    """Change what a target says and aims at.

    Errors: ErreurMetier for a closed exercice, a number without unit, or a change made meanwhile.
    """
    actuelle = verrouiller_version(Cible, cible.pk, version)
    exiger_exercice_ouvert(actuelle.exercice)
    actuelle.enonce, actuelle.valeur_visee, actuelle.unite = enonce, valeur_visee, unite
    return _avancer(actuelle, auteur=auteur)


@transaction.atomic
def enregistrer_cibles(
    strategie: Strategie, exercice: Exercice, saisies: Sequence[SaisieCible], *, auteur: Utilisateur
) -> None:
    """Write together the targets of a strategy in an exercice: those added, changed, renumbered, removed.

    Guarantees: all or nothing; two targets may exchange their numbers.
    Errors:     ErreurMetier for a closed exercice, a number used twice, a target with results that one would
                remove, or a change made meanwhile (code « conflit »).
    """
    exiger_exercice_ouvert(exercice)
    saisies = _numeroter(saisies)
    gardees = [saisie for saisie in saisies if not saisie.a_retirer]
    if len({saisie.numero for saisie in gardees}) < len(gardees):
        raise ErreurMetier("Deux cibles portent le même numéro\u00a0: donnez à chacune le sien.")
    existantes: list[tuple[SaisieCible, Cible]] = []
    for saisie in saisies:
        if saisie.pk is None:
            continue
        cible = verrouiller_version(Cible, saisie.pk, saisie.version or 0)
        if cible.strategie_id != strategie.pk or cible.exercice_id != exercice.pk:
            raise ErreurMetier("Une de ces cibles n’appartient pas à cette stratégie. Rechargez la page.")
        if saisie.a_retirer:
            _retirer(cible, auteur=auteur)
        else:
            existantes.append((saisie, cible))
    _liberer_numeros(existantes)
    for saisie, cible in existantes:
        cible.numero, cible.enonce = saisie.numero or cible.numero, saisie.enonce
        cible.valeur_visee, cible.unite = saisie.valeur_visee, saisie.unite
        _avancer(cible, auteur=auteur)
    for saisie in gardees:
        if saisie.pk is None:
            nouvelle = Cible(
                strategie=strategie,
                exercice=exercice,
                numero=saisie.numero or 1,
                enonce=saisie.enonce,
                valeur_visee=saisie.valeur_visee,
                unite=saisie.unite,
            )
            enregistrer(nouvelle, auteur=auteur)


def _numeroter(saisies: Sequence[SaisieCible]) -> list[SaisieCible]:
    """Give the rows left without number the next ones."""
    plus_haut = max((saisie.numero or 0 for saisie in saisies if not saisie.a_retirer), default=0)
    suivants = count(plus_haut + 1)
    return [
        replace(saisie, numero=next(suivants)) if saisie.numero is None and not saisie.a_retirer else saisie
        for saisie in saisies
    ]


def _avancer(cible: Cible, *, auteur: Utilisateur, motif: str = "") -> Cible:
    """Save a locked target under its next version, if it changed."""
    if a_change(cible):
        cible.version += 1
    return enregistrer(cible, auteur=auteur, motif=motif)


def _retirer(cible: Cible, *, auteur: Utilisateur) -> None:
    if cible.resultats.exists() or cible.statut != StatutCible.EN_COURS:
        raise ErreurMetier(
            f"La cible {cible.numero} a déjà un statut ou des résultats\u00a0: elle ne se retire pas. "
            "Donnez-lui plutôt le statut «\u00a0non applicable\u00a0» ou «\u00a0modifiée\u00a0»."
        )
    supprimer(cible, auteur=auteur)


def _liberer_numeros(existantes: list[tuple[SaisieCible, Cible]]) -> None:
    """Put aside the rows that change number, so that two may exchange theirs without meeting."""
    deplacees = [cible for saisie, cible in existantes if cible.numero != saisie.numero]
    if not deplacees:
        return
    premiere = deplacees[0]
    plus_haut = Cible.objects.filter(strategie_id=premiere.strategie_id, exercice_id=premiere.exercice_id).aggregate(
        plus_haut=Max("numero")
    )["plus_haut"]
    for rang, cible in enumerate(deplacees, start=max(plus_haut, DEPART_PROVISOIRE) + 1):
        cible.numero = rang
        cible.skip_history_when_saving = True  # type: ignore[attr-defined]
        cible.save()
        del cible.skip_history_when_saving  # type: ignore[attr-defined]
