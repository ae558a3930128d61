"""Requests for funds: who counts with whom, who is concerned, what is promised when."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from chantiers.demandes.allocation import PartDuTotal
from chantiers.demandes.enums import COMPTEES, EtatDemande
from chantiers.demandes.models import Deliberation, DemandeFonds, OrganisationConcernee
from demarche.comptes.enums import Role
from demarche.comptes.models import RoleAttribue, Utilisateur
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import Mandat
from demarche.scrutins.enums import EtatScrutin
from demarche.scrutins.models import Electeur, Vote
from partenaires.models import Affiliation, Organisation, Representation

ZERO = Decimal(0)


def autres_parts(demande: DemandeFonds) -> tuple[PartDuTotal, ...]:
    """Return the other requests of the same action and exercice that count in its total (R1).

    Shape:  granted ones at the amount granted, pending ones at the amount asked; drafts and refusals do not count.
    Unit:   CAD.
    """
    autres = (
        DemandeFonds.objects.filter(
            action_collective=demande.action_collective_id, exercice=demande.exercice_id, etat__in=COMPTEES
        )
        .exclude(pk=demande.pk)
        .order_by("soumise_le", "pk")
    )
    return tuple(
        PartDuTotal(
            libelle=autre.titre,
            montant=autre.montant_compte,
            est_accordee=autre.etat == EtatDemande.ACCORDEE,
            url=autre.get_absolute_url(),
        )
        for autre in autres
    )


def de_la_coordination() -> Q:
    """Return the condition of the requests that somebody of the coordination asks today, or whose organisation asks,
    carries the action, supplies or benefits (R4).
    """
    jour = timezone.localdate()
    coordination = RoleAttribue.objects.en_vigueur(jour).filter(role=Role.COORDONNATEUR).values("utilisateur")
    affiliations = Affiliation.objects.en_vigueur(jour).filter(personne__utilisateur__in=coordination)
    siennes = affiliations.values("organisation")
    return (
        Q(demandeur__in=coordination)
        | Q(organisation__in=siennes)
        | Q(action_collective__porteur__in=siennes)
        | Q(pk__in=OrganisationConcernee.objects.filter(organisation__in=siennes).values("demande"))
    )


def deplacees_par_la_coordination() -> QuerySet[DemandeFonds]:
    """Return the submitted requests whose instance no longer agrees with who coordinates today, in one query (R4)."""
    sienne = de_la_coordination()
    a_elle = Q(instance_gouvernance__genre=GenreInstance.COORDINATION) & sienne
    au_comite = Q(
        instance_gouvernance__genre=GenreInstance.COMITE_PILOTAGE,
        instance_minimale="",
        total_action__lt=F("regle__seuil_comite"),
    )
    return DemandeFonds.objects.filter(a_elle | au_comite & ~sienne, etat=EtatDemande.SOUMISE)


def total_du_jour(demande: DemandeFonds) -> Decimal:
    """Return what the requests of the same action and exercice add up to today, this one included while it counts."""
    sienne = demande.montant_compte if demande.etat in COMPTEES else ZERO
    return sienne + sum((part.montant for part in autres_parts(demande)), ZERO)


def demandes_visibles(
    visiteur: Utilisateur, *, etats: Iterable[str], organisations: Iterable[int], appelees: Iterable[int] = ()
) -> QuerySet[DemandeFonds]:
    """Return the requests a person may list, ready to show in one query.

    One's own, those of one's organisations, those of others in the states `etats`, and those one is called to vote on.
    """
    siennes = Q(demandeur=visiteur) | Q(organisation__in=organisations)
    appel = Q(pk__in=appelees) & ~Q(etat=EtatDemande.BROUILLON)
    return DemandeFonds.objects.filter(siennes | Q(etat__in=etats) | appel).select_related(
        "action_collective", "organisation", "demandeur", "instance_gouvernance", "exercice", "resolution"
    )


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
    """Return who asks, carries, supplies or benefits: what R4 names."""
    return Organisation.objects.filter(
        Q(pk=demande.organisation_id)
        | Q(actions_portees=demande.action_collective_id)
        | Q(pk__in=demande.concernees.values("organisation"))
    )


def organisations_en_cause(demande: DemandeFonds) -> QuerySet[Organisation]:
    """Return whose voice is asked about a conflict: who asks, carries, supplies or benefits, who supports the action,
    and the organisations of the author when they are not of the team (R4, *ours*).
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


def commentaires_de(demande: DemandeFonds) -> list[str]:
    """Return what was written with the votes of the ballot that decided on a request, without names."""
    if demande.resolution is None:
        return []
    votes = Vote.objects.filter(electeur__scrutin__resolution=demande.resolution).exclude(commentaire="")
    return [commentaire.strip() for commentaire in votes.order_by("commentaire").values_list("commentaire", flat=True)]


def nb_votes_donnes(demande: DemandeFonds) -> int:
    """Return how many votes the open ballots of a request have received: what changing the request would cancel."""
    return Vote.objects.filter(
        electeur__scrutin__deliberation__demande=demande, electeur__scrutin__etat=EtatScrutin.OUVERT
    ).count()
