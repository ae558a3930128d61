"""Put a fund request to the vote, at a distance or in a meeting, and apply the result (R4, R5, R6, R8)."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from chantiers.budget.models import Enveloppe
from chantiers.demandes import notifications
from chantiers.demandes.enums import EN_ATTENTE, EtatDemande, InstanceDecision, SensMotif, VerbeDemande
from chantiers.demandes.models import Deliberation, DemandeFonds, PointDemande
from chantiers.demandes.queries.decisions import faits_de, motif_du_scrutin, texte_resolution, titre_resolution
from chantiers.demandes.queries.deliberations import comptes_qui_demandent, point_en_attente
from chantiers.demandes.queries.demandes import ce_qui_manque_pour_ouvrir, exiger_complet
from chantiers.demandes.queries.regles_allocation import instance_au_dessus
from chantiers.demandes.services.decisions import (
    AUTRE_CHOIX,
    conclure,
    exiger_attente,
    exiger_version,
    verifier_montant,
)
from chantiers.demandes.services.demandes import passer, reevaluer, verrouiller_demande
from chantiers.demandes.services.engagements import reserver
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import GenreInstance, Issue, ModeDecision, SuiteRecusations
from demarche.gouvernance.models import InstanceGouvernance, Rencontre
from demarche.rencontres.enums import GenrePoint
from demarche.rencontres.models import PointOrdreDuJour
from demarche.rencontres.services.points import ajouter_point, conclure_point
from demarche.rencontres.services.votes_main_levee import CompteSalle, ouvrir_vote_en_rencontre
from demarche.rencontres.services.votes_points import VoteSalle, clore_vote
from demarche.scrutins.models import Scrutin
from demarche.scrutins.services.inscriptions import inscrire_recusation
from demarche.scrutins.services.scrutins import annuler_scrutin, clore, decompte_de, ouvrir_scrutin
from demarche.socle.erreurs import ErreurMetier
from partenaires.services.scrutins import ouvrir_scrutin_assemblee

PAR_UNE_PERSONNE = "Sous le premier seuil, la coordination décide seule, sans scrutin ni rencontre."


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
    Text, amount, rule and electors are frozen. The demandeur and the voices of its organisation are récusés at once
    (R4). Idempotent while the ballot is open.
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
        clore(scrutin, decompte)  # too many récusations: the deadline would change nothing (R4)
    return scrutin


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
    """Cancel the ballot of a locked request and take it back to study; electors and coordination are notified.

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


SON_ORGANISATION = "Son organisation a déposé la demande."


def recuser_l_organisation(demande: DemandeFonds, scrutin: Scrutin) -> None:
    """Inscribe the récusation of every voice of the demandeur: nobody decides on their own request (R4).

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


SENS_DE_L_ISSUE = {Issue.ADOPTEE: SensMotif.ACCORD, Issue.REJETEE: SensMotif.REFUS}


def exiger_rencontre_qui_decide(demande: DemandeFonds, rencontre: Rencontre) -> None:
    """Refuse a meeting that cannot decide on a locked request: the coordination decides alone, another instance
    decides, or it was held before the request.
    """
    instance = exiger_attente(demande)
    if instance.genre == GenreInstance.COORDINATION:
        raise ErreurMetier(PAR_UNE_PERSONNE)
    if rencontre.instance_gouvernance_id != instance.pk:
        raise ErreurMetier({"rencontre": f"Choisissez une rencontre de l’instance «\u00a0{instance}\u00a0»."})
    if demande.soumise_le is not None and rencontre.date < timezone.localdate(demande.soumise_le):
        phrase = "Cette rencontre a eu lieu avant le dépôt de la demande\u00a0: choisissez-en une autre."
        raise ErreurMetier({"rencontre": phrase})


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
    exiger_rencontre_qui_decide(demande, rencontre)
    if point is not None and not demande.points.filter(point=point, point__rencontre=rencontre).exists():
        raise ErreurMetier("Ce point de l’ordre du jour n’est pas celui de cette demande.")
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
