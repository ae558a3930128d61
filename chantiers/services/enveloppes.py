"""Envelopes: open one, change one, without ever promising what is not there (R8, R9)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from chantiers.enums import EtatDemande
from chantiers.models import Chantier, Enveloppe
from chantiers.queries import etat_surplus, solde_enveloppe
from demarche.concurrence import verrouiller_pour
from demarche.erreurs import ErreurMetier
from demarche.models import Utilisateur
from demarche.montants import ecrire_dollars
from demarche.services.ecriture import affecter, ecrire
from demarche.services.registre_decisions import tenir_registre

SURPLUS_SANS_RESULTAT = (
    "Aucun résultat d’exercice n’est inscrit : inscrivez d’abord, aux sommes résiduelles, ce que la démarche a "
    "de côté."
)
PORTE_DU_SURPLUS = (
    "Elle porte des usages prévus des sommes résiduelles : reliez-les d’abord à une autre enveloppe du surplus."
)


@transaction.atomic
def creer_enveloppe(*, auteur: Utilisateur, donnees: Mapping[str, Any]) -> Enveloppe:
    """Create one envelope.

    Errors: ErreurMetier, by field, when its name is taken, its period runs backwards, or when it is of the surplus and
            exceeds the sommes résiduelles (R9).
    """
    tenir_registre()
    enveloppe = ecrire(affecter(Enveloppe(), donnees), auteur=auteur)
    _verifier_surplus(enveloppe)
    return enveloppe


@transaction.atomic
def modifier_enveloppe(
    enveloppe_pk: int, *, version: int, auteur: Utilisateur, donnees: Mapping[str, Any]
) -> Enveloppe:
    """Change one envelope opened at that version; the register is held, so that nothing is granted meanwhile.

    Errors: ErreurMetier when somebody saved since; by field, when its amount would fall under what is committed (R8),
            when it is reserved to a chantier while it pays another, exceeds the sommes résiduelles, or leaves the
            surplus while it carries planned uses of it (R9).
    """
    tenir_registre()
    enveloppe, change = verrouiller_pour(Enveloppe, enveloppe_pk, version=version, donnees=donnees)
    if not change:
        return enveloppe
    solde = solde_enveloppe(enveloppe_pk)
    assert solde is not None  # noqa: S101 - locked just above
    montant = donnees.get("montant", enveloppe.montant)
    if montant < solde.engage:
        phrase = (
            f"{ecrire_dollars(solde.engage)} de cette enveloppe sont déjà accordés ou réservés : le montant ne peut "
            "pas descendre plus bas."
        )
        raise ErreurMetier({"montant": phrase}, code="engage")
    _verifier_chantier(enveloppe, donnees.get("chantier"))
    if not donnees.get("est_surplus", enveloppe.est_surplus) and enveloppe.affectations.exists():
        raise ErreurMetier({"est_surplus": PORTE_DU_SURPLUS})
    affecter(enveloppe, donnees)
    enveloppe.version += 1
    ecrire(enveloppe, auteur=auteur)
    _verifier_surplus(enveloppe)
    return enveloppe


def _verifier_chantier(enveloppe: Enveloppe, chantier: Chantier | None) -> None:
    """Refuse to reserve to one chantier an envelope that already pays, or reserves for, another."""
    if chantier is None or chantier.pk == enveloppe.chantier_id:
        return
    portees = enveloppe.demandes.filter(etat__in=[EtatDemande.ACCORDEE, EtatDemande.EN_DELIBERATION])
    autre = portees.exclude(action_collective__chantier=chantier).first()
    if autre is not None:
        phrase = f"Elle porte déjà la demande « {autre} », d’un autre chantier : elle ne peut pas lui être réservée."
        raise ErreurMetier({"chantier": phrase})


def _verifier_surplus(enveloppe: Enveloppe) -> None:
    """Refuse envelopes of the surplus that exceed, together, the sommes résiduelles; the transaction goes back."""
    if not enveloppe.est_surplus:
        return
    etat = etat_surplus()
    if etat.arrete_au is None:
        raise ErreurMetier({"montant": SURPLUS_SANS_RESULTAT})
    if etat.depassement > 0:
        phrase = (
            f"Les enveloppes du surplus demanderaient {ecrire_dollars(etat.a_couvrir)}, alors que les sommes "
            f"résiduelles sont de {ecrire_dollars(etat.total)} : baissez le montant d’au moins "
            f"{ecrire_dollars(etat.depassement)}."
        )
        raise ErreurMetier({"montant": phrase}, code="surplus")
