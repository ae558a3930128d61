"""Payments on a grant: pay, reverse, release what will not be paid (R8). Nothing is edited, nothing is erased."""

import datetime
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from chantiers.demandes.enums import EtatDemande, GenreDecaissement
from chantiers.demandes.models import Decaissement, DemandeFonds
from chantiers.demandes.models.decaissements import MESSAGE_RECU
from chantiers.demandes.queries.deliberations import a_enteriner
from chantiers.demandes.services.demandes import reevaluer, verrouiller_demande
from chantiers.demandes.services.engagements import actualiser_engagement
from chantiers.finances import notifications
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.services.exercices import exiger_jour_ouvert
from demarche.registre.enums import GenreEvenement
from demarche.registre.protocoles import Rupture
from demarche.registre.services.lecture import LigneLue, confronter, ecarts
from demarche.registre.services.lignes import inscrire_evenement
from demarche.socle.champs import MontantField
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.francais import ecrire_date, ecrire_dollars
from demarche.socle.models import Document
from demarche.socle.services.documents import deposer_document
from demarche.socle.services.ecriture import affecter, ecrire, signer

HORS_EXERCICE = "Aucun exercice ne contient cette date : la coordination doit l’ajouter aux réglages."
AVANT_RATIFICATION = "La consultation a dit oui, mais la prochaine rencontre doit encore l’entériner."


def ce_qui_manque_pour_payer(demande: DemandeFonds) -> list[str]:
    """Return what stands in the way of any payment, as French sentences; the service refuses with it."""
    if demande.etat != EtatDemande.ACCORDEE:
        if a_enteriner(demande):
            return [AVANT_RATIFICATION]
        return [f"La demande n’est pas accordée : elle est à l’état « {demande.get_etat_display()} »."]
    if demande.montant_a_payer <= 0:
        return ["Tout ce qui était accordé est payé ou libéré : il ne reste rien à payer."]
    return []


def corps_decaissement(decaissement: Decaissement) -> dict[str, Any]:
    """Return what the register says of a payment or of its reversal, in clear."""
    return {
        "demande": decaissement.demande_id,
        "genre": decaissement.genre,
        "montant": f"{decaissement.montant:.2f}",
        "date": decaissement.date.isoformat(),
        "annule": decaissement.contrepasse_id,
        "recu": decaissement.recu_id,
    }


def secret_decaissement(decaissement: Decaissement) -> dict[str, Any]:
    """Return what the line of a payment commits to: to whom, what for, which cheque, why it was reversed."""
    return {
        "beneficiaire": decaissement.beneficiaire,
        "libelle": decaissement.libelle,
        "reference": decaissement.reference,
        "motif": decaissement.motif,
        "inscrit_par": decaissement.inscrit_par_id,
    }


@transaction.atomic
def decaisser(
    demande_pk: int,
    *,
    auteur: Utilisateur,
    genre: str,
    montant: Decimal,
    date: datetime.date,
    beneficiaire: str,
    libelle: str,
    reference: str = "",
    recu: "UploadedFile[bytes] | Document | None" = None,
) -> Decaissement:
    """Record one payment on a granted request and tell the demandeur; a part of what is granted, or all that remains.

    Errors: ErreurMetier, by field, when the request is not granted, when the payment exceeds what remains, is dated
            before the decision, in the future or in a closed exercice, or is a reimbursement without its receipt.
    """
    demande = verrouiller_demande(demande_pk)
    manque = ce_qui_manque_pour_payer(demande)
    if manque:
        raise ErreurMetier(manque[0], code="etat")
    _verifier_montant(demande, montant)
    exercice = _exercice_du_paiement(demande, date)
    if genre == GenreDecaissement.REMBOURSEMENT and recu is None:
        raise ErreurMetier({"recu": MESSAGE_RECU})
    if recu is not None and not isinstance(recu, Document):
        recu = _deposer_recu(recu, titre=f"Reçu : {libelle}", auteur=auteur)
    decaissement = Decaissement(
        demande=demande, exercice=exercice, genre=genre, montant=montant, date=date, recu=recu, inscrit_par=auteur
    )
    textes = {"beneficiaire": beneficiaire.strip(), "libelle": libelle.strip(), "reference": reference.strip()}
    ecrire(affecter(decaissement, textes), auteur=auteur)
    _resommer(demande, auteur=auteur, motif=f"Paiement de {ecrire_dollars(montant)}")
    _inscrire(GenreEvenement.DECAISSEMENT, decaissement)
    notifications.annoncer_paiement(decaissement)
    return decaissement


@transaction.atomic
def contrepasser(
    decaissement_pk: int, *, auteur: Utilisateur, motif: str, date: datetime.date | None = None
) -> Decaissement:
    """Reverse one payment by an entry of the same amount, negative: both stay in the book, the money is to pay again.

    Idempotent: a payment already reversed returns its reversal.
    Errors: ErreurMetier, by field, without a reason, for an entry that is itself a reversal, or dated before the
            payment, in the future or in a closed exercice.
    """
    demande_pk = Decaissement.objects.values_list("demande_id", flat=True).get(pk=decaissement_pk)
    demande = verrouiller_demande(demande_pk)
    origine = Decaissement.objects.select_related("contrepassation").get(pk=decaissement_pk)
    if hasattr(origine, "contrepassation"):
        deja: Decaissement = origine.contrepassation
        return deja
    jour = timezone.localdate() if date is None else date
    _verifier_contrepassation(origine, motif=motif, jour=jour)
    annulation = Decaissement(
        demande=demande,
        exercice=_exercice_ouvert(jour),
        genre=origine.genre,
        montant=-origine.montant,
        date=jour,
        beneficiaire=origine.beneficiaire,
        libelle=origine.libelle,
        reference=origine.reference,
        contrepasse=origine,
        inscrit_par=auteur,
    )
    ecrire(affecter(annulation, {"motif": motif.strip()}), auteur=auteur)
    _resommer(demande, auteur=auteur, motif=f"Annulation d’un paiement de {ecrire_dollars(origine.montant)}")
    _inscrire(GenreEvenement.CONTREPASSATION, annulation)
    notifications.annoncer_annulation_paiement(annulation)
    return annulation


def _verifier_contrepassation(origine: Decaissement, *, motif: str, jour: datetime.date) -> None:
    if origine.contrepasse_id is not None:
        raise ErreurMetier("Cette écriture en annule déjà une autre : inscrivez plutôt un nouveau paiement.")
    if not motif.strip():
        raise ErreurMetier({"motif": "Écrivez pourquoi ce paiement est annulé."})
    if jour < origine.date:
        raise ErreurMetier(
            {"date": f"Ce paiement est du {ecrire_date(origine.date)} : son annulation ne le précède pas."}
        )


@transaction.atomic
def liberer_solde(demande_pk: int, *, auteur: Utilisateur, motif: str) -> Decimal:
    """Give back to the envelope what is granted and will not be paid; return how much, zero when nothing remains.

    The total of the action falls: its requests that wait are evaluated again (R1).
    A payment reversed afterwards is to pay again: what was released stays released.
    Errors: ErreurMetier without a reason, or when the request is not granted.
    """
    demande = verrouiller_demande(demande_pk)
    if demande.etat != EtatDemande.ACCORDEE:
        raise ErreurMetier(ce_qui_manque_pour_payer(demande)[0], code="etat")
    solde = demande.montant_a_payer
    if solde == 0:
        return solde
    if not motif.strip():
        raise ErreurMetier({"motif": "Écrivez pourquoi ce solde ne sera pas payé."})
    _exercice_ouvert(timezone.localdate())
    demande.montant_libere += solde
    demande.version += 1
    signer(demande, auteur, f"Libération de {ecrire_dollars(solde)} : {motif.strip()}").save()
    actualiser_engagement(demande.enveloppe_id)
    reevaluer(demande)
    corps = {"demande": demande.pk, "montant": f"{solde:.2f}"}
    inscrire_evenement(GenreEvenement.LIBERATION, f"demande {demande.pk}", corps=corps)
    notifications.annoncer_liberation(demande, montant=solde, motif=motif.strip())
    return solde


def _verifier_montant(demande: DemandeFonds, montant: Decimal) -> None:
    if montant <= 0:
        raise ErreurMetier({"montant": "Le montant payé doit dépasser zéro."})
    if montant > demande.montant_a_payer:
        raise ErreurMetier(
            {"montant": f"Il reste {ecrire_dollars(demande.montant_a_payer)} à payer sur cette demande, pas plus."}
        )


def _exercice_du_paiement(demande: DemandeFonds, date: datetime.date) -> Exercice:
    """Return the open exercice of a payment dated between the decision and today."""
    assert demande.resolution is not None  # noqa: S101 - a granted request has its resolution
    decision = demande.resolution.adoptee_le
    if date < decision:
        raise ErreurMetier({"date": f"La décision est du {ecrire_date(decision)} : aucun paiement ne la précède."})
    return _exercice_ouvert(date)


def _exercice_ouvert(date: datetime.date) -> Exercice:
    if date > timezone.localdate():
        raise ErreurMetier({"date": "Cette date est à venir : inscrivez ce qui est fait."})
    exercice = exiger_jour_ouvert(date, champ="date")
    if exercice is None:
        raise ErreurMetier({"date": HORS_EXERCICE})
    return exercice


def _deposer_recu(fichier: "UploadedFile[bytes]", *, titre: str, auteur: Utilisateur) -> Document:
    try:
        return deposer_document(fichier=fichier, titre=titre, auteur=auteur)
    except ErreurMetier as erreur:
        raise ErreurMetier({"recu": erreur.messages}) from erreur


def _resommer(demande: DemandeFonds, *, auteur: Utilisateur, motif: str) -> None:
    """Write again what is paid on a locked request: the sum of its entries, never an addition."""
    somme = Coalesce(Sum("montant"), Decimal(0), output_field=MontantField())
    demande.montant_paye = demande.decaissements.aggregate(somme=somme)["somme"]
    demande.version += 1
    signer(demande, auteur, motif).save()


def _inscrire(genre: GenreEvenement, decaissement: Decaissement) -> None:
    inscrire_evenement(
        genre,
        f"decaissement {decaissement.pk}",
        corps=corps_decaissement(decaissement),
        secret=secret_decaissement(decaissement),
    )


def controler_decaissements() -> Iterator[Rupture]:
    """Compare each payment, and each entry that reverses one, with its line in the register (R7, R8)."""

    def comparer(decaissement: Decaissement, lignes: Sequence[LigneLue]) -> Iterator[Rupture]:
        if not lignes:
            yield Rupture(None, f"decaissement {decaissement.pk}", "aucune ligne ne dit ce paiement.")
            return
        yield from ecarts(
            lignes[0],
            corps=corps_decaissement(decaissement),
            secret=secret_decaissement(decaissement),
            engage="à qui, pour quoi et par quelle référence ce paiement est fait",
        )
        if not decaissement.exercice.contient(decaissement.date):
            yield lignes[0].dit("dans la base, ce paiement est compté dans un exercice qui ne contient pas sa date.")
        for ligne in lignes[1:]:
            yield ligne.dit(f"ce paiement était déjà inscrit à la ligne {lignes[0].numero}.")

    yield from confronter(
        "decaissement",
        Decaissement.objects.select_related("exercice"),
        comparer,
        disparue="le paiement dont elle parle n’existe plus.",
    )
