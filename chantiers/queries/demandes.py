"""Requests for funds: who counts with whom, who is concerned, what is promised when."""

import datetime
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils import timezone

from chantiers.allocation import PartDuTotal
from chantiers.enums import COMPTEES, EtatDemande
from chantiers.models import (
    DemandeFonds,
)
from demarche.enums import EtatScrutin, GenreInstance
from demarche.models import Electeur, Siege, Utilisateur, Vote
from partenaires.models import ElecteurPartenaire, Organisation, Representation

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
            montant=autre.montant_demande
            if autre.montant_accorde is None
            else autre.montant_accorde - autre.montant_libere,
            est_accordee=autre.etat == EtatDemande.ACCORDEE,
            url=autre.get_absolute_url(),
        )
        for autre in autres
    )


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


def organisations_en_cause(demande: DemandeFonds) -> set[int]:
    """Return who carries, supports, asks, supplies or benefits: their voice is asked about a conflict (R4)."""
    action = demande.action_collective
    nommees = demande.concernees.values_list("organisation_id", flat=True)
    citees = {demande.organisation_id, action.porteur_id, *action.partenaires.values_list("pk", flat=True), *nommees}
    return {pk for pk in citees if pk is not None}


def siege_en_cause(demande: DemandeFonds, siege: Siege) -> Organisation | None:
    """Return the organisation that the seat stands for today when the request concerns it (R4)."""
    representation = (
        Representation.objects.en_vigueur(timezone.localdate())
        .filter(siege=siege, organisation__in=organisations_en_cause(demande))
        .select_related("organisation")
        .first()
    )
    return representation.organisation if representation else None


def voix_en_cause(demande: DemandeFonds, electeur: Electeur) -> Organisation | None:
    """Return the organisation behind one voice when the request concerns it: that of the seat, or the partner (R4)."""
    if electeur.siege is not None:
        return siege_en_cause(demande, electeur.siege)
    partenaire = (
        ElecteurPartenaire.objects.filter(
            electeur=electeur, adhesion__organisation__in=organisations_en_cause(demande)
        )
        .select_related("adhesion__organisation")
        .first()
    )
    return partenaire.adhesion.organisation if partenaire else None


def nb_votes_donnes(demande: DemandeFonds) -> int:
    """Return how many votes the open ballots of a request have received: what changing the request would cancel."""
    return Vote.objects.filter(
        electeur__scrutin__deliberation__demande=demande, electeur__scrutin__etat=EtatScrutin.OUVERT
    ).count()


def date_promise(demande: DemandeFonds) -> datetime.date | None:
    """Return by when the person who asks can expect the next step.

    A ballot open: its deadline. A question asked: the day its answer is expected. Waiting for the coordination or for
    a ballot: the instance's own delay after the submission. Waiting for the assemblée: its next meeting; None when
    none is planned.
    """
    if demande.etat == EtatDemande.EN_DELIBERATION:
        scrutin = demande.scrutin
        return timezone.localdate(scrutin.echeance) if scrutin and scrutin.echeance else None
    if demande.etat == EtatDemande.PRECISIONS:
        return demande.precisions.filter(repondue_le__isnull=True).values_list("avant_le", flat=True).first()
    instance = demande.instance_gouvernance
    if demande.etat != EtatDemande.SOUMISE or instance is None or demande.soumise_le is None:
        return None
    if instance.genre == GenreInstance.ASSEMBLEE:
        prochaine = instance.rencontres.filter(date__gte=timezone.localdate()).order_by("date").first()
        return prochaine.date if prochaine else None
    return timezone.localdate(demande.soumise_le) + datetime.timedelta(days=instance.delai_jours)
