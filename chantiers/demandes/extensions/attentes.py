"""Which requests wait for somebody: to decide, to complete, to answer."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.models import DemandeFonds, PrecisionDemande
from chantiers.demandes.queries.deliberations import points_en_attente
from chantiers.demandes.queries.demandes import dates_promises
from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import est_coordonnateur
from demarche.comptes.protocoles import Attente
from demarche.gouvernance.enums import MODES_A_DISTANCE, GenreInstance
from demarche.gouvernance.models import InstanceGouvernance


def a_decider(utilisateur: Utilisateur) -> Iterable[Attente]:
    """Offer the coordination the submitted requests, each with its next step and its date."""
    if not est_coordonnateur(utilisateur):
        return
    soumises = DemandeFonds.objects.filter(etat=EtatDemande.SOUMISE).select_related("instance_gouvernance")
    points, dates = points_en_attente(soumises), dates_promises(soumises)
    for demande in soumises:
        instance, point = demande.instance_gouvernance, points.get(demande.pk)
        if instance is None:
            continue
        yield Attente(
            verbe="En rencontre" if point is not None else _verbe_de_decision(instance),
            libelle=demande.titre,
            url=demande.get_absolute_url(),
            echeance=dates.get(demande.pk),
        )


def _verbe_de_decision(instance: InstanceGouvernance) -> str:
    if instance.genre == GenreInstance.COORDINATION:
        return "À décider"
    return "Scrutin à ouvrir" if instance.mode_decision in MODES_A_DISTANCE else "À porter en rencontre"


def a_completer(utilisateur: Utilisateur) -> Iterable[Attente]:
    """Offer one's own drafts."""
    for demande in DemandeFonds.objects.filter(etat=EtatDemande.BROUILLON, demandeur=utilisateur):
        yield Attente(verbe="À compléter", libelle=demande.titre, url=demande.get_absolute_url())


def a_repondre(utilisateur: Utilisateur) -> Iterable[Attente]:
    """Offer one's own requests that a question stopped, with the day the answer is expected."""
    questions = PrecisionDemande.objects.filter(
        repondue_le__isnull=True,
        demande__etat=EtatDemande.PRECISIONS,
        demande__demandeur=utilisateur,
        avant_le__gte=timezone.localdate(),
    ).select_related("demande")
    for question in questions:
        url = reverse("demandes:demande_repondre", args=[question.demande_id])
        yield Attente("À répondre", question.demande.titre, url, echeance=question.avant_le)
