"""Decisions on fund requests: by the coordination, by a ballot, by the assemblée (R1, R4, R7, R8)."""

import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from chantiers import notifications
from chantiers.allocation import instance_au_dessus
from chantiers.enums import EtatDemande, InstanceDecision, VerbeDemande
from chantiers.models import Deliberation, DemandeFonds, Enveloppe
from chantiers.queries import disponible
from demarche.champs import ecrire_date
from demarche.enums import GenreInstance, Issue
from demarche.erreurs import ErreurMetier
from demarche.models import Rencontre, Resolution, Scrutin, Utilisateur, Vote
from demarche.montants import ecrire_dollars
from demarche.services.exercices import exiger_exercice_ouvert
from demarche.services.resolutions import inscrire_resolution
from demarche.services.scrutins import inscrire_vote_compte, ouvrir_scrutin
from partenaires.permissions import organisations_de

from .demandes import passer, reevaluer, verrouiller_demande

AUTRE_INSTANCE = "Cette demande relève de l’instance « {} »."


def _exiger_instance(demande: DemandeFonds, genre: GenreInstance) -> None:
    """Refuse unless the request waits for a decision and, as it stands now, is for that instance."""
    if demande.etat != EtatDemande.SOUMISE:
        raise ErreurMetier(
            f"Cette demande est à l’état « {demande.get_etat_display()} » : elle n’attend pas de décision.",
            code="etat",
        )
    exiger_exercice_ouvert(demande.exercice)
    reevaluer(demande)
    demande.refresh_from_db(fields=["instance_gouvernance", "total_action", "raison_instance"])
    if demande.instance_gouvernance is None or demande.instance_gouvernance.genre != genre:
        raise ErreurMetier(AUTRE_INSTANCE.format(demande.instance_gouvernance or "à déterminer"))


def _reserver(demande: DemandeFonds, enveloppe: Enveloppe, montant: Decimal) -> Enveloppe:
    """Lock the envelope and check that it can still commit the amount, other grants and open ballots counted (R8)."""
    verrou = Enveloppe.objects.select_for_update(of=("self",)).get(pk=enveloppe.pk)
    jour = timezone.localdate()
    if verrou.du > jour or (verrou.au is not None and verrou.au < jour):
        raise ErreurMetier(f"L’enveloppe « {verrou} » n’est pas utilisable aujourd’hui : vérifiez ses dates.")
    libre = disponible(verrou, sauf=demande)
    if montant > libre:
        raise ErreurMetier(
            f"L’enveloppe « {verrou} » n’a plus que {ecrire_dollars(libre)} de disponible : "
            f"{ecrire_dollars(montant)} ne peuvent pas y être engagés."
        )
    return verrou


def _titre(demande: DemandeFonds, montant: Decimal | None) -> str:
    if montant is None:
        return f"Refus de la demande « {demande.titre} »"[:200]
    return f"Octroi de {ecrire_dollars(montant)} : {demande.titre}"[:200]


def texte_resolution(demande: DemandeFonds, enveloppe: Enveloppe | None, montant: Decimal | None) -> str:
    """Return the text of the resolution on a request; without an amount, it says no."""
    au_nom = demande.organisation or "la démarche"
    objet = f"la demande « {demande.titre} » déposée au nom de {au_nom} pour l’action « {demande.action_collective} »"
    if montant is None:
        return f"Il est résolu de ne pas accorder {objet}, au montant de {ecrire_dollars(demande.montant_demande)}."
    return (
        f"Il est résolu d’accorder {ecrire_dollars(montant)} sur {ecrire_dollars(demande.montant_demande)} demandés, "
        f"pour {objet}, à même l’enveloppe « {enveloppe} », exercice {demande.exercice}."
    )


def _conclure(
    demande: DemandeFonds,
    *,
    auteur: Utilisateur | None,
    montant: Decimal | None,
    motif: str,
    adoptee_le: datetime.date,
    scrutin: Scrutin | None = None,
    rencontre: Rencontre | None = None,
) -> Resolution:
    """Write the resolution and take the locked request to granted (with an amount) or refused (without)."""
    assert demande.instance_gouvernance is not None  # noqa: S101 - a submitted request has its instance
    resolution = inscrire_resolution(
        instance_gouvernance=demande.instance_gouvernance,
        exercice=demande.exercice,
        titre=_titre(demande, montant),
        texte=texte_resolution(demande, demande.enveloppe, montant),
        adoptee_le=adoptee_le,
        auteur=auteur,
        scrutin=scrutin,
        rencontre=rencontre,
    )
    passer(
        demande,
        VerbeDemande.REFUSER if montant is None else VerbeDemande.ACCORDER,
        auteur=auteur,
        montant_accorde=montant,
        motif_decision=motif,
        decidee_le=timezone.now(),
        decidee_par=auteur,
        resolution=resolution,
    )
    reevaluer(demande)
    notifications.annoncer_decision(demande)
    return resolution


@transaction.atomic
def decider_seul(
    demande_pk: int, *, auteur: Utilisateur, montant: Decimal | None, enveloppe: Enveloppe | None, motif: str
) -> DemandeFonds:
    """Grant (with an amount and an envelope) or refuse (with a reason) a request that the coordination decides alone.

    Errors: ErreurMetier when the request is for another instance, is the author's own, when the amount exceeds what is
            asked or what the envelope has left, or when a refusal has no reason.
    """
    demande = verrouiller_demande(demande_pk)
    if demande.demandeur_id == auteur.pk or demande.organisation in organisations_de(auteur):
        raise ErreurMetier("Vous ne pouvez pas décider de votre propre demande, ni de celle de votre organisation.")
    _exiger_instance(demande, GenreInstance.COORDINATION)
    if montant is None:
        if not motif.strip():
            raise ErreurMetier("Écrivez le motif du refus : la personne qui demande le recevra.")
    else:
        _verifier_montant(demande, montant)
        if enveloppe is None:
            raise ErreurMetier("Choisissez l’enveloppe qui paiera.")
        demande.enveloppe = _reserver(demande, enveloppe, montant)
    _conclure(demande, auteur=auteur, montant=montant, motif=motif, adoptee_le=timezone.localdate())
    return demande


def _verifier_montant(demande: DemandeFonds, montant: Decimal) -> None:
    if montant <= 0:
        raise ErreurMetier("Le montant accordé doit dépasser zéro.")
    if montant > demande.montant_demande:
        raise ErreurMetier(
            f"Le montant accordé ne peut pas dépasser le montant demandé, {ecrire_dollars(demande.montant_demande)}."
        )


@transaction.atomic
def ouvrir_deliberation(
    demande_pk: int, *, auteur: Utilisateur, enveloppe: Enveloppe, echeance: datetime.datetime
) -> Scrutin:
    """Open the comité's online ballot on a request, reserve its amount and write to each seat.

    The person who asks, if she holds a seat, stands aside at once (R4). Text, amount and electors are frozen.
    Errors: ErreurMetier when the request is for another instance, or the envelope has not enough left.
    """
    demande = verrouiller_demande(demande_pk)
    en_cours = demande.scrutin
    if demande.etat == EtatDemande.EN_DELIBERATION and en_cours is not None:
        return en_cours
    _exiger_instance(demande, GenreInstance.COMITE_PILOTAGE)
    assert demande.instance_gouvernance is not None  # noqa: S101 - just checked
    demande.enveloppe = _reserver(demande, enveloppe, demande.montant_demande)
    scrutin = ouvrir_scrutin(
        instance_gouvernance=demande.instance_gouvernance,
        question=_titre(demande, demande.montant_demande),
        texte=texte_resolution(demande, demande.enveloppe, demande.montant_demande),
        echeance=echeance,
        auteur=auteur,
        demandeur=demande.demandeur,
    )
    Deliberation.objects.create(demande=demande, scrutin=scrutin)
    passer(demande, VerbeDemande.OUVRIR, auteur=auteur)
    notifications.convoquer_au_scrutin(demande, scrutin)
    return scrutin


def appliquer_scrutin(scrutin: Scrutin) -> DemandeFonds | None:
    """Draw the consequence of a ballot just closed, in its transaction: granted, refused, or back to study.

    Without quorum the request waits for another ballot; when everybody stood aside it goes to the instance above (R4).
    """
    pk = Deliberation.objects.filter(scrutin=scrutin).values_list("demande_id", flat=True).first()
    if pk is None:
        return None
    demande = verrouiller_demande(pk)
    if scrutin.issue == Issue.SANS_QUORUM:
        minimale = demande.instance_minimale
        if scrutin.nb_recusations == scrutin.nb_electeurs:
            minimale = instance_au_dessus(InstanceDecision(scrutin.instance_gouvernance.genre))
        passer(demande, VerbeDemande.REPRENDRE, auteur=None, enveloppe=None, instance_minimale=minimale)
        reevaluer(demande)
        notifications.annoncer_sans_quorum(demande, scrutin)
        return demande
    if scrutin.issue == Issue.ADOPTEE and demande.enveloppe is not None:
        _reserver_deja(demande)
        montant: Decimal | None = demande.montant_demande
    else:
        montant = None
    _conclure(
        demande,
        auteur=None,
        montant=montant,
        motif=motif_du_scrutin(scrutin),
        adoptee_le=timezone.localdate(scrutin.clos_le) if scrutin.clos_le else timezone.localdate(),
        scrutin=scrutin,
    )
    return demande


def _reserver_deja(demande: DemandeFonds) -> None:
    """Lock the envelope of an adopted ballot; its amount was reserved at opening."""
    assert demande.enveloppe_id is not None  # noqa: S101 - a ballot opens with its envelope
    demande.enveloppe = Enveloppe.objects.select_for_update(of=("self",)).get(pk=demande.enveloppe_id)


def _compter(nombre: int, singulier: str, pluriel: str = "") -> str:
    """Return « 1 abstention », « 2 abstentions », « 0 abstention »."""
    return f"{nombre} {(pluriel or singulier + 's') if nombre >= 2 else singulier}"


def motif_du_scrutin(scrutin: Scrutin) -> str:
    """Return the reason the requester receives: the count, then the comments, without names."""
    lignes = [
        f"Vote du {scrutin.instance_gouvernance} : {scrutin.nb_pour} pour, {scrutin.nb_contre} contre, "
        f"{_compter(scrutin.nb_abstentions, 'abstention')}, {_compter(scrutin.nb_recusations, 'récusation')}, "
        f"sur {_compter(scrutin.nb_electeurs, 'siège pourvu', 'sièges pourvus')}."
    ]
    commentaires = Vote.objects.filter(electeur__scrutin=scrutin).exclude(commentaire="").order_by("commentaire")
    lignes += [f"« {vote.commentaire.strip()} »" for vote in commentaires]
    return "\n".join(lignes)


@transaction.atomic
def inscrire_decision_assemblee(
    demande_pk: int,
    *,
    auteur: Utilisateur,
    rencontre: Rencontre,
    enveloppe: Enveloppe | None,
    nb_presents: int,
    nb_pour: int,
    nb_contre: int,
    nb_abstentions: int,
    montant: Decimal | None = None,
    motif: str = "",
) -> DemandeFonds:
    """Record what the assemblée decided on a request, with its count; more for than against grants it.

    `montant`, when the assemblée granted less than what is asked; by default the whole.
    Errors: ErreurMetier when the request is for another instance, the meeting of another one or before the request,
            the count impossible, an amount given without a majority, or the envelope missing or short.
    """
    demande = verrouiller_demande(demande_pk)
    _exiger_instance(demande, GenreInstance.ASSEMBLEE)
    assert demande.instance_gouvernance is not None  # noqa: S101 - just checked
    if rencontre.instance_gouvernance_id != demande.instance_gouvernance_id:
        raise ErreurMetier("Choisissez une rencontre de l’assemblée des partenaires.")
    if rencontre.date > timezone.localdate():
        raise ErreurMetier("Cette rencontre n’a pas encore eu lieu.")
    if demande.soumise_le is not None and rencontre.date < timezone.localdate(demande.soumise_le):
        raise ErreurMetier("Cette rencontre a eu lieu avant le dépôt de la demande : choisissez-en une autre.")
    adoptee = nb_pour > nb_contre
    if montant is not None and not adoptee:
        raise ErreurMetier(
            {"montant": "La demande n’a pas plus de pour que de contre : elle est refusée. Videz ce montant."}
        )
    accorde = (montant if montant is not None else demande.montant_demande) if adoptee else None
    if accorde is not None:
        _verifier_montant(demande, accorde)
        if enveloppe is None:
            raise ErreurMetier("Choisissez l’enveloppe qui paiera.")
        demande.enveloppe = _reserver(demande, enveloppe, accorde)
    scrutin = inscrire_vote_compte(
        instance_gouvernance=demande.instance_gouvernance,
        rencontre=rencontre,
        question=_titre(demande, demande.montant_demande),
        texte=texte_resolution(demande, demande.enveloppe, demande.montant_demande),
        nb_presents=nb_presents,
        nb_pour=nb_pour,
        nb_contre=nb_contre,
        nb_abstentions=nb_abstentions,
        auteur=auteur,
    )
    Deliberation.objects.create(demande=demande, scrutin=scrutin)
    compte = (
        f"Vote de l’assemblée du {ecrire_date(rencontre.date)} : {nb_pour} pour, {nb_contre} contre, "
        f"{_compter(nb_abstentions, 'abstention')}, "
        f"{_compter(nb_presents, 'personne présente', 'personnes présentes')}."
    )
    _conclure(
        demande,
        auteur=auteur,
        montant=accorde,
        motif="\n".join(filter(None, [compte, motif.strip()])),
        adoptee_le=rencontre.date,
        scrutin=scrutin,
        rencontre=rencontre,
    )
    return demande
