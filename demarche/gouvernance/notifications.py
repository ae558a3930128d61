"""E-mails about mandates, written to the outbox in the transaction that causes them."""

from collections.abc import Sequence

from demarche.gouvernance.models import Mandat
from demarche.socle.services.courriels import deposer_courriel


def annoncer_fins_de_mandat(destinataire: str, mandats: Sequence[Mandat]) -> None:
    """Tell the coordination which mandates end soon, all of them in one message."""
    sujet = "Un mandat finit bientôt" if len(mandats) == 1 else f"{len(mandats)} mandats finissent bientôt"
    deposer_courriel(
        destinataire=destinataire,
        sujet=sujet,
        gabarit="courriels/mandats_finissants.txt",
        contexte={"mandats": mandats},
    )
