"""Conclude a fund request with its resolution; the coordination decides alone (R1, R4, R7); the library of reasons."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from chantiers.budget.models import Enveloppe
from chantiers.demandes import notifications
from chantiers.demandes.enums import EtatDemande, SensMotif, VerbeDemande
from chantiers.demandes.models import DemandeFonds, MotifType
from chantiers.demandes.queries.decisions import commentaires_de, faits_resolution, texte_resolution, titre_resolution
from chantiers.demandes.queries.demandes import ce_qui_manque_pour_accorder, exiger_complet
from chantiers.demandes.queries.engagements import apres_octroi
from chantiers.demandes.services.demandes import passer, reevaluer, verrouiller_demande
from chantiers.demandes.services.engagements import reserver
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import InstanceGouvernance, Rencontre, Resolution
from demarche.gouvernance.services.exercices import exiger_exercice_ouvert
from demarche.scrutins.models import Scrutin
from demarche.scrutins.services.resolutions import exercice_de_l_adoption, inscrire_resolution
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.francais import ecrire_dollars
from demarche.socle.services.ecriture import a_change, affecter, ecrire
from partenaires.permissions import organisations_de

A_CHANGE = (
    "La demande a changé pendant que vous lisiez cette page. Rien n’est inscrit : relisez-la ci-contre, puis "
    "recommencez."
)


AUTRE_INSTANCE = "Cette demande relève de l’instance « {} »."


def exiger_version(demande: DemandeFonds, version: int | None) -> None:
    """Refuse to decide blindly on a request that changed since the author read it; None asks nothing.

    Errors: ErreurMetier, what was typed stays on the page.
    """
    if version is not None and demande.version != version:
        raise ErreurMetier(A_CHANGE, code="conflit")


def exiger_attente(demande: DemandeFonds) -> InstanceGouvernance:
    """Return the instance that decides on a locked request as it stands now.

    Errors: ErreurMetier unless the request waits for a decision, in an open exercice.
    """
    if demande.etat != EtatDemande.SOUMISE:
        raise ErreurMetier(
            f"Cette demande est à l’état « {demande.get_etat_display()} » : elle n’attend pas de décision.",
            code="etat",
        )
    exiger_exercice_ouvert(demande.exercice)
    reevaluer(demande)
    demande.refresh_from_db(fields=["instance_gouvernance", "total_action", "raison_instance"])
    if demande.instance_gouvernance is None:
        raise ErreurMetier(AUTRE_INSTANCE.format("à déterminer"))
    return demande.instance_gouvernance


def conclure(
    demande: DemandeFonds,
    *,
    auteur: Utilisateur | None,
    montant: Decimal | None,
    motif: str,
    adoptee_le: datetime.date,
    conditions: str = "",
    scrutin: Scrutin | None = None,
    rencontre: Rencontre | None = None,
) -> Resolution:
    """Write the resolution and take the locked request to granted (with an amount) or refused (without).

    It is numbered in the exercice of the day of adoption, whatever the one the request is for (R7).
    Adopted by a ballot, the resolution is the text that was voted, whatever was renamed since.
    """
    assert demande.instance_gouvernance is not None  # noqa: S101 - a submitted request has its instance
    conditions = conditions.strip() if montant is not None else ""
    vote = scrutin if montant is not None else None
    if apres := apres_octroi(demande, montant or Decimal(0)):
        demande.reste_enveloppe, demande.reste_surplus = apres.reste, apres.reste_surplus
    resolution = inscrire_resolution(
        instance_gouvernance=demande.instance_gouvernance,
        exercice=exercice_de_l_adoption(adoptee_le),
        titre=vote.question if vote else titre_resolution(demande, montant),
        texte=vote.texte if vote else texte_resolution(demande, demande.enveloppe, montant, conditions),
        adoptee_le=adoptee_le,
        auteur=auteur,
        scrutin=scrutin,
        rencontre=rencontre,
        faits=faits_resolution(demande, montant, motif=motif, conditions=conditions),
    )
    passer(
        demande,
        VerbeDemande.REFUSER if montant is None else VerbeDemande.ACCORDER,
        auteur=auteur,
        montant_accorde=montant,
        montant_reserve=Decimal(0),
        conditions=conditions,
        motif_decision=motif,
        decidee_le=timezone.now(),
        decidee_par=auteur,
        resolution=resolution,
    )
    reevaluer(demande)
    notifications.annoncer_decision(demande, commentaires=commentaires_de(demande))
    return resolution


def verifier_montant(demande: DemandeFonds, montant: Decimal) -> None:
    """Refuse an amount that is not between zero and what is asked (R8)."""
    if montant <= 0:
        raise ErreurMetier({"montant": "Le montant accordé doit dépasser zéro."})
    if montant > demande.montant_demande:
        raise ErreurMetier(
            {
                "montant": "Le montant accordé ne peut pas dépasser le montant demandé, "
                f"{ecrire_dollars(demande.montant_demande)}."
            }
        )


@transaction.atomic
def decider_seul(
    demande_pk: int,
    *,
    auteur: Utilisateur,
    montant: Decimal | None,
    enveloppe: Enveloppe | None,
    motif: str,
    conditions: str = "",
    version: int | None = None,
) -> DemandeFonds:
    """Grant (with an amount and an envelope) or refuse (with a reason) a request that the coordination decides alone.

    `version` is that of the request as the author read it.
    Errors: ErreurMetier when the request changed since, is for another instance, is the author's own, when the amount
            exceeds what is asked or what the envelope has left, or when a refusal has no reason.
    """
    demande = verrouiller_demande(demande_pk)
    exiger_version(demande, version)
    if demande.demandeur_id == auteur.pk or demande.organisation in organisations_de(auteur):
        raise ErreurMetier("Vous ne pouvez pas décider de votre propre demande, ni de celle de votre organisation.")
    instance = exiger_attente(demande)
    if instance.genre != GenreInstance.COORDINATION:
        raise ErreurMetier(AUTRE_INSTANCE.format(instance))
    if montant is None:
        if not motif.strip():
            raise ErreurMetier({"motif": "Écrivez le motif du refus : la personne qui demande le recevra."})
    else:
        verifier_montant(demande, montant)
        if enveloppe is None:
            exiger_complet(ce_qui_manque_pour_accorder(demande))
            raise ErreurMetier({"enveloppe": "Choisissez l’enveloppe qui paiera."})
        demande.enveloppe = reserver(demande, enveloppe, montant)
    conclure(
        demande, auteur=auteur, montant=montant, motif=motif, conditions=conditions, adoptee_le=timezone.localdate()
    )
    return demande


AUTRE_CHOIX = "Ce motif explique un autre choix : « {} »."


# Ours: no reference document gives reasons; each démarche keeps, changes or adds its own.
MOTIFS_PROPOSES: dict[SensMotif, tuple[str, ...]] = {
    SensMotif.ACCORD: (
        "La demande répond à un besoin nommé par le milieu et correspond au plan d’action.",
        "L’action rejoint des personnes que les services actuels ne rejoignent pas.",
        "Les partenaires mobilisés et les apports confirmés rendent l’action réaliste.",
        "Une partie du montant est accordée, pour que d’autres actions soient aussi soutenues.",
    ),
    SensMotif.REFUS: (
        "L’enveloppe de l’année ne suffit pas à toutes les demandes reçues; vous pourrez demander de nouveau.",
        "La dépense relève d’un autre bailleur; nous pouvons vous aider à le joindre.",
        "Le lien avec le plan d’action de la démarche n’est pas assez clair pour l’instant.",
        "Une action semblable est déjà soutenue sur le territoire; nous vous proposons de vous y joindre.",
    ),
    SensMotif.PRECISIONS: (
        "Pouvez-vous joindre une soumission ou un devis pour la dépense la plus importante?",
        "Qui d’autre soutient l’action, et pour combien?",
        "Combien de personnes pensez-vous rejoindre, et comment le saurez-vous?",
        "L’action peut-elle se tenir avec une partie du montant? Dites-nous ce que vous feriez alors.",
    ),
}


@transaction.atomic
def enregistrer_motif(motif: MotifType | None, *, donnees: Mapping[str, Any], auteur: Utilisateur) -> MotifType:
    """Add one reason at the end of its list, or change one; decisions already taken keep the words they were given.

    Errors: ErreurMetier, by field, when the list already has it.
    """
    ligne = motif or MotifType()
    ancien_sens = ligne.sens
    affecter(ligne, donnees)
    if ligne.pk is None or ligne.sens != ancien_sens:
        ligne.ordre = _prochain_rang(ligne.sens)
    return ecrire(ligne, auteur=auteur) if a_change(ligne) else ligne


def _prochain_rang(sens: str) -> int:
    return (MotifType.objects.filter(sens=sens).aggregate(dernier=Max("ordre"))["dernier"] or 0) + 1


@transaction.atomic
def monter_motif(motif_pk: int, *, auteur: Utilisateur) -> None:
    """Move one reason one place up in its list; the first stays first."""
    motif = MotifType.objects.get(pk=motif_pk)
    rangs = list(MotifType.objects.select_for_update().filter(sens=motif.sens))
    place = rangs.index(motif)
    if place:
        rangs[place - 1], rangs[place] = rangs[place], rangs[place - 1]
    for ordre, ligne in enumerate(rangs, start=1):
        if ligne.ordre != ordre:
            ligne.ordre = ordre
            ecrire(ligne, auteur=auteur, motif="Ordre de la liste")


@transaction.atomic
def ajouter_motifs_proposes(*, auteur: Utilisateur) -> int:
    """Add the reasons the software proposes that the library does not have yet, and return how many; idempotent."""
    ajoutes = 0
    for sens, textes in MOTIFS_PROPOSES.items():
        for texte in textes:
            if not MotifType.objects.filter(sens=sens, texte=texte).exists():
                ecrire(MotifType(sens=sens, texte=texte, ordre=_prochain_rang(sens)), auteur=auteur)
                ajoutes += 1
    return ajoutes
