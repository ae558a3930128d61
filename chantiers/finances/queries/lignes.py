"""What each total of the budget opens onto: its lines, followed one by one, and the grants tied to no line."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from chantiers.actions.models import ActionCollective, Chantier
from chantiers.budget.enums import NatureLigne
from chantiers.budget.models import LigneBudgetaire
from chantiers.demandes.enums import SANS_SUITE, EtatDemande, GenreApport
from chantiers.demandes.models import ApportDemande, DemandeFonds
from chantiers.finances.queries.budget import SOMMES_DEMANDES, ZERO, avec_suites, demandes_accordees, somme, sommes_par
from demarche.gouvernance.models import Exercice

LONGUEUR_CLE = 10  # more digits than any key has
SANS_LIGNE = "Demandes sans ligne au budget"


@dataclass(frozen=True)
class PorteeTotal:
    """What one total of the exercice adds up."""

    lignes: QuerySet[LigneBudgetaire]
    demandes: QuerySet[DemandeFonds]  # granted
    texte: str  # « les actions du chantier Logement »

    @property
    def sans_ligne(self) -> QuerySet[DemandeFonds]:
        """Return the grants that no line of the budget plans."""
        return self.demandes.filter(ligne_budgetaire__isnull=True)


def portee_du_total(exercice: Exercice, *, de: str = "", nature: str = "") -> PorteeTotal:
    """Return the lines and the grants that make up one total of the exercice, and what it includes in a French phrase.

    `de`: « chantier-3 », « action-5 », « sans-chantier », « demarche », or nothing for all. Revenues have no grant.
    An unknown chantier or action has neither line nor grant.
    """
    lignes = LigneBudgetaire.objects.filter(exercice=exercice).select_related(
        "exercice", "action_collective__chantier"
    )
    demandes = demandes_accordees(exercice).select_related("action_collective__chantier", "resolution", "organisation")
    if nature in NatureLigne.values:
        lignes = lignes.filter(nature=nature)
    if nature == NatureLigne.REVENU:
        demandes = demandes.none()
    filtre, texte = _filtre(de)
    return PorteeTotal(lignes.filter(filtre), demandes.filter(filtre), texte)


def _filtre(de: str) -> tuple[Q, str]:
    """Return the filter, the same for lines and requests, that a part of the address asks for."""
    genre, _, cle = de.partition("-")
    cle = cle if cle.isdecimal() and len(cle) < LONGUEUR_CLE else ""
    if de == "demarche":
        return Q(action_collective__isnull=True), "les lignes propres à la démarche"
    if de == "sans-chantier":
        sans = Q(action_collective__isnull=False, action_collective__chantier__isnull=True)
        return sans, "les actions qui ne relèvent d’aucun chantier"
    if genre == "chantier" and cle:
        chantier = Chantier.objects.filter(pk=cle).first()
        return Q(action_collective__chantier=int(cle)), f"les actions du chantier {chantier or 'inconnu'}"
    if genre == "action" and cle:
        action = ActionCollective.objects.filter(pk=cle).first()
        return Q(action_collective=int(cle)), f"l’action « {action or 'inconnue'} »"
    return Q(), "toutes les actions et les lignes propres à la démarche"


@dataclass(frozen=True)
class SuiviLigne:
    """One row of the budget as it stands: a line, or the grants of an action that no line plans; amounts in CAD."""

    ligne: LigneBudgetaire | None
    exercice: Exercice
    action_collective: ActionCollective | None
    libelle: str
    prevu: Decimal = ZERO
    engage: Decimal = ZERO
    depense: Decimal | None = None  # None: the real amount is not known yet
    nb_demandes: int = 0  # granted requests that pay it

    @property
    def est_revenu(self) -> bool:
        return self.ligne is not None and self.ligne.nature == NatureLigne.REVENU

    @property
    def nature(self) -> str:
        return str((NatureLigne.REVENU if self.est_revenu else NatureLigne.DEPENSE).label)

    @property
    def libre(self) -> Decimal | None:
        """What is planned and neither committed nor spent; None for a revenue."""
        return None if self.est_revenu else self.prevu - self.engage - (self.depense or ZERO)


def suivre_lignes(lignes: Iterable[LigneBudgetaire]) -> list[SuiviLigne]:
    """Return where each of these lines stands, in one query more."""
    toutes = list(lignes)
    demandes = DemandeFonds.objects.filter(ligne_budgetaire__in=toutes, etat=EtatDemande.ACCORDEE)
    sommes = sommes_par(avec_suites(demandes), "ligne_budgetaire", SOMMES_DEMANDES)
    return [
        SuiviLigne(
            ligne=ligne,
            exercice=ligne.exercice,
            action_collective=ligne.action_collective,
            libelle=ligne.libelle,
            prevu=ligne.montant_prevu,
            **_demandes(sommes[ligne.pk]) if ligne.pk in sommes else {"depense": ligne.montant_reel},
        )
        for ligne in toutes
    ]


def _demandes(sommes: dict[str, Any]) -> dict[str, Any]:
    """Return what granted requests say of one row."""
    return {
        "engage": sommes["engage"],
        "depense": sommes["depenses_reelles"],
        "nb_demandes": sommes["nb_demandes"],
    }


def avec_demandes_reliees(lignes: QuerySet[LigneBudgetaire]) -> QuerySet[LigneBudgetaire]:
    """Add to each line how many requests that may pay are tied to it (`nb_reliees`), and what they paid that year."""
    en_cours = Q(demandes__etat__in=set(EtatDemande.values) - SANS_SUITE)
    return lignes.annotate(
        nb_reliees=Count("demandes", filter=en_cours, distinct=True),
        paye=somme("demandes__decaissements__montant", Q(demandes__decaissements__date__lte=F("exercice__fin"))),
    ).order_by("pk")


def suivre_sans_ligne(demandes: QuerySet[DemandeFonds], exercice: Exercice) -> list[SuiviLigne]:
    """Return one row by action for these grants of the exercice that no line plans, in two queries."""
    par_action = sommes_par(demandes, "action_collective", SOMMES_DEMANDES)
    actions = ActionCollective.objects.filter(pk__in=par_action).select_related("chantier").order_by("titre")
    return [
        SuiviLigne(
            ligne=None,
            exercice=exercice,
            action_collective=action,
            libelle=SANS_LIGNE,
            **_demandes(par_action[action.pk]),
        )
        for action in actions
    ]


def apports_des_demandes(demandes: QuerySet[DemandeFonds]) -> dict[str, Decimal]:
    """Return what others bring to these grants, in one query, by kind; never in the totals of money.

    Shape:  « cofinancement » and « nature » -> CAD, zero when there is none; what is in kind is a value, not money.
    """
    sommes = dict(
        ApportDemande.objects.filter(demande__in=demandes.values("pk"))
        .values_list("genre")
        .annotate(somme=Sum("montant"))
        .order_by()
    )
    return {str(genre): sommes.get(genre, ZERO) for genre in GenreApport.values}
