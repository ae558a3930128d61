"""A fund request on the agenda of the instance that decides."""

from django.db import transaction

from chantiers.demandes.enums import EN_ATTENTE
from chantiers.demandes.models import DemandeFonds, PointDemande
from chantiers.demandes.services.agendas import point_en_attente
from chantiers.demandes.services.decisions_rencontres import exiger_rencontre_qui_decide
from chantiers.demandes.services.demandes import verrouiller_demande
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Rencontre
from demarche.rencontres.enums import GenrePoint
from demarche.rencontres.models import PointOrdreDuJour
from demarche.rencontres.services.points import ajouter_point
from demarche.socle.erreurs import ErreurMetier


@transaction.atomic
def mettre_a_l_ordre_du_jour(demande_pk: int, *, rencontre: Rencontre, auteur: Utilisateur) -> PointOrdreDuJour:
    """Put a request that waits on the agenda of a meeting, and return its point; idempotent for that meeting.

    Errors: ErreurMetier when the coordination decides alone, the meeting is of another instance or before the request,
            or the request is already on another agenda: that point is carried over.
    """
    demande = verrouiller_demande(demande_pk)
    exiger_rencontre_qui_decide(demande, rencontre)
    autre = point_en_attente(demande)
    if autre is not None and autre.rencontre_id == rencontre.pk:
        return autre
    if autre is not None:
        raise ErreurMetier(f"La demande est déjà à l’ordre du jour de « {autre.rencontre} » : reportez ce point.")
    champs = {"genre": GenrePoint.DEMANDE, "titre": demande.titre, "est_public": False}
    point = ajouter_point(rencontre, champs=champs, auteur=auteur)
    PointDemande.objects.create(point=point, demande=demande)
    return point


def suivre_report(ancien: PointOrdreDuJour, nouveau: PointOrdreDuJour) -> None:
    """Make the request of a point carried over follow to the new one; the old point keeps saying what it was about.

    Errors: ErreurMetier when the request no longer waits, or waits on another agenda.
    """
    suivie = PointDemande.objects.filter(point=ancien).select_related("demande").first()
    if suivie is not None:
        _exiger_sans_point(suivie.demande, sauf=ancien)
        PointDemande.objects.create(point=nouveau, demande_id=suivie.demande_id)


def verifier_reprise(point: PointOrdreDuJour) -> None:
    """Refuse to take back the point of a request that no longer waits, or waits on another agenda."""
    repris = PointDemande.objects.filter(point=point).select_related("demande").first()
    if repris is not None:
        _exiger_sans_point(repris.demande, sauf=point)


def _exiger_sans_point(demande: DemandeFonds, *, sauf: PointOrdreDuJour) -> None:
    if demande.etat not in EN_ATTENTE:
        raise ErreurMetier(
            f"Cette demande est à l’état « {demande.get_etat_display()} » : elle n’attend plus aucune rencontre."
        )
    autre = point_en_attente(demande, sauf=sauf)
    if autre is not None:
        raise ErreurMetier(f"La demande est déjà à l’ordre du jour de « {autre.rencontre} ».")
