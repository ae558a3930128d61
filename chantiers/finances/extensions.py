"""What the money gives to the rooms below: menu, what to pay, the money of each action, the closing of a year."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model
from django.urls import reverse

from chantiers.actions.models import ActionCollective
from chantiers.actions.permissions import peut_voir_budget
from chantiers.actions.protocoles import ARGENT, Argent, TotauxBudget
from chantiers.budget.models import Enveloppe
from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.models import DemandeFonds
from chantiers.demandes.permissions import a_depose
from chantiers.finances.permissions import peut_payer, recu_lisible
from chantiers.finances.phrases_registre import dire_montant, nommer_decaissements, nommer_demandes
from chantiers.finances.queries.budget import avec_suites, budget_par_action, totaux_budget
from chantiers.finances.queries.cloture import points_de_cloture
from chantiers.finances.queries.decaissements import demandes_a_payer, paiements
from chantiers.finances.services.decaissements import controler_decaissements
from chantiers.finances.verifications import VERIFICATIONS
from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import Visiteur, est_fiduciaire, peut_saisir
from demarche.comptes.protocoles import DOCUMENTS, PAGES, AccesDocuments, Attente, EntreeMenu, Pages, Section
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.permissions import peut_voir_decisions
from demarche.gouvernance.protocoles import ANNEES, REGLES, Annee, EtapeInstallation, PointDeCloture, Regles
from demarche.registre.enums import GenreEvenement
from demarche.registre.protocoles import MATIERES, Matiere
from demarche.socle.francais import ecrire_dollars
from demarche.socle.models import Document

NB_A_PAYER = 8


def etape_enveloppe(utilisateur: Utilisateur) -> EtapeInstallation:
    """Without an envelope, no request can be granted."""
    return EtapeInstallation(
        "Inscrire une enveloppe",
        "L’argent où puiser : une demande accordée est toujours payée par une enveloppe.",
        reverse("finances:enveloppe_liste") if peut_voir_budget(utilisateur) else "",
        Enveloppe.objects.exists(),
    )


def argent_de_la_demande(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Show on the page of a granted request what was paid of it, to its writers and to those who see the ledger."""
    if utilisateur is None or not isinstance(objet, DemandeFonds) or not objet.montant_accorde:
        return None
    voit_livre = peut_voir_decisions(utilisateur)
    if not voit_livre and not a_depose(utilisateur, objet):
        return None
    return {
        "demande": objet,
        "paiements": paiements(demande=objet),
        "voit_livre": voit_livre,
        "peut_payer": peut_payer(utilisateur),
    }


@PAGES.ajouter
class PagesFinances(Pages):
    menu = (
        EntreeMenu("Agir", "Budget", "finances:budget", "argent", 14, peut_voir_budget),
        EntreeMenu("Agir", "Enveloppes", "finances:enveloppe_liste", "argent", 16, peut_voir_budget),
        EntreeMenu("Agir", "Paiements", "finances:decaissement_liste", "argent", 18, peut_voir_budget),
    )
    sections = (Section("demandes.demande", "Paiements", "finances/_argent_demande.html", 10, argent_de_la_demande),)

    def attentes(self, utilisateur: Utilisateur) -> Iterable[Attente]:
        """Offer the fiduciaire each grant with something left to pay, the oldest first; one line when many wait."""
        if not est_fiduciaire(utilisateur):
            return
        demandes = list(demandes_a_payer()[: NB_A_PAYER + 1])
        if len(demandes) > NB_A_PAYER:
            liste = reverse("finances:decaissement_liste")
            yield Attente("À payer", f"Plus de {NB_A_PAYER} demandes accordées", liste)
            return
        for demande in demandes:
            page = reverse("finances:demande_paiements", args=[demande.pk])
            reste = f"Reste {ecrire_dollars(demande.montant_a_payer)}"
            yield Attente("À payer", demande.titre, page, precision=reste)


@DOCUMENTS.ajouter
class DocumentsFinances(AccesDocuments):
    def lisible(self, utilisateur: Utilisateur | None, document: Document) -> bool:
        return recu_lisible(utilisateur, document)


@ARGENT.ajouter
class ArgentFinances(Argent):
    def par_action(self, exercice: Exercice) -> Mapping[int | None, TotauxBudget]:
        return budget_par_action(exercice)

    def montre(
        self, visiteur: Visiteur, action_collective: ActionCollective, exercice: Exercice
    ) -> tuple[str, dict[str, Any]] | None:
        if not peut_voir_budget(visiteur):
            return None
        lignes = action_collective.lignes_budgetaires.filter(exercice=exercice)
        demandes = action_collective.demandes.filter(etat=EtatDemande.ACCORDEE, exercice=exercice)
        return "finances/_action_budget.html", {
            "action": action_collective,
            "exercice": exercice,
            "budget": totaux_budget(lignes, avec_suites(demandes)),
            "peut_modifier": peut_saisir(visiteur) and not exercice.est_clos,
        }

    def gestes(
        self, visiteur: Visiteur, action_collective: ActionCollective, exercice: Exercice | None
    ) -> Iterable[tuple[str, str]]:
        if exercice is None or exercice.est_clos:
            return
        a_des_lignes = action_collective.lignes_budgetaires.filter(exercice=exercice).exists()
        adresse = f"{reverse('finances:action_budget', args=[action_collective.pk])}?exercice={exercice.code}"
        yield "Mettre le budget à jour" if a_des_lignes else "Ajouter le budget", adresse

    def liens(self, exercice: Exercice, chantier_pk: int | None = None) -> Iterable[tuple[str, str]]:
        if chantier_pk is None:
            yield "Budget de l’exercice", f"{reverse('finances:budget')}?exercice={exercice.code}"
            return
        lignes = reverse("finances:budget_lignes")
        yield "Voir les lignes de ce total", f"{lignes}?exercice={exercice.code}&de=chantier-{chantier_pk}"


@REGLES.ajouter
class ReglesFinances(Regles):
    def etapes(self, utilisateur: Utilisateur) -> Iterable[EtapeInstallation]:
        yield etape_enveloppe(utilisateur)


@ANNEES.ajouter
class AnneeFinances(Annee):
    verifications = VERIFICATIONS

    def points_de_cloture(self, exercice: Exercice) -> Iterable[PointDeCloture]:
        return points_de_cloture(exercice)


@MATIERES.ajouter
class MatiereFinances(Matiere):
    nommer = {"decaissement": nommer_decaissements, "demande": nommer_demandes}
    dire = {
        GenreEvenement.DECAISSEMENT: dire_montant("Paiement de {}"),
        GenreEvenement.CONTREPASSATION: dire_montant("Annulation d’un paiement : {}"),
        GenreEvenement.LIBERATION: dire_montant("Libération d’un solde de {}"),
    }
    controles = (controler_decaissements,)
