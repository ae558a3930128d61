"""What a request costs in all: what is asked here, and what others cover, in money or in kind."""

from dataclasses import dataclass
from decimal import Decimal

from chantiers.demandes.enums import GenreApport
from chantiers.demandes.models import ApportDemande, DemandeFonds, PosteDemande
from demarche.socle.francais import INSECABLE, ecrire_dollars

LIGNES_EN_VUE = 3  # on the decision sheet: the others are one touch away


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


@dataclass(frozen=True)
class Ventilation:
    """What the money of a request pays, as its sheet shows it: the largest lines, the rest folded."""

    principaux: tuple[PosteDemande, ...]
    autres: tuple[PosteDemande, ...]
    cout: CoutTotal | None

    @property
    def apports(self) -> tuple[ApportDemande, ...]:
        return self.cout.apports if self.cout else ()

    @property
    def suite(self) -> str:
        """Return « 5 autres lignes : 800,00 $; payé ailleurs : 2 400,00 $ », or nothing."""
        parts = []
        if self.autres:
            nom = "1 autre ligne" if len(self.autres) == 1 else f"{len(self.autres)} autres lignes"
            somme = sum((poste.montant for poste in self.autres), Decimal(0))
            parts.append(f"{nom}{INSECABLE}: {ecrire_dollars(somme)}")
        if self.cout:
            ailleurs = ecrire_dollars(self.cout.total - self.cout.demande)
            parts.append(f"{'payé' if parts else 'Payé'} ailleurs{INSECABLE}: {ailleurs}")
        return "; ".join(parts)


def ventilation_de(demande: DemandeFonds) -> Ventilation:
    """Return the lines of a request, the three largest in view; four stay together when nothing else is folded."""
    postes, cout = list(demande.postes.all()), cout_total(demande)
    if len(postes) <= LIGNES_EN_VUE + (cout is None):
        return Ventilation(tuple(postes), (), cout)
    postes.sort(key=lambda poste: -poste.montant)
    return Ventilation(tuple(postes[:LIGNES_EN_VUE]), tuple(postes[LIGNES_EN_VUE:]), cout)
