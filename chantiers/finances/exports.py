"""The spreadsheets of the money: the budget as it stands, and the ledger as an accountant receives it."""

from collections.abc import Callable, Sequence
from typing import Any

from import_export.resources import Resource

from chantiers.actions.protocoles import TotauxBudget
from chantiers.finances.queries.ecritures import Ecriture, Livre, TotauxEcritures
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


# The columns of the ledger, in order: title, what an entry says there.
COLONNES: tuple[tuple[str, Callable[[Ecriture], Any]], ...] = (
    ("Date", lambda e: e.date),
    ("Exercice", lambda e: e.exercice),
    ("Ligne du registre", lambda e: e.numero),
    ("Type", lambda e: e.genre),
    ("Enveloppe", lambda e: e.enveloppe.nom),
    ("Bailleur de fonds", lambda e: "Surplus de la démarche" if e.enveloppe.est_surplus else e.enveloppe.bailleur),
    ("Qui gère les fonds", lambda e: e.enveloppe.gestionnaire),
    ("Chantier", lambda e: str(e.demande.action_collective.chantier or "")),
    ("Action", lambda e: e.demande.action_collective.titre),
    ("Demande", lambda e: e.demande.titre),
    ("Exercice de la demande", lambda e: e.demande.exercice.code),
    ("Résolution", lambda e: e.demande.resolution.code if e.demande.resolution else ""),
    ("Ligne du budget", lambda e: str(e.demande.ligne_budgetaire or "")),
    ("Genre de paiement", lambda e: e.decaissement.get_genre_display() if e.decaissement else ""),
    ("Payé à", lambda e: e.decaissement.beneficiaire if e.decaissement else ""),
    ("Pour", lambda e: e.decaissement.libelle if e.decaissement else ""),
    ("Référence", lambda e: e.decaissement.reference if e.decaissement else ""),
    ("Reçu", lambda e: "Oui" if e.decaissement and e.decaissement.recu_id else ""),
    ("Motif", lambda e: e.motif),
    ("Annule la ligne", lambda e: e.annule),
    ("Inscrit par", lambda e: e.inscrit_par),
    ("Engagement", lambda e: e.engagement),
    ("Paiement", lambda e: e.paiement),
    ("Solde à payer", lambda e: e.solde_engage),
    ("Solde payé", lambda e: e.solde_paye),
)
ENTETES_TOTAUX = ("Par", "Nom", "Écritures", "Solde reporté", "Octroyé", "Libéré", "Payé", "Reste à payer")
AXES = (("Enveloppe", "enveloppe"), ("Action", "action_collective"))


def feuilles_du_livre(livre: Livre) -> list[Feuille]:
    """Return the two sheets: the entries, then the totals by envelope and by action.

    The first row of an exercice is what the years before left to pay, so that each balance is that of its day.
    """
    total = livre.total
    lignes = [[valeur(entree) for _, valeur in COLONNES] for entree in livre.entrees]
    if livre.exercice is not None:
        report = {
            "Date": livre.exercice.debut,
            "Exercice": livre.exercice.code,
            "Type": "Solde reporté",
            "Solde à payer": total.reporte,
            "Solde payé": total.paye_avant,
        }
        lignes.insert(0, [report.get(titre) for titre, _ in COLONNES])
    return [
        Feuille(titre="Écritures", entetes=[titre for titre, _ in COLONNES], lignes=lignes),
        Feuille(
            titre="Totaux",
            entetes=ENTETES_TOTAUX,
            lignes=[_rang(axe, t) for axe, attribut in AXES for t in livre.par(attribut)],
            totaux=_rang("Total", total),
        ),
    ]


def _rang(axe: str, totaux: TotauxEcritures) -> list[Any]:
    nom = totaux.cle if axe != "Total" else None
    return [axe, nom, totaux.nombre, totaux.reporte, totaux.octroye, totaux.libere, totaux.paye, totaux.reste]
