"""What an envelope has committed: the sum of its rows, written on it under its lock, bounded by the database (R8)."""

from decimal import Decimal

from django.utils import timezone

from chantiers.budget.models import Enveloppe
from chantiers.demandes.models import DemandeFonds
from chantiers.demandes.queries.engagements import disponible, sommes_engagees
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.francais import ecrire_dollars


def verrouiller_enveloppe(pk: int) -> Enveloppe:
    """Lock one envelope and return it."""
    return Enveloppe.objects.select_for_update(of=("self",)).get(pk=pk)


def actualiser_engagement(*pks: int | None) -> None:
    """Write again what these envelopes have committed: granted, less released, plus what open ballots reserve.

    The constraint `enveloppe_engage_au_plus_disponible` refuses more than the envelope has.
    """
    for pk in sorted({pk for pk in pks if pk is not None}):
        enveloppe = verrouiller_enveloppe(pk)
        engage = sommes_engagees(DemandeFonds.objects.filter(enveloppe=enveloppe)).get(enveloppe.pk, Decimal(0))
        if enveloppe.montant_engage != engage:
            enveloppe.montant_engage = engage
            enveloppe.save()


def reserver(demande: DemandeFonds, enveloppe: Enveloppe, montant: Decimal) -> Enveloppe:
    """Lock the envelope and check that it can pay that request: its dates, its chantier, what it has left (R8).

    Errors: ErreurMetier with what stands in the way.
    """
    verrou = verrouiller_enveloppe(enveloppe.pk)
    jour = timezone.localdate()
    if verrou.du > jour or (verrou.au is not None and verrou.au < jour):
        raise ErreurMetier(f"L’enveloppe « {verrou} » n’est pas utilisable aujourd’hui : vérifiez ses dates.")
    if verrou.chantier_id is not None and verrou.chantier_id != demande.action_collective.chantier_id:
        raise ErreurMetier(f"L’enveloppe « {verrou} » est réservée au chantier « {verrou.chantier} ».")
    libre = disponible(verrou, sauf=demande)
    if montant > libre:
        raise ErreurMetier(
            f"L’enveloppe « {verrou} » n’a plus que {ecrire_dollars(libre)} de disponible : "
            f"{ecrire_dollars(montant)} ne peuvent pas y être engagés."
        )
    return verrou
