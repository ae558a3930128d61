"""Who reads which minutes, and where each of them stands."""

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import Rencontre
from demarche.gouvernance.permissions import peut_voir_decisions
from demarche.gouvernance.protocoles import MEMBRES
from demarche.gouvernance.queries.gouvernance import mandats_du_jour
from demarche.rencontres.enums import EtatPoint, EtatProcesVerbal
from demarche.rencontres.models import PointOrdreDuJour, ProcesVerbal


def proces_verbaux_lisibles(utilisateur: Utilisateur) -> "QuerySet[ProcesVerbal]":
    """Return the minutes this person may read.

    Drafts and adopted ones for the team, the comité and the fiduciaire, and for who sits in the instance; for who
    takes part in the assemblée, its adopted minutes alone.
    """
    tous = ProcesVerbal.objects.select_related("rencontre__instance_gouvernance", "adopte_a")
    if peut_voir_decisions(utilisateur):
        return tous
    lisibles = Q(
        rencontre__instance_gouvernance__in=[m.siege.instance_gouvernance_id for m in mandats_du_jour(utilisateur)]
    )
    if MEMBRES.siege_a_l_assemblee(utilisateur):
        lisibles |= Q(etat=EtatProcesVerbal.ADOPTE, rencontre__instance_gouvernance__genre=GenreInstance.ASSEMBLEE)
    return tous.filter(lisibles)


def avec_adoption(proces_verbaux: "QuerySet[ProcesVerbal]") -> "QuerySet[ProcesVerbal]":
    """Return these minutes with the points of later agendas that wait to adopt them, in one more query."""
    attendus = PointOrdreDuJour.objects.filter(etat=EtatPoint.A_TRAITER, rencontre__annulee_le=None)
    attendus = attendus.select_related("rencontre")
    return proces_verbaux.prefetch_related(
        Prefetch("points_d_adoption", queryset=attendus.order_by("rencontre__date", "pk"), to_attr="points_attendus")
    )


def projets_en_cours(utilisateur: Utilisateur) -> "QuerySet[ProcesVerbal]":
    """Return the minutes still to adopt that this person may read, the oldest first."""
    lisibles = avec_adoption(proces_verbaux_lisibles(utilisateur))
    return lisibles.filter(etat=EtatProcesVerbal.PROJET).order_by("rencontre__date", "pk")


def rencontre_suivante(rencontre: Rencontre) -> Rencontre | None:
    """Return the next meeting of the instance, still to be held or held today, where these minutes may be adopted."""
    suivantes = Rencontre.objects.filter(instance_gouvernance=rencontre.instance_gouvernance_id).maintenues()
    a_venir = suivantes.a_venir(max(timezone.localdate(), rencontre.date)).exclude(pk=rencontre.pk)
    return next((suivante for suivante in a_venir[:2] if suivante.debut >= rencontre.debut), None)
