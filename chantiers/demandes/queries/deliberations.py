"""The ballots and agendas of a request: whose voice is called, who is in conflict of interest (R4), where it waits."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.models import Deliberation, DemandeFonds, PointDemande
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import Mandat
from demarche.rencontres.enums import EtatPoint
from demarche.rencontres.models import PointOrdreDuJour
from demarche.scrutins.enums import EtatScrutin
from demarche.scrutins.models import Electeur, Vote
from demarche.scrutins.services.electeurs import Appele, sieges_appeles
from partenaires.models import Affiliation, Organisation, Representation
from partenaires.queries.liste import adhesions_des_partenaires
from partenaires.services.scrutins import appeler_les_partenaires


def point_en_attente(demande: DemandeFonds, *, sauf: PointOrdreDuJour | None = None) -> PointOrdreDuJour | None:
    """Return the point of an agenda where the request still waits; one now frozen or cancelled no longer counts."""
    return points_en_attente([demande], sauf=sauf).get(demande.pk)


def points_en_attente(
    demandes: Iterable[DemandeFonds], *, sauf: PointOrdreDuJour | None = None
) -> dict[int, PointOrdreDuJour]:
    """Return the point of an agenda, the point `sauf` left out, where each of these requests still waits.

    Shape:  mapping DemandeFonds.pk -> its latest point; only the requests that are on an agenda.
    Cost:   one query.
    """
    attendus = (
        PointDemande.objects.filter(demande__in=[demande.pk for demande in demandes], point__etat=EtatPoint.A_TRAITER)
        .filter(point__rencontre__annulee_le=None)
        .exclude(point=sauf)
        .exclude(point__rencontre__proces_verbal__etat="adopte")
        .select_related("point__rencontre__instance_gouvernance")
        .order_by("point__rencontre__date", "pk")
    )
    return {attendu.demande_id: attendu.point for attendu in attendus}


@dataclass(frozen=True)
class VoixAppelee:
    """One voice that a ballot opened now would call; `est_ecartee`: récusée at once, as a demandeur (R4)."""

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
    """Return the numbers of the seats récusés at once: their holder of that day is a demandeur (R4)."""
    comptes = comptes_qui_demandent([demande], jour)[demande.pk]
    return {a.numero for a in appeles if a.utilisateur is not None and a.utilisateur.pk in comptes}


def comptes_qui_demandent(demandes: Collection[DemandeFonds], jour: datetime.date) -> dict[int, set[int]]:
    """Return the accounts that ask, themselves or by the organisation that asks, on that day (R4).

    Shape: mapping demande.pk -> accounts: its author, who is affiliated to the organisation, who sits for it. Two
           queries at most.
    """
    organisations = {demande.organisation_id for demande in demandes if demande.organisation_id is not None}
    membres: dict[int, set[int]] = defaultdict(set)
    if organisations:
        affiliations = Affiliation.objects.en_vigueur(jour).filter(
            organisation__in=organisations, personne__utilisateur__isnull=False
        )
        sieges = Representation.objects.en_vigueur(jour).filter(
            organisation__in=organisations, siege__mandats__in=Mandat.objects.en_vigueur(jour)
        )
        for organisation, compte in [
            *affiliations.values_list("organisation_id", "personne__utilisateur_id"),
            *sieges.values_list("organisation_id", "siege__mandats__utilisateur_id"),
        ]:
            membres[organisation].add(compte)
    return {d.pk: {d.demandeur_id} | (membres[d.organisation_id] if d.organisation_id else set()) for d in demandes}


def demandeurs_des_scrutins(scrutins: Collection[int]) -> dict[int, set[int]]:
    """Return the accounts that ask today for what these ballots decide, those on a request: scrutin.pk -> accounts."""
    deliberations = list(Deliberation.objects.filter(scrutin__in=scrutins).select_related("demande"))
    comptes = comptes_qui_demandent([une.demande for une in deliberations], timezone.localdate())
    return {une.scrutin_id: comptes[une.demande_id] for une in deliberations}


def organisations_interessees(demande: DemandeFonds) -> QuerySet[Organisation]:
    """Return the organisations that R4 names: demandeur, porteur, supplier, beneficiary."""
    return Organisation.objects.filter(
        Q(pk=demande.organisation_id)
        | Q(actions_portees=demande.action_collective_id)
        | Q(pk__in=demande.concernees.values("organisation"))
    )


def organisations_en_cause(demande: DemandeFonds) -> QuerySet[Organisation]:
    """Return the organisations whose voices must say if they are in conflict of interest (R4, *ours*).

    Those that R4 names, those that support the action, and those of a demandeur who is not of the team.
    """
    cause = Q(pk__in=organisations_interessees(demande)) | Q(actions_appuyees=demande.action_collective_id)
    if not demande.demandeur.est_equipe:
        cause |= Q(pk__in=_affiliations(demande.demandeur))
    return Organisation.objects.filter(cause)


def _affiliations(utilisateur: Utilisateur) -> QuerySet[Affiliation, int]:
    """Return the keys of the organisations this account belongs to today."""
    siennes = Affiliation.objects.en_vigueur(timezone.localdate()).filter(personne__utilisateur=utilisateur)
    return siennes.values_list("organisation", flat=True)


def voix_en_cause(demande: DemandeFonds, electeur: Electeur, utilisateur: Utilisateur) -> Organisation | None:
    """Return the organisation, behind one voice or of who answers for it, that the request concerns today (R4)."""
    siennes = Q(pk__in=_affiliations(utilisateur)) | Q(adhesions__electeurs__electeur=electeur)
    if electeur.siege_id is not None:
        representations = Representation.objects.en_vigueur(timezone.localdate()).filter(siege=electeur.siege_id)
        siennes |= Q(pk__in=representations.values("organisation"))
    return Organisation.objects.filter(siennes, pk__in=organisations_en_cause(demande)).first()


def nb_votes_donnes(demande: DemandeFonds) -> int:
    """Return how many votes the open ballots of a request have received: what changing the request would cancel."""
    return Vote.objects.filter(
        electeur__scrutin__deliberation__demande=demande, electeur__scrutin__etat=EtatScrutin.OUVERT
    ).count()


def a_enteriner(demande: DemandeFonds) -> bool:
    """True when the comité was consulted and said yes: the next meeting must ratify before any money leaves (R5)."""
    return demande.etat == EtatDemande.EN_DELIBERATION and any(
        deliberation.scrutin.a_enteriner for deliberation in demande.deliberations.select_related("scrutin")
    )  # not the last ballot alone: a meeting without quorum leaves the consultation waiting for the next one
