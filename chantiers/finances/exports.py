"""Columns of the spreadsheets of this app: the same names will come back in."""

from collections.abc import Sequence

from import_export.resources import Resource

from chantiers.actions.protocoles import TotauxBudget
from chantiers.finances.queries.lignes import SuiviLigne
from demarche.socle.classeurs import Feuille, colonne


class LigneBudgetaireResource(Resource):  # type: ignore[misc]
    """One row of the budget as it stands: a `SuiviLigne`."""

    exercice = colonne("exercice__code", "Exercice")
    chantier = colonne("action_collective__chantier__nom", "Chantier")
    action_collective = colonne("action_collective__titre", "Action")
    nature = colonne("nature", "Nature")
    libelle = colonne("libelle", "Description")
    bailleur = colonne("ligne__bailleur", "Bailleur de fonds")
    gestionnaire = colonne("ligne__gestionnaire", "Qui gère les fonds")
    montant_prevu = colonne("prevu", "Prévu")
    engage = colonne("engage", "Engagé")
    montant_reel = colonne("depense", "Reçu ou dépensé")
    libre = colonne("libre", "Libre")

    class Meta:
        fields = (
            "exercice",
            "chantier",
            "action_collective",
            "nature",
            "libelle",
            "bailleur",
            "gestionnaire",
            "montant_prevu",
            "engage",
            "montant_reel",
            "libre",
        )
        export_order = fields


def feuilles_du_budget(titre: str, suivis: Sequence[SuiviLigne], total: TotauxBudget) -> list[Feuille]:
    """Return the two sheets: the lines, then what they add up to; a revenue is neither committed nor free."""
    jeu = LigneBudgetaireResource().export(queryset=suivis)
    return [
        Feuille(titre, [str(entete) for entete in jeu.headers], list(jeu)),
        Feuille(
            titre="Totaux",
            entetes=("Total", "Prévu", "Engagé", "Reçu ou dépensé", "Libre"),
            lignes=[
                ["Revenus", total.revenus_prevus, None, total.revenus_reels, None],
                ["Dépenses", total.depenses_prevues, total.engage, total.depenses_reelles, total.libre],
            ],
            totaux=["Revenus moins dépenses", total.solde_prevu, None, total.solde_reel, None],
        ),
    ]
