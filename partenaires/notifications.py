"""The e-mails about adhesions, each written to the outbox in the caller's transaction."""

from demarche.gouvernance.queries.demarche import la_demarche
from demarche.socle.services.courriels import deposer_courriel
from partenaires.models import Adhesion


def demander_confirmation(adhesion: Adhesion) -> None:
    """Send the link that confirms the e-mail; it repeats nothing that was typed, since anybody may type anything."""
    _ecrire(adhesion.courriel, "Confirmez votre demande d’adhésion", "a_confirmer", {"adhesion": adhesion})


def annoncer_acceptation(adhesion: Adhesion) -> None:
    """Welcome the new partner."""
    _ecrire(adhesion.courriel, "Bienvenue parmi les partenaires", "acceptee", {"adhesion": adhesion})


def annoncer_refus(adhesion: Adhesion) -> None:
    """Tell the person the decision and its reason."""
    _ecrire(adhesion.courriel, "Réponse à votre demande d’adhésion", "refusee", {"adhesion": adhesion})


def _ecrire(destinataire: str, sujet: str, gabarit: str, contexte: dict[str, object]) -> None:
    if not destinataire:  # a form received on paper may have none
        return
    demarche = la_demarche()
    deposer_courriel(
        destinataire=destinataire,
        sujet=f"{sujet} — {demarche}" if demarche else sujet,
        gabarit=f"courriels/adhesion_{gabarit}.txt",
        contexte=contexte,
    )
