"""Write a request, change it, attach files to it, withdraw it; changing it during a ballot cancels the ballot."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from chantiers.demandes import notifications
from chantiers.demandes.enums import MODIFIABLES, EtatDemande, VerbeDemande
from chantiers.demandes.models import (
    ApportDemande,
    Deliberation,
    DemandeFonds,
    OrganisationConcernee,
    PieceDemande,
    PosteDemande,
)
from chantiers.demandes.permissions import intervient
from chantiers.demandes.queries.demandes import ce_que_modifier_annule
from chantiers.demandes.queries.redaction import Contenu, apports_de, concernees_de, contenu_change, postes_de
from chantiers.demandes.services.deliberations import abandonner_deliberation
from chantiers.demandes.services.demandes import passer, reevaluer, reevaluer_action, verrouiller_demande
from demarche.comptes.models import Utilisateur
from demarche.scrutins.models import Scrutin
from demarche.scrutins.services.scrutins import clore_si_echu
from demarche.socle.concurrence import MESSAGE_CONFLIT
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.francais import ecrire_dollars
from demarche.socle.services.documents import deposer_document
from demarche.socle.services.ecriture import signer

NE_CHANGE_PLUS = "Cette demande est à l’état « {} » : elle ne se modifie plus."


SANS_MOT = "Écrivez pourquoi : la personne qui demande le recevra par courriel."


PIECES_FIGEES = (
    "Un scrutin est ouvert sur ce dossier : ses pièces ne changent plus. Modifiez d’abord la demande; le scrutin "
    "s’annule, et vous joindrez ensuite votre document."
)


@transaction.atomic
def enregistrer_demande(
    demande: DemandeFonds | None,
    *,
    auteur: Utilisateur,
    version: int | None = None,
    confirme: bool = False,
    mot: str = "",
    **contenu: Any,
) -> DemandeFonds:
    """Create a draft, or change a request not decided yet; `contenu` are the fields of `Contenu`.

    Submitted, the request and its sisters are evaluated again. During a ballot, a change confirmed with `confirme`
    cancels the ballot, whose electors are notified, and takes the request back to study; without change, nothing is
    written nor cancelled. After submission, an editor who is not an author must give a reason (`mot`); it is kept
    with the request and sent to the demandeur.
    Errors: ErreurMetier when there is no line, when the exercice is closed, when the request is decided, when somebody
            changed it since `version`, or when a ballot is open and nothing confirms that it falls.
    """
    voulu = Contenu(**contenu)
    if demande is None:
        voulu.verifier()
        return ecrire_contenu(DemandeFonds(demandeur=auteur), voulu, auteur=auteur)
    _clore_scrutin_echu(demande.pk)
    ligne = verrouiller_demande(demande.pk)
    if not contenu_change(ligne, voulu):
        return ligne
    if ligne.etat not in MODIFIABLES:
        raise ErreurMetier(NE_CHANGE_PLUS.format(ligne.get_etat_display()), code="etat")
    if version is not None and ligne.version != version:
        raise ErreurMetier(MESSAGE_CONFLIT, code="conflit")
    exiger_mot(ligne, mot, auteur=auteur)
    voulu.verifier(ligne)
    if ligne.etat == EtatDemande.EN_DELIBERATION:
        if not confirme:
            raise ErreurMetier(
                {"confirme": f"{ce_que_modifier_annule(ligne)} Cochez la case pour le confirmer."}, code="a_confirmer"
            )
        abandonner_deliberation(ligne, motif=_pourquoi_annuler(ligne, voulu), auteur=auteur)
        ligne.refresh_from_db()
    ligne.mot_de_l_equipe = mot.strip()
    ecrire_contenu(ligne, voulu, auteur=auteur)
    if ligne.mot_de_l_equipe:
        notifications.annoncer_intervention(ligne)
    return ligne


def exiger_mot(demande: DemandeFonds, mot: str, *, auteur: Utilisateur) -> None:
    """Require a reason from an editor who is not an author, once the request is submitted.

    Errors: ErreurMetier beside the field `mot`.
    """
    if intervient(auteur, demande) and not mot.strip():
        raise ErreurMetier({"mot": SANS_MOT})


def _clore_scrutin_echu(demande_pk: int) -> None:
    """Close the ballot of the request if its deadline has passed: a late scheduler never changes a result."""
    echus = Scrutin.objects.echus(timezone.now())
    deliberations = Deliberation.objects.filter(demande=demande_pk, scrutin__in=echus)
    for pk in deliberations.values_list("scrutin_id", flat=True):
        clore_si_echu(pk)


def _pourquoi_annuler(demande: DemandeFonds, voulu: Contenu) -> str:
    if voulu.montant == demande.montant_demande:
        return "La demande a été modifiée pendant le scrutin; le montant demandé reste le même."
    return (
        "La demande a été modifiée pendant le scrutin : le montant demandé passe de "
        f"{ecrire_dollars(demande.montant_demande)} à {ecrire_dollars(voulu.montant)}."
    )


@transaction.atomic
def retirer_demande(demande_pk: int, *, auteur: Utilisateur, mot: str = "") -> DemandeFonds:
    """Withdraw a request not decided yet; its open ballot is cancelled and its electors are notified. Idempotent.

    Errors: ErreurMetier when somebody else than its writers withdraws it without saying why in `mot`.
    """
    _clore_scrutin_echu(demande_pk)
    demande = verrouiller_demande(demande_pk)
    if demande.etat == EtatDemande.RETIREE:
        return demande
    exiger_mot(demande, mot, auteur=auteur)
    if demande.etat == EtatDemande.EN_DELIBERATION:
        abandonner_deliberation(demande, motif="La demande a été retirée pendant le scrutin.", auteur=auteur)
        demande.refresh_from_db()
    passer(demande, VerbeDemande.RETIRER, auteur=auteur, mot_de_l_equipe=mot.strip())
    reevaluer(demande)
    if demande.mot_de_l_equipe:
        notifications.annoncer_intervention(demande)
    return demande


@transaction.atomic
def joindre_piece(
    demande: DemandeFonds, *, auteur: Utilisateur, titre: str, fichier: "UploadedFile[bytes]"
) -> PieceDemande:
    """Attach one file to a request not decided yet; the readers of the request may open it."""
    verrou = _verrouiller_pour_pieces(demande.pk)
    document = deposer_document(fichier=fichier, titre=titre, auteur=auteur)
    piece = PieceDemande.objects.create(demande=verrou, document=document)
    _noter_pieces(verrou, auteur, "Pièce jointe")
    return piece


@transaction.atomic
def retirer_piece(piece: PieceDemande, *, auteur: Utilisateur | None = None) -> None:
    """Detach one file from a request not decided yet; the document itself stays in the history."""
    verrou = _verrouiller_pour_pieces(piece.demande_id)
    signer(piece, auteur, "Pièce retirée").delete()
    _noter_pieces(verrou, auteur, "Pièce retirée")


def _verrouiller_pour_pieces(demande_pk: int) -> DemandeFonds:
    demande = verrouiller_demande(demande_pk)
    if demande.etat == EtatDemande.EN_DELIBERATION:
        raise ErreurMetier(PIECES_FIGEES, code="etat")
    if demande.etat not in MODIFIABLES:
        raise ErreurMetier(
            f"Cette demande est à l’état « {demande.get_etat_display()} » : ses pièces ne changent plus.", code="etat"
        )
    return demande


def _noter_pieces(demande: DemandeFonds, auteur: Utilisateur | None, motif: str) -> None:
    """Raise the version of a submitted request: a decision made on the old file is refused."""
    if demande.etat != EtatDemande.BROUILLON:
        demande.version += 1
        signer(demande, auteur, motif).save()


def ecrire_contenu(demande: DemandeFonds, voulu: Contenu, *, auteur: Utilisateur) -> DemandeFonds:
    """Write a content checked on a new or locked request, and evaluate again the actions whose total it changes."""
    nouvelle = demande.pk is None
    avant = None if nouvelle else (demande.action_collective_id, demande.exercice_id)
    for nom, valeur in voulu.champs.items():
        setattr(demande, nom, valeur)
    if nouvelle:
        signer(demande, auteur, "Rédaction").save()
    else:
        demande.version += 1
        signer(demande, auteur, "Modification").save()
    if nouvelle or postes_de(demande) != list(voulu.postes):
        demande.postes.all().delete()
        for poste in voulu.postes:
            PosteDemande.objects.create(demande=demande, libelle=poste.libelle, montant=poste.montant)
    if nouvelle or apports_de(demande) != list(voulu.apports):
        demande.apports.all().delete()
        for apport in voulu.apports:
            ApportDemande.objects.create(demande=demande, **vars(apport))
    if concernees_de(demande) != {organisation.pk for organisation in voulu.concernees}:
        demande.concernees.exclude(organisation__in=voulu.concernees).delete()
        for organisation in voulu.concernees:
            OrganisationConcernee.objects.get_or_create(demande=demande, organisation=organisation)
    if avant is not None and demande.etat != EtatDemande.BROUILLON:
        if avant != (demande.action_collective_id, demande.exercice_id):
            reevaluer_action(*avant)
        reevaluer(demande, sans_avis=True)
        demande.refresh_from_db()
    return demande
