"""What the app `chantiers` offers: menu entries, home cards, what waits, tabs."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from demarche.enums import GenreInstance
from demarche.models import Document, Recusation, Scrutin, Utilisateur, Vote
from demarche.permissions import est_coordonnateur, peut_voir_decisions
from demarche.registre import Attente, EntreeMenu, Onglet, registre

from . import permissions
from .enums import EtatDemande
from .models import ActionCollective, Deliberation, DemandeFonds, PieceDemande


def voit_les_demandes(utilisateur: Utilisateur) -> bool:
    return peut_voir_decisions(utilisateur) or permissions.peut_demander(utilisateur)


def a_voter(utilisateur: Utilisateur) -> Iterable[Attente]:
    """Offer the open ballots where this person's seat is called and has neither voted nor stood aside."""
    sieges = [mandat.siege_id for mandat in utilisateur.mandats_du_jour]
    if not sieges:
        return
    ouverts = Scrutin.objects.ouverts().filter(echeance__gt=timezone.now(), electeurs__siege__in=sieges)
    faits = [
        ligne.values("electeur__scrutin")
        for ligne in (
            Vote.objects.filter(electeur__siege__in=sieges),
            Recusation.objects.filter(electeur__siege__in=sieges),
        )
    ]
    for fait in faits:
        ouverts = ouverts.exclude(pk__in=fait)
    deliberations = Deliberation.objects.filter(scrutin__in=ouverts).select_related("scrutin", "demande")
    for deliberation in deliberations:
        yield Attente(
            verbe="À voter",
            libelle=deliberation.demande.titre,
            url=reverse("chantiers:demande_fiche", args=[deliberation.demande_id]),
            echeance=deliberation.scrutin.echeance,
        )


def a_decider(utilisateur: Utilisateur) -> Iterable[Attente]:
    """Offer the coordination the submitted requests, each with its next step and its date."""
    if not est_coordonnateur(utilisateur):
        return
    soumises = DemandeFonds.objects.filter(etat=EtatDemande.SOUMISE).select_related("instance_gouvernance")
    verbes = {
        GenreInstance.COORDINATION: "À décider",
        GenreInstance.COMITE_PILOTAGE: "Scrutin à ouvrir",
        GenreInstance.ASSEMBLEE: "Décision de l’assemblée à inscrire",
    }
    for demande in soumises:
        instance = demande.instance_gouvernance
        if instance is None or demande.soumise_le is None:
            continue
        echeance = None
        if instance.genre != GenreInstance.ASSEMBLEE:
            echeance = timezone.localdate(demande.soumise_le) + datetime.timedelta(days=instance.delai_jours)
        yield Attente(
            verbe=verbes[GenreInstance(instance.genre)],
            libelle=demande.titre,
            url=demande.get_absolute_url(),
            echeance=echeance,
        )


def a_completer(utilisateur: Utilisateur) -> Iterable[Attente]:
    """Offer one's own drafts."""
    for demande in DemandeFonds.objects.filter(etat=EtatDemande.BROUILLON, demandeur=utilisateur):
        yield Attente(verbe="À compléter", libelle=demande.titre, url=demande.get_absolute_url())


def demandes_de_l_action(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Return the requests of one action, for those who see them."""
    if utilisateur is None or not isinstance(objet, ActionCollective) or not voit_les_demandes(utilisateur):
        return None
    demandes = objet.demandes.select_related("organisation", "instance_gouvernance").order_by("-soumise_le", "-pk")
    visibles = [demande for demande in demandes if permissions.peut_voir_demande(utilisateur, demande)]
    return {
        "demandes": visibles,
        "action": objet,
        "peut_demander": permissions.peut_demander(utilisateur),
        "voit_tout": peut_voir_decisions(utilisateur),
    }


def acces_aux_pieces(utilisateur: Utilisateur | None, document: Document) -> bool:
    """Let those who may read a request open its attachments."""
    pieces = PieceDemande.objects.filter(document=document).select_related("demande")
    return any(permissions.peut_voir_demande(utilisateur, piece.demande) for piece in pieces)


registre.menu.append(
    EntreeMenu("Décider", "Demandes de fonds", "chantiers:demande_liste", "demande", 20, voit_les_demandes)
)
registre.attentes += [a_voter, a_decider, a_completer]
registre.onglets.append(
    Onglet("chantiers.action", "Demandes de fonds", "chantiers/_action_demandes.html", 10, demandes_de_l_action)
)
registre.acces_documents.append(acces_aux_pieces)
