"""What the actions give to the rooms below: menu, cards, what to complete, their checks."""

import datetime
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from chantiers.actions.models import Activite
from chantiers.actions.permissions import peut_voir_budget, photo_lisible
from chantiers.actions.queries.suivi import actions_a_completer, actions_visibles, suivi_par_chantier
from chantiers.actions.verifications import VERIFICATIONS
from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import peut_saisir
from demarche.comptes.protocoles import DOCUMENTS, PAGES, AccesDocuments, Attente, Carte, EntreeMenu, Pages, toujours
from demarche.gouvernance.protocoles import ANNEES, Annee
from demarche.gouvernance.queries.demarche import exercice_courant
from demarche.socle.models import Document

NB_ACTIVITES = 5


def carte_chantiers(utilisateur: Utilisateur | None) -> dict[str, Any] | None:
    """Return the active chantiers with what the public may read of their year, for the public home page."""
    exercice = exercice_courant()
    if exercice is None:
        return None
    groupes = [groupe for groupe in suivi_par_chantier(exercice, None) if groupe.chantier]
    return {"groupes": groupes, "exercice": exercice} if groupes else None


def carte_activites(utilisateur: Utilisateur | None) -> dict[str, Any] | None:
    """Return the last activities this person may read, for « Mon espace »."""
    activites = list(
        Activite.objects.filter(action_collective__in=actions_visibles(utilisateur))
        .select_related("action_collective")
        .order_by("-date", "-pk")[:NB_ACTIVITES]
    )
    return {"activites": activites, "peut_saisir": peut_saisir(utilisateur)} if activites else None


NB_ACTIONS = 5


JOURS_AVANT_RAPPEL = 60  # an exercice just begun has nothing to be reproached with


def a_suivre(utilisateur: Utilisateur) -> Iterable[Attente]:
    """Offer the team one line for the actions without activity and one for those without budget, later in the year."""
    exercice = exercice_courant()
    if exercice is None or exercice.est_clos or not peut_saisir(utilisateur):
        return
    if timezone.localdate() < exercice.debut + datetime.timedelta(days=JOURS_AVANT_RAPPEL):
        return
    for suivi, manque in (("sans_activite", "activité notée"), ("sans_budget", "budget")):
        actions = list(actions_a_completer(exercice, suivi)[: NB_ACTIONS + 1])
        if len(actions) == 1:
            yield Attente("À compléter", str(actions[0]), actions[0].get_absolute_url(), precision=f"Sans {manque}")
        elif actions:
            nombre = f"Plus de {NB_ACTIONS}" if len(actions) > NB_ACTIONS else str(len(actions))
            yield Attente(
                "À compléter",
                f"{nombre} actions en cours sans {manque}",
                f"{reverse('actions:action_liste')}?{urlencode({'suivi': suivi})}",
                precision=f"Exercice {exercice}",
            )


@PAGES.ajouter
class PagesActions(Pages):
    menu = (
        EntreeMenu("Agir", "Chantiers et actions", "actions:chantier_liste", "chantier", 10, toujours, ("/actions/",)),
        EntreeMenu("Agir", "Journal des activités", "actions:activite_liste", "activite", 12, peut_voir_budget),
    )
    menu_public = (
        EntreeMenu("", "Chantiers et actions", "actions:chantier_liste", "chantier", 10, toujours, ("/actions/",)),
    )
    cartes = (
        Carte("accueil", "actions/_carte_chantiers.html", 10, carte_chantiers),
        Carte("espace", "actions/_carte_activites.html", 20, carte_activites),
    )

    def attentes(self, utilisateur: Utilisateur) -> Iterable[Attente]:
        return a_suivre(utilisateur)


@DOCUMENTS.ajouter
class DocumentsActions(AccesDocuments):
    def lisible(self, utilisateur: Utilisateur | None, document: Document) -> bool:
        return photo_lisible(utilisateur, document)


@ANNEES.ajouter
class AnneeActions(Annee):
    verifications = VERIFICATIONS
