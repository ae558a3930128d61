"""What the app `chantiers` offers: menu entries, home cards, tabs; what waits and the rules have their own modules."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Model, Q
from django.urls import reverse

from demarche.models import Document, InstanceGouvernance, Utilisateur
from demarche.permissions import peut_saisir, peut_voir_decisions
from demarche.queries import exercice_courant
from demarche.registre import Carte, EntreeMenu, Onglet, registre
from demarche.services.electeurs import electeur_de
from partenaires.permissions import organisations_de

from . import (
    cartes_attentes,  # noqa: F401 - registers what waits
    cartes_regles,  # noqa: F401 - registers what the rules of money say
    dossiers,  # noqa: F401 - registers what a dossier de siège says of money
    permissions,
)
from .actes import actes_des_demandes, argent_de_la_consultation
from .enums import EN_ATTENTE
from .models import ActionCollective, Activite, Deliberation, DemandeFonds, PieceDemande
from .queries import actions_visibles, demandeurs_des_scrutins, suivi_par_chantier, totaux_de_l_action

NB_ACTIVITES = 5


def toujours(utilisateur: Utilisateur) -> bool:
    return True


def voit_les_demandes(utilisateur: Utilisateur) -> bool:
    return peut_voir_decisions(utilisateur) or permissions.peut_demander(utilisateur)


def demandes_de_l_action(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Return the requests of one action, for those who see them."""
    if utilisateur is None or not isinstance(objet, ActionCollective) or not voit_les_demandes(utilisateur):
        return None
    demandes = objet.demandes.select_related("organisation", "instance_gouvernance", "exercice").order_by(
        "-soumise_le", "-pk"
    )
    appelees = permissions.demandes_appelees(utilisateur)
    visibles = [d for d in demandes if permissions.peut_voir_demande(utilisateur, d, appelees=appelees)]
    return {
        "demandes": visibles,
        "action": objet,
        "peut_demander": permissions.peut_demander(utilisateur),
        "voit_tout": peut_voir_decisions(utilisateur),
        "totaux": totaux_de_l_action(visibles) if peut_voir_decisions(utilisateur) else [],
    }


def demande_de_la_resolution(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Return the request a resolution decides on, for those who see it."""
    demande = DemandeFonds.objects.filter(resolution_id=objet.pk).select_related("action_collective").first()
    if demande is None or not permissions.peut_voir_demande(utilisateur, demande):
        return None
    return {"demande": demande}


def resolutions_des_demandes(utilisateur: Utilisateur) -> Q | None:
    """Open the resolutions on the requests this person may see: its own, and to a partner those decided."""
    if not voit_les_demandes(utilisateur):
        return None
    siennes = Q(demande__demandeur=utilisateur) | Q(demande__organisation__in=organisations_de(utilisateur))
    return siennes | Q(demande__etat__in=permissions.etats_visibles(utilisateur))


def acces_aux_pieces(utilisateur: Utilisateur | None, document: Document) -> bool:
    """Let those to whom a request is open whole, and whoever is called to vote on it, open its attachments."""
    pieces = PieceDemande.objects.filter(document=document).select_related("demande")
    return any(
        permissions.peut_voir_pieces(utilisateur, piece.demande) or est_appele(utilisateur, piece.demande)
        for piece in pieces
    )


def est_appele(utilisateur: Utilisateur | None, demande: DemandeFonds) -> bool:
    """Return whether this person has a voice at the last ballot held on a request."""
    scrutin = demande.scrutin
    return utilisateur is not None and scrutin is not None and electeur_de(scrutin, utilisateur) is not None


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


def fiches_des_scrutins(scrutins: Collection[int]) -> dict[int, str]:
    """Return the decision sheet of the requests that these ballots are about."""
    couples = Deliberation.objects.filter(scrutin__in=scrutins).values_list("scrutin_id", "demande_id")
    return {scrutin: reverse("chantiers:demande_fiche", args=[demande]) for scrutin, demande in couples}


def demandes_attendues(instance_gouvernance: InstanceGouvernance) -> Iterable[str]:
    """Say how many requests wait for the decision of an instance, those that a question stopped included."""
    nb = instance_gouvernance.demandes.filter(etat__in=EN_ATTENTE).count()
    if nb:
        yield f"{nb} demandes de fonds" if nb >= 2 else "1 demande de fonds"


registre.pages_de_scrutin.append(fiches_des_scrutins)
registre.routes_de_scrutin.append("chantiers:demande_fiche")
registre.actes_point.append(actes_des_demandes)
registre.demandeurs.append(demandeurs_des_scrutins)
registre.attendus_de_l_instance.append(demandes_attendues)
registre.menu += [
    EntreeMenu("Agir", "Chantiers et actions", "chantiers:chantier_liste", "chantier", 10, toujours, ("/actions/",)),
    EntreeMenu(
        "Agir", "Journal des activités", "chantiers:activite_liste", "activite", 12, permissions.peut_voir_budget
    ),
    EntreeMenu("Agir", "Budget", "chantiers:budget", "argent", 14, permissions.peut_voir_budget),
    EntreeMenu("Agir", "Enveloppes", "chantiers:enveloppe_liste", "argent", 16, permissions.peut_voir_budget),
    EntreeMenu("Agir", "Paiements", "chantiers:decaissement_liste", "argent", 18, permissions.peut_voir_budget),
]
registre.menu_public.append(
    EntreeMenu("", "Chantiers et actions", "chantiers:chantier_liste", "chantier", 10, toujours, ("/actions/",))
)
registre.cartes += [
    Carte("accueil", "chantiers/_carte_chantiers.html", 10, carte_chantiers),
    Carte("espace", "chantiers/_carte_activites.html", 20, carte_activites),
]
registre.acces_documents += [permissions.photo_lisible, permissions.recu_lisible]
registre.menu.append(
    EntreeMenu("Décider", "Demandes de fonds", "chantiers:demande_liste", "demande", 20, voit_les_demandes)
)
registre.onglets += [
    Onglet("chantiers.action", "Demandes de fonds", "chantiers/_action_demandes.html", 10, demandes_de_l_action),
    Onglet("demarche.enterinement", "L’argent", "chantiers/_enterinement.html", 10, argent_de_la_consultation),
    Onglet("demarche.resolution", "La demande", "chantiers/_resolution_demande.html", 10, demande_de_la_resolution),
]
registre.acces_documents.append(acces_aux_pieces)
registre.resolutions_lisibles.append(resolutions_des_demandes)
