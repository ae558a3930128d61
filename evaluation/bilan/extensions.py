"""What the bilan gives to the rooms below: menu, the last one published, its checks."""

from typing import Any

from demarche.comptes.models import Utilisateur
from demarche.comptes.protocoles import PAGES, Carte, EntreeMenu, Pages, toujours
from demarche.gouvernance.protocoles import ANNEES, Annee
from evaluation.bilan.permissions import peut_preparer_bilan
from evaluation.bilan.queries.bilans import bilans_publics
from evaluation.bilan.verifications import VERIFICATIONS


def carte_bilan(utilisateur: Utilisateur | None) -> dict[str, Any] | None:
    """Offer everybody the last bilan published; nothing before the first."""
    bilan = bilans_publics().first()
    return {"bilan": bilan} if bilan else None


@PAGES.ajouter
class PagesBilan(Pages):
    menu = (EntreeMenu("Évaluation", "Bilan", "bilan:bilan", "bilan", 60, peut_preparer_bilan),)
    menu_public = (EntreeMenu("", "Bilans", "bilan:bilans_publics", "bilan", 60, toujours),)
    cartes = (Carte("accueil", "bilan/_carte_bilan.html", 60, carte_bilan),)


@ANNEES.ajouter
class AnneeBilan(Annee):
    verifications = VERIFICATIONS
