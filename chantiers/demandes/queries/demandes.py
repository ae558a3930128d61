"""Requests for funds: which ones a person lists, what is missing before each step, when the next one is promised."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from chantiers.demandes.enums import FIGEES, EtatDemande
from chantiers.demandes.models import (
    DemandeFonds,
    OrganisationConcernee,
    PieceDemande,
    PrecisionDemande,
    RegleAllocation,
)
from chantiers.demandes.permissions import a_depose, actions_permises, intervient
from chantiers.demandes.queries.decisions import commentaires_de
from chantiers.demandes.queries.deliberations import a_enteriner, nb_votes_donnes, point_en_attente, points_en_attente
from chantiers.demandes.queries.engagements import soldes_utilisables
from chantiers.demandes.queries.redaction import EXERCICE_TERMINE, REEL_DEJA_ECRIT, CoutTotal, cout_total
from chantiers.demandes.queries.regles_allocation import (
    SANS_REGLE,
    Attribution,
    CumulPorteur,
    attribution_lisible,
    cumuls_de,
    total_du_jour,
)
from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import Visiteur, est_equipe
from demarche.gouvernance.enums import MODES_A_DISTANCE, GenreInstance
from demarche.gouvernance.models import InstanceGouvernance, Rencontre
from demarche.gouvernance.permissions import peut_voir_decisions
from demarche.gouvernance.phrases_regle import RegleEcrite, ecrire_regle
from demarche.gouvernance.queries.gouvernance import noms_des_decideurs
from demarche.gouvernance.services.regles_decision import quorum_hors_d_atteinte
from demarche.rencontres.models import PointOrdreDuJour
from demarche.scrutins.enums import EtatScrutin
from demarche.scrutins.models import Scrutin
from demarche.scrutins.services.electeurs import sieges_appeles
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.francais import ecrire_date
from demarche.socle.queries.historique import LigneHistorique, historique_de
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
    """Return the day promised for the next step of one request; see `dates_promises`."""
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


RECUES = frozenset({EtatDemande.SOUMISE, EtatDemande.PRECISIONS, EtatDemande.EXPIREE})
A_SOUMETTRE = frozenset({EtatDemande.BROUILLON, EtatDemande.EXPIREE})


@dataclass(frozen=True)
class PageDemande:
    """What the page of one request shows to one person."""

    demande: DemandeFonds
    droits: frozenset[str]  # as `actions_permises` says
    voit_tout: bool
    voit_dossier: bool  # the demandeur, the questions and the comments: not for a partner
    intervient: bool
    repond_pour: bool
    etapes: list[dict[str, Any]]
    date_promise: datetime.date | None
    date_si_soumise: datetime.date | None  # of a draft
    scrutin: Scrutin | None
    fige: bool
    question: PrecisionDemande | None
    point: PointOrdreDuJour | None  # of the agenda where it already waits
    attribution: Attribution | None
    decideur: str
    total_du_jour: Decimal | None  # once a vote or a decision has frozen the total
    regle: RegleEcrite | None
    cout: CoutTotal | None
    cumul: CumulPorteur | None
    manque: list[str]
    annule: str  # what changing it would cancel
    commentaires: list[str]
    precisions: Iterable[PrecisionDemande]
    concernees: Iterable[OrganisationConcernee]
    pieces: Iterable[PieceDemande]
    historique: list[LigneHistorique]


def page_de_la_demande(demande: DemandeFonds, visiteur: Visiteur) -> PageDemande:
    """Return the page of a request for those who may see it."""
    voit_tout, etat = peut_voir_decisions(visiteur), demande.etat
    scrutin, fige = demande.scrutin, a_enteriner(demande)
    voit_dossier = voit_tout or a_depose(visiteur, demande)
    brouillon = etat == EtatDemande.BROUILLON
    attribution, question = attribution_lisible(demande, voit_tout=voit_tout), demande.question_sans_reponse
    return PageDemande(
        demande=demande,
        droits=actions_permises(visiteur, demande, scrutin=scrutin, fige=fige),
        voit_tout=voit_tout,
        voit_dossier=voit_dossier,
        intervient=intervient(visiteur, demande),
        repond_pour=not a_depose(visiteur, demande),
        etapes=etapes_de(demande, question),
        date_promise=date_promise(demande),
        date_si_soumise=date_si_soumise(attribution.instance) if attribution and brouillon else None,
        scrutin=scrutin,
        fige=fige,
        question=question,
        point=point_en_attente(demande) if etat == EtatDemande.SOUMISE else None,
        attribution=attribution,
        decideur=noms_des_decideurs()[attribution.instance] if attribution else "",
        total_du_jour=total_du_jour(demande) if etat in FIGEES else None,
        regle=ecrire_regle(demande.instance_gouvernance) if demande.instance_gouvernance else None,
        cout=cout_total(demande),
        cumul=cumuls_de([demande]).get(demande.pk) if voit_tout else None,
        manque=ce_qui_manque(demande) if etat in A_SOUMETTRE else [],
        annule=ce_que_modifier_annule(demande),
        commentaires=commentaires_de(demande) if voit_dossier else [],
        precisions=demande.precisions.select_related("posee_par") if voit_dossier else (),
        concernees=demande.concernees.select_related("organisation"),
        pieces=demande.pieces.select_related("document"),
        historique=historique_de(demande) if est_equipe(visiteur) else [],
    )


def etapes_de(demande: DemandeFonds, question: PrecisionDemande | None) -> list[dict[str, Any]]:
    """Return the steps of a request for the component `etapes`, with their dates; `question`, the one unanswered."""
    if demande.etat == EtatDemande.RETIREE:
        return [{"libelle": "Retirée", "etat": "fait", "date": None}]
    decidee = demande.decidee_le is not None
    recue, date = "Reçue", timezone.localdate(demande.soumise_le) if demande.soumise_le else None
    if question is not None and demande.etat == EtatDemande.PRECISIONS:
        recue, date = "Réponse attendue avant la fin du", question.avant_le
    elif question is not None and demande.etat == EtatDemande.EXPIREE:
        recue, date = "Expirée, faute de réponse", question.avant_le + datetime.timedelta(days=1)
    etapes = [
        ("Rédigée", demande.etat == EtatDemande.BROUILLON, True, None),
        (recue, demande.etat in RECUES, demande.soumise_le is not None, date),
        ("En décision", demande.etat == EtatDemande.EN_DELIBERATION, decidee, None),
        (demande.libelle_public if decidee else "Décidée", False, decidee, demande.decidee_le),
    ]
    return [
        {"libelle": libelle, "etat": "courant" if courant else "fait" if fait else "a_faire", "date": date}
        for libelle, courant, fait, date in etapes
    ]


def ce_que_modifier_annule(demande: DemandeFonds) -> str:
    """Return what changing the request would cancel, in a French sentence; nothing outside a ballot."""
    if demande.etat != EtatDemande.EN_DELIBERATION:
        return ""
    nombre = nb_votes_donnes(demande)
    if nombre == 0:
        return "Un scrutin est ouvert : il sera annulé. Personne n’a encore voté."
    votes = "1 vote déjà donné ne comptera plus" if nombre == 1 else f"{nombre} votes déjà donnés ne compteront plus"
    return f"Un scrutin est ouvert : il sera annulé, et {votes}."
