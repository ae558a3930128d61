"""What the plan gives to the rooms below: menu, cards, what to complete, the targets of an action."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from chantiers.actions.models import ActionCollective
from demarche.comptes import protocoles
from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import peut_gerer_reglages
from demarche.comptes.protocoles import DOCUMENTS, PAGES, Attente, Carte, EntreeMenu, LienReglage, Section
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.protocoles import ANNEES, Annee, PointDeCloture
from demarche.gouvernance.queries.demarche import exercice_courant
from demarche.socle.models import Document
from evaluation.plan.enums import StatutCible
from evaluation.plan.models import Cible, Resultat, Strategie
from evaluation.plan.permissions import peut_modifier_plan, peut_voir_plan, peut_voir_preuves
from evaluation.plan.queries.plans import cibles_en_souffrance, compte_statuts
from evaluation.plan.verifications import VERIFICATIONS, points_de_cloture

GROUPE = "Évaluation"
PREAVIS = datetime.timedelta(days=60)  # before the end of an exercice, its targets start to wait for their status
RAPPEL = datetime.timedelta(days=365)  # after it, only the vérificateur still speaks of them


def carte_cibles(utilisateur: Utilisateur | None) -> dict[str, Any] | None:
    """Show where the targets of the current exercice stand; nothing before the first target."""
    exercice = exercice_courant()
    if utilisateur is None or not peut_voir_plan(utilisateur) or exercice is None:
        return None
    comptes = compte_statuts(exercice)
    if not comptes.total:
        return None
    conclues = comptes.total - comptes.nombre(StatutCible.EN_COURS)
    return {"exercice": exercice, "comptes": comptes, "conclues": conclues}


def strategies_servies(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Show on an action's page the strategies it serves; to visitors only when there are some."""
    if not isinstance(objet, ActionCollective) or not peut_voir_plan(utilisateur):
        return None
    strategies = list(
        Strategie.objects.filter(contributions__action_collective=objet).select_related("objectif__orientation")
    )
    peut_modifier = peut_modifier_plan(utilisateur)
    if not strategies and not peut_modifier:
        return None
    return {"strategies": strategies, "action_pk": objet.pk, "peut_modifier": peut_modifier}


def cibles_visees(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Show on a decision sheet the targets of the current exercice that the action serves."""
    if not isinstance(objet, ActionCollective) or not peut_voir_plan(utilisateur):
        return None
    cibles = Cible.objects.filter(
        strategie__contributions__action_collective=objet, exercice=exercice_courant()
    ).select_related("strategie__objectif__orientation")
    return {"cibles": cibles} if cibles else None


@PAGES.ajouter
class PagesPlan(protocoles.Pages):
    menu = (
        EntreeMenu(GROUPE, "Plan stratégique", "plan:plan", "cible", 50, peut_voir_plan),
        EntreeMenu(GROUPE, "Indicateurs", "plan:indicateur_liste", "plan", 54, peut_voir_plan),
        EntreeMenu(GROUPE, "Plan d’évaluation", "plan:plan_evaluation", "calendrier", 56, peut_voir_plan),
    )
    cartes = (Carte("espace", "plan/_carte_cibles.html", 50, carte_cibles),)
    sections = (
        Section("actions.action", "Stratégies servies", "plan/_action_strategies.html", 50, strategies_servies),
        Section("demandes.fiche", "Cibles visées", "plan/_fiche_cibles.html", 50, cibles_visees),
    )
    reglages = (
        LienReglage(
            "Résultats transitoires",
            "Les domaines d’action et les résultats qui nomment les effets des stratégies.",
            "plan:transitoire_liste",
            60,
            peut_gerer_reglages,
        ),
    )

    def attentes(self, utilisateur: Utilisateur) -> Iterable[Attente]:
        """Offer the team the targets without status or evidence of the exercices that end: one line each exercice."""
        if not peut_modifier_plan(utilisateur):
            return
        jour = timezone.localdate()
        for exercice in Exercice.objects.filter(est_clos=False, fin__range=(jour - RAPPEL, jour + PREAVIS)):
            a_statuer, sans_preuve = cibles_en_souffrance(exercice)
            comptes = [f"{nb} {mot}" for nb, mot in ((a_statuer, "à statuer"), (sans_preuve, "sans preuve")) if nb]
            if comptes:
                yield Attente(
                    "À compléter",
                    f"Cibles {exercice.code}\u00a0: {', '.join(comptes)}",
                    f"{reverse('plan:plan')}?exercice={exercice.code}"
                    f"&attention={'a_statuer' if a_statuer else 'sans_preuve'}#strategies",
                    exercice.fin,
                    "Le bilan attend leur statut et leur preuve.",
                )


@DOCUMENTS.ajouter
class DocumentsPlan(protocoles.AccesDocuments):
    def lisible(self, utilisateur: Utilisateur | None, document: Document) -> bool:
        """The evidence of a target, to those who may open it."""
        return peut_voir_preuves(utilisateur) and Resultat.objects.filter(document=document).exists()


@ANNEES.ajouter
class AnneePlan(Annee):
    verifications = VERIFICATIONS

    def points_de_cloture(self, exercice: Exercice) -> Iterable[PointDeCloture]:
        return points_de_cloture(exercice)
