"""Deliberate on a fund request at a distance, and draw what follows from any ballot (R4, R5, R6, R8)."""

import datetime
from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from chantiers.budget.models import Enveloppe
from chantiers.demandes import notifications
from chantiers.demandes.allocation import instance_au_dessus
from chantiers.demandes.enums import EtatDemande, InstanceDecision, VerbeDemande
from chantiers.demandes.models import Deliberation, DemandeFonds
from chantiers.demandes.services.appels import recuser_l_organisation
from chantiers.demandes.services.decisions import (
    conclure,
    exiger_attente,
    exiger_version,
    motif_du_scrutin,
    reperes_de,
    texte_resolution,
    titre_resolution,
    verifier_montant,
)
from chantiers.demandes.services.demandes import passer, reevaluer, verrouiller_demande
from chantiers.demandes.services.engagements import reserver
from chantiers.demandes.services.manques import ce_qui_manque_pour_ouvrir, exiger_complet
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import GenreInstance, Issue, ModeDecision, SuiteRecusations
from demarche.gouvernance.models import InstanceGouvernance
from demarche.registre.services.lignes import Faits
from demarche.scrutins.models import Scrutin
from demarche.scrutins.services.scrutins import annuler_scrutin, clore, decompte_de, ouvrir_scrutin
from demarche.socle.erreurs import ErreurMetier
from partenaires.services.scrutins import ouvrir_scrutin_assemblee

PAR_UNE_PERSONNE = "Sous le premier seuil, la coordination décide seule, sans scrutin ni rencontre."


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
