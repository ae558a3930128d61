"""Who a ballot on a request calls, and who stands aside at once (R4)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from chantiers.demandes.models import DemandeFonds
from chantiers.demandes.queries.demandes import comptes_qui_demandent
from demarche.gouvernance.enums import GenreInstance
from demarche.scrutins.models import Scrutin
from demarche.scrutins.services.bulletins import inscrire_recusation
from demarche.scrutins.services.electeurs import Appele, sieges_appeles
from partenaires.queries.liste import adhesions_des_partenaires
from partenaires.services.scrutins import appeler_les_partenaires

SON_ORGANISATION = "Son organisation a déposé la demande."


@dataclass(frozen=True)
class VoixAppelee:
    """One voice that a ballot opened now would call; who asks, or sits for who asks, stands aside at once (R4)."""

    libelle: str
    nom: str
    est_ecartee: bool


def voix_a_appeler(demande: DemandeFonds) -> list[VoixAppelee]:
    """Return the voices that a ballot on this request would call today: seats filled, or partners in good standing."""
    instance, jour = demande.instance_gouvernance, timezone.localdate()
    if instance is None:
        return []
    if instance.genre != GenreInstance.ASSEMBLEE:
        appeles = sieges_appeles(instance, jour)
        ecartes = numeros_ecartes(demande, appeles, jour)
        return [VoixAppelee(a.libelle, str(a.utilisateur or ""), a.numero in ecartes) for a in appeles]
    adhesions = adhesions_des_partenaires(jour)
    comptes = comptes_qui_demandent([demande], jour)[demande.pk]
    return [
        VoixAppelee(
            appele.libelle,
            "",
            appele.utilisateur == demande.demandeur
            or (
                adhesion.organisation_id == demande.organisation_id
                if adhesion.organisation_id is not None
                else appele.utilisateur is not None and appele.utilisateur.pk in comptes
            ),
        )
        for adhesion, appele in zip(adhesions, appeler_les_partenaires(adhesions), strict=True)
    ]


def numeros_ecartes(demande: DemandeFonds, appeles: Iterable[Appele], jour: datetime.date) -> set[int]:
    """Return the numbers of the seats that stand aside at once: their holder of that day asks, or belongs to the
    organisation that asks, or sits for it (R4).
    """
    comptes = comptes_qui_demandent([demande], jour)[demande.pk]
    return {a.numero for a in appeles if a.utilisateur is not None and a.utilisateur.pk in comptes}


def recuser_l_organisation(demande: DemandeFonds, scrutin: Scrutin) -> None:
    """Make every voice of the organisation that asks stand aside: nobody decides on their own request (R4).

    A seat by its holder on the day of the ballot, a citizen by their account, a partner by its name: another partner
    keeps its voice, that its other people give.
    """
    if demande.organisation_id is None:
        return
    comptes = comptes_qui_demandent([demande], scrutin.jour)[demande.pk]
    electeurs = scrutin.electeurs.select_related("utilisateur")
    siens = Q(partenaire__isnull=True) | Q(partenaire__adhesion__organisation__isnull=True)
    for electeur in electeurs.filter(
        Q(partenaire__adhesion__organisation=demande.organisation_id) | siens & Q(utilisateur__in=comptes)
    ):
        inscrire_recusation(electeur, utilisateur=electeur.utilisateur, motif=SON_ORGANISATION)
