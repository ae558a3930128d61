"""The e-mails about the money of a request; the bank reference stays with the fiduciaire."""

from decimal import Decimal
from typing import Any

from chantiers.demandes.models import Decaissement, DemandeFonds
from demarche.socle.services.courriels import deposer_courriel


def annoncer_paiement(decaissement: Decaissement) -> None:
    """Tell the demandeur what was just paid, and what remains."""
    _ecrire(decaissement.demande, "Paiement inscrit", "paiement_inscrit", decaissement=decaissement)


def annoncer_annulation_paiement(annulation: Decaissement) -> None:
    """Tell the demandeur that a payment is cancelled, and why: it will be made again or not at all."""
    _ecrire(annulation.demande, "Paiement annulé", "paiement_annule", annulation=annulation)


def annoncer_liberation(demande: DemandeFonds, *, montant: Decimal, motif: str) -> None:
    """Tell the demandeur that what was left goes back to the envelope, and why."""
    _ecrire(demande, "Solde libéré", "solde_libere", montant=montant, motif=motif)


def _ecrire(demande: DemandeFonds, sujet: str, gabarit: str, **contexte: Any) -> None:
    deposer_courriel(
        destinataire=demande.demandeur.email,
        sujet=f"{sujet} : {demande.titre}",
        gabarit=f"courriels/{gabarit}.txt",
        contexte={"demande": demande, "chemin": demande.get_absolute_url(), **contexte},
    )
