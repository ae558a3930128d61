"""Requests for funds: which ones a person lists, what is missing before each step, when the next one is promised."""

import datetime
from collections.abc import Collection, Iterable
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils import timezone

from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.models import DemandeFonds, PrecisionDemande, RegleAllocation
from chantiers.demandes.queries.deliberations import points_en_attente
from chantiers.demandes.queries.engagements import soldes_utilisables
from chantiers.demandes.queries.redaction import EXERCICE_TERMINE, REEL_DEJA_ECRIT
from chantiers.demandes.queries.regles import SANS_REGLE
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import MODES_A_DISTANCE, GenreInstance
from demarche.gouvernance.models import InstanceGouvernance, Rencontre
from demarche.gouvernance.services.regles import quorum_hors_d_atteinte
from demarche.scrutins.enums import EtatScrutin
from demarche.scrutins.models import Scrutin
from demarche.scrutins.services.electeurs import sieges_appeles
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.francais import ecrire_date
from partenaires.queries.liste import adhesions_des_partenaires


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


def date_promise(demande: DemandeFonds) -> datetime.date | None:
    """Return by when the person who asks can expect the next step of one request; as `dates_promises` says."""
    return dates_promises([demande]).get(demande.pk)


def dates_promises(demandes: Iterable[DemandeFonds]) -> dict[int, datetime.date]:
    """Return by when the next step of each of these requests can be expected, where a day is promised.

    A ballot open: its deadline. A question asked: the day its answer is expected. On an agenda: the day of its
    meeting. Else the instance's own delay after the submission; for the assemblée, its next meeting, when planned.
    Cost:   at most four queries, whatever the requests.
    """
    demandes = list(demandes)
    dates: dict[int, datetime.date | None] = {}
    if deliberees := [demande for demande in demandes if demande.etat == EtatDemande.EN_DELIBERATION]:
        ouverts = Scrutin.objects.filter(deliberation__demande__in=deliberees, etat=EtatScrutin.OUVERT)
        for pk, echeance in ouverts.values_list("deliberation__demande", "echeance"):
            dates[pk] = timezone.localdate(echeance) if echeance else None
    if interrogees := [demande for demande in demandes if demande.etat == EtatDemande.PRECISIONS]:
        questions = PrecisionDemande.objects.en_attente().filter(demande__in=interrogees)
        dates |= dict(questions.values_list("demande", "avant_le"))
    if soumises := [demande for demande in demandes if demande.etat == EtatDemande.SOUMISE]:
        dates |= _dates_des_soumises(soumises)
    return {pk: date for pk, date in dates.items() if date is not None}


def date_si_soumise(decision: str) -> datetime.date | None:
    """Return what the active instance of this kind promises of a request sent today; None when nothing is planned."""
    if decision == GenreInstance.ASSEMBLEE:
        return _prochaine_assemblee()
    instance = InstanceGouvernance.objects.filter(genre=decision, est_active=True).first()
    if instance is None:
        return None
    return timezone.localdate() + datetime.timedelta(days=instance.delai_jours)


def _prochaine_assemblee() -> datetime.date | None:
    rencontres = Rencontre.objects.filter(instance_gouvernance__genre=GenreInstance.ASSEMBLEE)
    prochaine = rencontres.maintenues().a_venir(timezone.localdate()).first()
    return prochaine.date if prochaine else None


def _dates_des_soumises(soumises: Collection[DemandeFonds]) -> dict[int, datetime.date | None]:
    jour, points = timezone.localdate(), points_en_attente(soumises)
    dates: dict[int, datetime.date | None] = {}
    a_l_assemblee = []
    for demande in soumises:
        instance, point = demande.instance_gouvernance, points.get(demande.pk)
        if point is not None and point.rencontre.date >= jour:
            dates[demande.pk] = point.rencontre.date
        elif instance is not None and instance.genre == GenreInstance.ASSEMBLEE:
            a_l_assemblee.append(demande.pk)
        elif instance is not None and demande.soumise_le is not None:
            delai = datetime.timedelta(days=instance.delai_jours)
            dates[demande.pk] = timezone.localdate(demande.soumise_le) + delai
    if a_l_assemblee:
        dates |= dict.fromkeys(a_l_assemblee, _prochaine_assemblee())
    return dates


SANS_ENVELOPPE = (
    "Aucune enveloppe utilisable aujourd’hui pour cette action n’a de disponible : inscrivez-en une, ou vérifiez ses "
    "dates et son chantier."
)


EN_RENCONTRE = "L’instance « {} » décide en rencontre : mettez la demande à son ordre du jour."


def ce_qui_manque(demande: DemandeFonds) -> list[str]:
    """Return what is missing before the request can be submitted, as French sentences."""
    manque = _exercice_clos(demande) or _exercice_termine(demande)
    if not demande.motif.strip():
        manque.insert(0, "Écrivez à quoi serviront les fonds.")
    if not demande.postes.exists():
        manque.insert(0, "Ajoutez au moins un poste de dépense avec son montant.")
    if RegleAllocation.objects.en_vigueur(timezone.localdate()) is None:
        manque.append(SANS_REGLE)
    sans_reponse = demande.question_sans_reponse if demande.pk else None
    if sans_reponse is not None:
        manque.append(f"Répondez à la question du {ecrire_date(timezone.localdate(sans_reponse.posee_le))}.")
    if demande.ligne_budgetaire is not None and demande.ligne_budgetaire.montant_reel is not None:
        manque.append(REEL_DEJA_ECRIT.format(demande.ligne_budgetaire))
    return manque


def ce_qui_manque_pour_ouvrir(demande: DemandeFonds) -> list[str]:
    """Return what is missing before the remote ballot of the instance that decides can open."""
    manque = _exercice_clos(demande)
    instance = demande.instance_gouvernance
    if instance is not None and instance.mode_decision not in MODES_A_DISTANCE:
        return [*manque, EN_RENCONTRE.format(instance)]
    return manque + (_sans_voix(instance) if instance is not None else []) + _sans_enveloppe(demande)


def ce_qui_manque_pour_accorder(demande: DemandeFonds) -> list[str]:
    """Return what is missing before the coordination can grant alone; a refusal only needs its reason."""
    return _exercice_clos(demande) + _sans_enveloppe(demande)


def exiger_complet(manque: list[str]) -> None:
    """Refuse a step with the list of what is missing.

    Errors: ErreurMetier unless nothing is.
    """
    if manque:
        raise ErreurMetier(manque)


def _exercice_clos(demande: DemandeFonds) -> list[str]:
    clos = demande.exercice.est_clos
    return [f"L’exercice {demande.exercice} est clos : choisissez un exercice ouvert."] if clos else []


def _exercice_termine(demande: DemandeFonds) -> list[str]:
    termine = demande.exercice.fin < timezone.localdate()
    return [EXERCICE_TERMINE.format(demande.exercice)] if termine else []


def _sans_voix(instance: InstanceGouvernance) -> list[str]:
    jour, assemblee = timezone.localdate(), instance.genre == GenreInstance.ASSEMBLEE
    nb_voix = len(adhesions_des_partenaires(jour) if assemblee else sieges_appeles(instance, jour))
    if nb_voix == 0:
        siege = f"Aucun siège n’est pourvu : nommez les titulaires de « {instance} »."
        return ["Aucun partenaire n’a d’adhésion en vigueur : il n’y a personne à appeler." if assemblee else siege]
    obstacle = quorum_hors_d_atteinte(instance, instance.mode_decision, nb_voix)
    return [obstacle] if obstacle else []


def _sans_enveloppe(demande: DemandeFonds) -> list[str]:
    a_de_quoi = any(solde.disponible > Decimal(0) for solde in soldes_utilisables(demande))
    return [] if a_de_quoi else [SANS_ENVELOPPE]
