"""What the requests show on the pages of other rooms, and who reads their documents."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Model, Q
from django.urls import reverse

from chantiers.actions.models import ActionCollective
from chantiers.demandes.enums import EN_ATTENTE
from chantiers.demandes.models import Deliberation, DemandeFonds, PieceDemande
from chantiers.demandes.permissions import (
    demandes_appelees,
    etats_visibles,
    peut_demander,
    peut_voir_demande,
    peut_voir_pieces,
)
from chantiers.demandes.queries.regles import totaux_de_l_action
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import InstanceGouvernance
from demarche.gouvernance.permissions import peut_voir_decisions
from demarche.scrutins.services.electeurs import electeur_de
from demarche.socle.models import Document
from demarche.socle.typographie import compter
from partenaires.permissions import organisations_de


def voit_les_demandes(utilisateur: Utilisateur) -> bool:
    return peut_voir_decisions(utilisateur) or peut_demander(utilisateur)


def demandes_de_l_action(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Return the requests of one action, for those who see them."""
    if utilisateur is None or not isinstance(objet, ActionCollective) or not voit_les_demandes(utilisateur):
        return None
    demandes = objet.demandes.select_related("organisation", "instance_gouvernance", "exercice").order_by(
        "-soumise_le", "-pk"
    )
    appelees = demandes_appelees(utilisateur)
    visibles = [d for d in demandes if peut_voir_demande(utilisateur, d, appelees=appelees)]
    return {
        "demandes": visibles,
        "action": objet,
        "peut_demander": peut_demander(utilisateur),
        "voit_tout": peut_voir_decisions(utilisateur),
        "totaux": totaux_de_l_action(visibles) if peut_voir_decisions(utilisateur) else [],
    }


def demande_de_la_resolution(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Return the request a resolution decides on, for those who see it."""
    demande = DemandeFonds.objects.filter(resolution_id=objet.pk).select_related("action_collective").first()
    if demande is None or not peut_voir_demande(utilisateur, demande):
        return None
    return {"demande": demande}


def resolutions_des_demandes(utilisateur: Utilisateur) -> Q | None:
    """Open the resolutions on the requests this person may see: its own, and to a partner those decided."""
    if not voit_les_demandes(utilisateur):
        return None
    siennes = Q(demande__demandeur=utilisateur) | Q(demande__organisation__in=organisations_de(utilisateur))
    return siennes | Q(demande__etat__in=etats_visibles(utilisateur))


def acces_aux_pieces(utilisateur: Utilisateur | None, document: Document) -> bool:
    """Let those to whom a request is open whole, and whoever is called to vote on it, open its attachments."""
    pieces = PieceDemande.objects.filter(document=document).select_related("demande")
    return any(
        peut_voir_pieces(utilisateur, piece.demande) or est_appele(utilisateur, piece.demande) for piece in pieces
    )


def est_appele(utilisateur: Utilisateur | None, demande: DemandeFonds) -> bool:
    """Return whether this person has a voice at the last ballot held on a request."""
    scrutin = demande.scrutin
    return utilisateur is not None and scrutin is not None and electeur_de(scrutin, utilisateur) is not None


def fiches_des_scrutins(scrutins: Collection[int]) -> dict[int, str]:
    """Return the decision sheet of the requests that these ballots are about."""
    couples = Deliberation.objects.filter(scrutin__in=scrutins).values_list("scrutin_id", "demande_id")
    return {scrutin: reverse("demandes:demande_fiche", args=[demande]) for scrutin, demande in couples}


def demandes_attendues(instance_gouvernance: InstanceGouvernance) -> Iterable[str]:
    """Say how many requests wait for the decision of an instance, those that a question stopped included."""
    nb = instance_gouvernance.demandes.filter(etat__in=EN_ATTENTE).count()
    if nb:
        yield compter(nb, "demande de fonds", "demandes de fonds")
