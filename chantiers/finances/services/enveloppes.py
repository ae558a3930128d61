"""Envelopes: open one, change one, without ever promising what is not there (R8, R9)."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from chantiers.actions.models import Chantier
from chantiers.budget.models import Enveloppe
from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.queries.engagements import etat_surplus, solde_enveloppe
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.services.exercices import exiger_jour_ouvert
from demarche.registre.services.lignes import tenir_registre
from demarche.socle.concurrence import verrouiller_pour
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.francais import ecrire_dollars
from demarche.socle.services.ecriture import affecter, ecrire

SURPLUS_SANS_RESULTAT = (
    "Aucun résultat d’exercice n’est inscrit : inscrivez d’abord, aux sommes résiduelles, ce que la démarche a "
    "de côté."
)
PORTE_DU_SURPLUS = (
    "Elle porte des usages prévus des sommes résiduelles : reliez-les d’abord à une autre enveloppe du surplus."
)
PROVENANCE = ("bailleur", "gestionnaire", "est_surplus")


@transaction.atomic
def creer_enveloppe(*, auteur: Utilisateur, donnees: Mapping[str, Any]) -> Enveloppe:
    """Create one envelope.

    Errors: ErreurMetier, by field, when its name is taken, when its period runs backwards or ends in a closed exercice
            (R10), or when it is of the surplus and exceeds the sommes résiduelles (R9).
    """
    tenir_registre()
    _exiger_fin_ouverte(donnees.get("au"))
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
            surplus while it carries planned uses of it (R9); when its period ends in a closed exercice, or when it
            would change whose money a closed exercice granted (R10).
    """
    tenir_registre()
    enveloppe, change = verrouiller_pour(Enveloppe, enveloppe_pk, version=version, donnees=donnees)
    if not change:
        return enveloppe
    _exiger_fin_ouverte(enveloppe.au)
    _exiger_fin_ouverte(donnees.get("au"))
    _verifier_provenance(enveloppe, donnees)
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


def _exiger_fin_ouverte(au: datetime.date | None) -> None:
    """Refuse to write on an envelope whose period ends in a closed exercice (R10)."""
    if au is not None:
        exiger_jour_ouvert(au, champ="au")


def _verifier_provenance(enveloppe: Enveloppe, donnees: Mapping[str, Any]) -> None:
    """Refuse to change whose money it is once a closed exercice granted some of it: its ledger says so (R10)."""
    change = next(
        (nom for nom in PROVENANCE if donnees.get(nom, getattr(enveloppe, nom)) != getattr(enveloppe, nom)), ""
    )
    if not change:
        return
    clos = Exercice.objects.filter(demandes__enveloppe=enveloppe, demandes__etat=EtatDemande.ACCORDEE, est_clos=True)
    if clos.exists():
        phrase = f"Elle a accordé des fonds dans l’exercice {clos.latest('debut')}, clos : ceci n’y change plus."
        raise ErreurMetier({change: phrase}, code="clos")


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
