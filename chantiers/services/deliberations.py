"""Deliberate on a fund request: a remote ballot, a vote in a meeting, and what follows each (R4, R5, R6, R8)."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from chantiers import notifications
from chantiers.allocation import instance_au_dessus
from chantiers.enums import EtatDemande, InstanceDecision, SensMotif, VerbeDemande
from chantiers.models import Deliberation, DemandeFonds, Enveloppe
from demarche.enums import GenreInstance, Issue, ModeDecision, SuiteRecusations
from demarche.erreurs import ErreurMetier
from demarche.models import InstanceGouvernance, PointOrdreDuJour, Rencontre, Scrutin, Utilisateur
from demarche.services.points import conclure_point
from demarche.services.registre_decisions import Faits
from demarche.services.scrutins import annuler_scrutin, clore, decompte_de, ouvrir_scrutin
from demarche.services.votes_comptes import CompteSalle, ouvrir_vote_en_rencontre
from demarche.services.votes_points import VoteSalle, clore_vote
from partenaires.services.scrutins import ouvrir_scrutin_assemblee

from .appels import recuser_l_organisation
from .decisions import (
    conclure,
    exiger_attente,
    exiger_version,
    motif_du_scrutin,
    reperes_de,
    texte_resolution,
    titre_resolution,
    verifier_montant,
)
from .demandes import passer, reevaluer, verrouiller_demande
from .engagements import reserver
from .manques import ce_qui_manque_pour_ouvrir, exiger_complet
from .motifs import AUTRE_CHOIX

SENS_DE_L_ISSUE = {Issue.ADOPTEE: SensMotif.ACCORD, Issue.REJETEE: SensMotif.REFUS}
PAR_UNE_PERSONNE = "Sous le premier seuil, la coordination décide seule : aucun scrutin ne s’ouvre."


def faits_de(demande: DemandeFonds, montant: Decimal, conditions: str, motif: str = "") -> Faits:
    """Return what the register tells of the request put to the vote; `motif` is the one a meeting kept."""
    secret = {"conditions": conditions.strip(), "motif": motif.strip()}
    return Faits({**reperes_de(demande), "montant": f"{montant:.2f}"}, secret)


@transaction.atomic
def ouvrir_deliberation(
    demande_pk: int,
    *,
    auteur: Utilisateur,
    enveloppe: Enveloppe,
    echeance: datetime.datetime,
    montant: Decimal | None = None,
    conditions: str = "",
    motif: str = "",
    version: int | None = None,
) -> Scrutin:
    """Open the remote ballot of the instance that decides, reserve the amount and write to each elector.

    `montant`, when less than what is asked is put to the vote; `motif`, why to say yes, is voted with the rest and
    becomes the reason of the grant; `version` is that of the request as the author read it.
    Text, amount, rule and electors are frozen; who asks, and whoever sits for the organisation that asks, stand aside
    at once (R4). Idempotent while the ballot is open.
    Errors: ErreurMetier when the request changed since, the instance decides alone or in meetings only, nobody can be
            called, or the envelope has not enough left.
    """
    demande = verrouiller_demande(demande_pk)
    en_cours = demande.scrutin
    if demande.etat == EtatDemande.EN_DELIBERATION and en_cours is not None:
        return en_cours
    exiger_version(demande, version)
    instance = exiger_attente(demande)
    if instance.genre == GenreInstance.COORDINATION:
        raise ErreurMetier(PAR_UNE_PERSONNE)
    soumis = demande.montant_demande if montant is None else montant
    verifier_montant(demande, soumis)
    demande.enveloppe = reserver(demande, enveloppe, soumis)
    exiger_complet(ce_qui_manque_pour_ouvrir(demande))
    ouvrir = ouvrir_scrutin_assemblee if instance.genre == GenreInstance.ASSEMBLEE else ouvrir_scrutin
    scrutin = ouvrir(
        instance_gouvernance=instance,
        question=titre_resolution(demande, soumis),
        texte=texte_resolution(demande, demande.enveloppe, soumis, conditions, motif),
        echeance=echeance,
        auteur=auteur,
        demandeur=demande.demandeur,
        mode=ModeDecision(instance.mode_decision),
        faits=faits_de(demande, soumis, conditions),
    )
    Deliberation.objects.create(demande=demande, scrutin=scrutin, montant=soumis, conditions=conditions.strip())
    recuser_l_organisation(demande, scrutin)
    passer(demande, VerbeDemande.OUVRIR, auteur=auteur, montant_reserve=soumis)
    decompte = decompte_de(scrutin)
    if decompte.quorum_possible:
        notifications.convoquer_au_scrutin(demande, scrutin)
    else:
        clore(scrutin, decompte)  # too many stand aside at once: nobody waits for a deadline that changes nothing (R4)
    return scrutin


def a_enteriner(demande: DemandeFonds) -> bool:
    """True when the comité was consulted and said yes: the next meeting must ratify before any money leaves (R5)."""
    return demande.etat == EtatDemande.EN_DELIBERATION and any(
        deliberation.scrutin.a_enteriner for deliberation in demande.deliberations.select_related("scrutin")
    )  # not the last ballot alone: a meeting without quorum leaves the consultation waiting for the next one


def appliquer_scrutin(scrutin: Scrutin) -> DemandeFonds | None:
    """Draw the consequence of a ballot just closed, in its transaction: granted, refused, or back to study.

    Without quorum the request waits for another ballot; when recusals made it impossible, it goes to the instance
    above, unless the rule of the instance says otherwise (R4). An adopted consultation keeps its reservation until
    it is ratified.
    """
    deliberation = Deliberation.objects.filter(scrutin=scrutin).first()
    if deliberation is None:
        return None
    demande = verrouiller_demande(deliberation.demande_id)
    if scrutin.issue == Issue.SANS_QUORUM:
        _reprendre_sans_quorum(demande, scrutin)
        return demande
    if scrutin.a_enteriner:
        notifications.annoncer_a_enteriner(demande, scrutin)
        return demande
    if scrutin.issue == Issue.ADOPTEE and demande.enveloppe_id is None:
        raise ErreurMetier({"enveloppe": "La demande est adoptée : choisissez l’enveloppe qui paiera."})
    jour = scrutin.rencontre.date if scrutin.rencontre else timezone.localdate(scrutin.clos_le)
    conclure(
        demande,
        auteur=None,
        montant=deliberation.montant if scrutin.issue == Issue.ADOPTEE else None,
        motif=motif_du_scrutin(scrutin, deliberation.motif),
        conditions=deliberation.conditions,
        adoptee_le=jour,
        scrutin=scrutin,
        rencontre=scrutin.rencontre,
    )
    return demande


def _instance_apres(scrutin: Scrutin) -> str:
    """Return the kind of the instance above when recusals, and not absences, broke the quorum; else nothing (R4)."""
    decompte = scrutin.decompte
    par_les_recusations = not decompte.quorum_possible and replace(decompte, nb_recusations=0).quorum_possible
    if not par_les_recusations or scrutin.suite_recusations != SuiteRecusations.INSTANCE_SUPERIEURE:
        return ""
    dessus = instance_au_dessus(InstanceDecision(scrutin.instance_gouvernance.genre))
    active = InstanceGouvernance.objects.filter(genre=GenreInstance(dessus.value), est_active=True).exists()
    return dessus if active else ""  # nobody above: the request waits where it is rather than block the ballot


def _reprendre_sans_quorum(demande: DemandeFonds, scrutin: Scrutin) -> None:
    minimale = _instance_apres(scrutin) or demande.instance_minimale
    if demande.etat == EtatDemande.EN_DELIBERATION:
        if scrutin.rencontre is not None:
            return  # the ratification failed to reach its quorum: the consultation waits for another meeting
        passer(
            demande,
            VerbeDemande.REPRENDRE,
            auteur=None,
            enveloppe=None,
            montant_reserve=Decimal(0),
            instance_minimale=minimale,
        )
    else:
        demande.instance_minimale = minimale
        demande.enveloppe = None
        demande.save()
    reevaluer(demande)
    notifications.annoncer_sans_quorum(demande, scrutin)


def abandonner_deliberation(demande: DemandeFonds, *, motif: str, auteur: Utilisateur) -> None:
    """Cancel the ballot of a locked request and take it back to study; electors and coordination are told why.

    Errors: ErreurMetier when a consultation already said yes: it waits for its ratification.
    """
    scrutin = demande.scrutin
    if scrutin is not None and not scrutin.est_ouvert:
        raise ErreurMetier("La consultation est close : la prochaine rencontre l’entérine ou non.", code="etat")
    if scrutin is not None:
        annuler_scrutin(scrutin.pk, motif=motif, auteur=auteur)
        notifications.annoncer_scrutin_annule(demande, motif=motif, auteur=auteur)
    passer(demande, VerbeDemande.REPRENDRE, auteur=auteur, enveloppe=None, montant_reserve=Decimal(0))
    reevaluer(demande, sans_avis=True)


@transaction.atomic
def inscrire_decision_rencontre(
    demande_pk: int,
    *,
    auteur: Utilisateur,
    rencontre: Rencontre,
    enveloppe: Enveloppe | None,
    reponses: Mapping[int, str] | None = None,
    compte: CompteSalle | None = None,
    montant: Decimal | None = None,
    conditions: str = "",
    motif: str = "",
    sens: str = "",
    point: PointOrdreDuJour | None = None,
    proposee_par: str = "",
    appuyee_par: str = "",
    version: int | None = None,
) -> DemandeFonds:
    """Record what an instance decided on a request in a meeting, seat by seat or by its count (R5, R6).

    `reponses` as in `clore_par_siege`, or `compte`, never both. `montant`, when less than what is asked was put to the
    vote. `sens` is what the reason picked in the library explains (`SensMotif`). `version` is that of the request as
    the author read it. The envelope is checked before the vote is written: an adoption that nothing can pay is refused
    whole.
    Errors: ErreurMetier when the request changed since or is for another instance, the meeting of another one or
            before the request, the count impossible, the envelope missing or short, or the reason that of another
            outcome.
    """
    demande = verrouiller_demande(demande_pk)
    exiger_version(demande, version)
    instance = exiger_attente(demande)
    if instance.genre == GenreInstance.COORDINATION:
        raise ErreurMetier(PAR_UNE_PERSONNE)
    if rencontre.instance_gouvernance_id != instance.pk:
        raise ErreurMetier({"rencontre": f"Choisissez une rencontre de l’instance « {instance} »."})
    if point is not None and not demande.points.filter(point=point, point__rencontre=rencontre).exists():
        raise ErreurMetier("Ce point de l’ordre du jour n’est pas celui de cette demande.")
    if demande.soumise_le is not None and rencontre.date < timezone.localdate(demande.soumise_le):
        raise ErreurMetier(
            {"rencontre": "Cette rencontre a eu lieu avant le dépôt de la demande : choisissez-en une autre."}
        )
    soumis = demande.montant_demande if montant is None else montant
    verifier_montant(demande, soumis)
    if enveloppe is not None:
        demande.enveloppe = reserver(demande, enveloppe, soumis)
        demande.save()
    scrutin = ouvrir_vote_en_rencontre(
        rencontre=rencontre,
        question=titre_resolution(demande, soumis),
        texte=texte_resolution(demande, demande.enveloppe, soumis, conditions),
        auteur=auteur,
        demandeur=demande.demandeur,
        faits=faits_de(demande, soumis, conditions, motif),
    )
    Deliberation.objects.create(
        demande=demande, scrutin=scrutin, montant=soumis, conditions=conditions.strip(), motif=motif.strip()
    )
    recuser_l_organisation(demande, scrutin)
    scrutin = clore_vote(scrutin, VoteSalle(reponses=reponses, compte=compte), auteur=auteur)
    if sens and scrutin.issue in SENS_DE_L_ISSUE and sens != SENS_DE_L_ISSUE[Issue(scrutin.issue)]:
        raise ErreurMetier({"motif_type": AUTRE_CHOIX.format(SensMotif(sens).label)})
    demande.refresh_from_db()
    if point is not None:
        noter_au_point(point, demande, scrutin, proposee_par=proposee_par, appuyee_par=appuyee_par)
    return demande


def noter_au_point(point: PointOrdreDuJour, demande: DemandeFonds, scrutin: Scrutin, **nommes: str) -> None:
    """Write on the point of the agenda the vote held on it, the resolution that came of it, who moved and seconded."""
    scrutin.refresh_from_db()
    conclure_point(point, scrutin=scrutin, resolution=demande.resolution, **nommes)
