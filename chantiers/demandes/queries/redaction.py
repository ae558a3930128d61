"""What a request says: its fields, its lines, what others cover; compared, checked and added up."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.utils import timezone

from chantiers.actions.models import ActionCollective
from chantiers.budget.enums import NatureLigne
from chantiers.budget.models import LigneBudgetaire
from chantiers.demandes.enums import GenreApport
from chantiers.demandes.models import ApportDemande, DemandeFonds, PosteDemande
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.services.exercices import exiger_exercice_ouvert
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.francais import INSECABLE, ecrire_dollars
from partenaires.models import Organisation

EXERCICE_TERMINE = "L’exercice {} est terminé : choisissez l’exercice en cours, ou le suivant."


REEL_DEJA_ECRIT = (
    "« {} » a déjà un montant réel écrit à la main : effacez-le du budget avant d’y relier une demande, sinon la même "
    "dépense compterait deux fois."
)


TOTAL_MAXIMAL = Decimal("99999999.99")  # far under what a column of totals holds: a slip of the finger


SANS_POSTE = "Ajoutez au moins un poste de dépense avec son montant."


@dataclass(frozen=True)
class Poste:
    """One line of the breakdown as typed; amount in CAD."""

    libelle: str
    montant: Decimal


@dataclass(frozen=True)
class Apport:
    """One part of the cost covered elsewhere, as typed; amount in CAD."""

    genre: GenreApport
    source: str
    montant: Decimal
    est_confirme: bool = False


@dataclass(frozen=True)
class Contenu:
    """All that a writer may change in a request."""

    action_collective: ActionCollective
    exercice: Exercice
    titre: str
    motif: str
    organisation: Organisation | None
    postes: Sequence[Poste]
    apports: Sequence[Apport] = ()
    ligne_budgetaire: LigneBudgetaire | None = None
    est_personnelle: bool = False  # a citizen asks for herself, not the démarche
    concernees: Sequence[Organisation] = ()  # those that supply what is paid, or benefit from it (R4)

    @property
    def montant(self) -> Decimal:
        """The amount asked for is the sum of the lines, never typed; what is covered elsewhere is not in it."""
        return sum((poste.montant for poste in self.postes), Decimal(0))

    @property
    def champs(self) -> dict[str, Any]:
        """Return the fields of the request itself."""
        noms = [champ.name for champ in fields(self) if champ.name not in ("postes", "apports", "concernees")]
        return {nom: getattr(self, nom) for nom in noms} | {"montant_demande": self.montant}

    def verifier(self, demande: DemandeFonds | None = None) -> None:
        """Refuse a content without line or amount, of an exercice over, or on the budget line of another action.

        `demande`, the request it changes, keeps its own exercice even once over: nobody asks anew for a year that is
        past, where nothing else would count in the total (R1).
        """
        if not self.postes:
            raise ErreurMetier(SANS_POSTE)
        if self.montant <= 0 or any(poste.montant < 0 for poste in self.postes):
            raise ErreurMetier("Le total demandé doit dépasser zéro, et aucun poste n’est négatif.")
        if self.montant > TOTAL_MAXIMAL:
            raise ErreurMetier(f"Le total demandé dépasse {ecrire_dollars(TOTAL_MAXIMAL)} : vérifiez les montants.")
        exiger_exercice_ouvert(self.exercice)
        garde = demande is not None and demande.exercice_id == self.exercice.pk
        if not garde and self.exercice.fin < timezone.localdate():
            raise ErreurMetier({"exercice": EXERCICE_TERMINE.format(self.exercice)})
        verifier_ligne(self.ligne_budgetaire, self.action_collective, self.exercice)


def verifier_ligne(ligne: LigneBudgetaire | None, action: ActionCollective, exercice: Exercice) -> None:
    """Refuse a budget line that is not an expense of that action in that exercice, or whose real amount is typed.

    Errors: ErreurMetier beside the field.
    """
    if ligne is None:
        return
    if (ligne.action_collective_id, ligne.exercice_id, ligne.nature) != (action.pk, exercice.pk, NatureLigne.DEPENSE):
        raise ErreurMetier(
            {"ligne_budgetaire": f"Choisissez une dépense de l’action « {action} » pour l’exercice {exercice}."}
        )
    if ligne.montant_reel is not None:
        raise ErreurMetier({"ligne_budgetaire": REEL_DEJA_ECRIT.format(ligne)})


def contenu_change(demande: DemandeFonds, voulu: Contenu) -> bool:
    """True when this content differs from what the request says."""
    return (
        any(getattr(demande, nom) != valeur for nom, valeur in voulu.champs.items())
        or postes_de(demande) != list(voulu.postes)
        or apports_de(demande) != list(voulu.apports)
        or concernees_de(demande) != {organisation.pk for organisation in voulu.concernees}
    )


def postes_de(demande: DemandeFonds) -> list[Poste]:
    return [Poste(poste.libelle, poste.montant) for poste in demande.postes.all()]


def apports_de(demande: DemandeFonds) -> list[Apport]:
    return [Apport(GenreApport(a.genre), a.source, a.montant, a.est_confirme) for a in demande.apports.all()]


def concernees_de(demande: DemandeFonds) -> set[int]:
    return set(demande.concernees.values_list("organisation_id", flat=True))


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
