"""chantiers.finances.notifications."""

from decimal import Decimal

from chantiers.demandes.models import Decaissement, DemandeFonds
from demarche.socle.services.courriels import deposer_courriel


def annoncer_paiement(decaissement: Decaissement) -> None:
    """Tell the person who asked what was just paid, and what remains; the bank reference stays with the fiduciaire."""
    demande = decaissement.demande
    deposer_courriel(
        destinataire=demande.demandeur.email,
        sujet=f"Paiement inscrit : {demande.titre}",
        gabarit="courriels/paiement_inscrit.txt",
        contexte={"demande": demande, "decaissement": decaissement, "chemin": demande.get_absolute_url()},
    )


def annoncer_annulation_paiement(annulation: Decaissement) -> None:
    """Tell the person who asked that a payment is cancelled, and why: it will be made again or not at all."""
    demande = annulation.demande
    deposer_courriel(
        destinataire=demande.demandeur.email,
        sujet=f"Paiement annulé : {demande.titre}",
        gabarit="courriels/paiement_annule.txt",
        contexte={"demande": demande, "annulation": annulation, "chemin": demande.get_absolute_url()},
    )


def annoncer_liberation(demande: DemandeFonds, *, montant: Decimal, motif: str) -> None:
    """Tell the person who asked that what was left goes back to the envelope, and why."""
    deposer_courriel(
        destinataire=demande.demandeur.email,
        sujet=f"Solde libéré : {demande.titre}",
        gabarit="courriels/solde_libere.txt",
        contexte={"demande": demande, "montant": montant, "motif": motif, "chemin": demande.get_absolute_url()},
    )
