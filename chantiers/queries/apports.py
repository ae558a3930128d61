"""What a request costs in all: what is asked here, and what others cover, in money or in kind."""

from dataclasses import dataclass
from decimal import Decimal

from chantiers.enums import GenreApport
from chantiers.models import ApportDemande, DemandeFonds
from demarche.montants import ecrire_dollars


@dataclass(frozen=True)
class CoutTotal:
    """The whole cost of what a request is for; amounts in CAD. What others cover never counts in who decides (R1)."""

    demande: Decimal
    apports: tuple[ApportDemande, ...]

    @property
    def total(self) -> Decimal:
        return self.demande + sum((apport.montant for apport in self.apports), Decimal(0))

    @property
    def phrase(self) -> str:
        """Return « coût total 45 000 $ : 30 000 $ demandés ici, 10 000 $ d’un autre bailleur (confirmé)… »."""
        parts = [f"{ecrire_dollars(self.demande)} demandés ici"]
        for genre, quoi in ((GenreApport.COFINANCEMENT, "d’un autre bailleur"), (GenreApport.NATURE, "en nature")):
            for confirme in (True, False):
                groupe = [a for a in self.apports if a.genre == genre and a.est_confirme == confirme]
                if groupe:
                    somme = ecrire_dollars(sum((a.montant for a in groupe), Decimal(0)))
                    pluriel = "d’autres bailleurs" if genre == GenreApport.COFINANCEMENT and len(groupe) > 1 else quoi
                    etat = " (à confirmer)" if not confirme else "" if genre == GenreApport.NATURE else " (confirmé)"
                    parts.append(f"{somme} {pluriel}{etat}")
        return f"Coût total {ecrire_dollars(self.total)} : {', '.join(parts)}."


def cout_total(demande: DemandeFonds) -> CoutTotal | None:
    """Return what a request costs in all; None when nobody else covers anything."""
    apports = tuple(demande.apports.all())
    return CoutTotal(demande.montant_demande, apports) if apports else None
