"""Conclude a fund request with its resolution; the coordination’s own decision (R1, R4, R7)."""

import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from chantiers.budget.models import Enveloppe
from chantiers.demandes import notifications
from chantiers.demandes.enums import EtatDemande, VerbeDemande
from chantiers.demandes.models import DemandeFonds
from chantiers.demandes.queries.demandes import commentaires_de
from chantiers.demandes.queries.engagements import apres_octroi
from chantiers.demandes.services.demandes import passer, reevaluer, verrouiller_demande
from chantiers.demandes.services.engagements import reserver
from chantiers.demandes.services.manques import ce_qui_manque_pour_accorder, exiger_complet
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import GenreInstance, Issue
from demarche.gouvernance.models import InstanceGouvernance, Rencontre, Resolution
from demarche.gouvernance.services.exercices import exiger_exercice_ouvert
from demarche.registre.services.lignes import Faits
from demarche.scrutins.models import Scrutin
from demarche.scrutins.services.resolutions import exercice_de_l_adoption, inscrire_resolution
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.francais import compter, ecrire_date, ecrire_dollars
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


def titre_resolution(demande: DemandeFonds, montant: Decimal | None) -> str:
    if montant is None:
        return f"Refus de la demande « {demande.titre} »"[:200]
    return f"Octroi de {ecrire_dollars(montant)} : {demande.titre}"[:200]


MOTIFS = "\nPour ces motifs : "


def motifs_du_texte(texte: str) -> str:
    """Return the reasons that `texte_resolution` wrote at the end of a text put to the vote; empty without any."""
    avant, trouve, motifs = texte.rpartition(MOTIFS)
    return motifs if trouve else ""


def texte_resolution(
    demande: DemandeFonds,
    enveloppe: Enveloppe | None,
    montant: Decimal | None,
    conditions: str = "",
    motifs: str = "",
) -> str:
    """Return the text of the resolution on a request; without an amount, it says no."""
    au_nom = f"au nom de {demande.organisation or 'la démarche'}"
    par = "par une personne citoyenne" if demande.est_personnelle else au_nom
    objet = f"la demande « {demande.titre} » déposée {par} pour l’action « {demande.action_collective} »"
    if montant is None:
        return f"Il est résolu de ne pas accorder {objet}, au montant de {ecrire_dollars(demande.montant_demande)}."
    texte = (
        f"Il est résolu d’accorder {ecrire_dollars(montant)} sur {ecrire_dollars(demande.montant_demande)} demandés, "
        f"pour {objet}, à même l’enveloppe « {enveloppe} », exercice {demande.exercice}."
    )
    if conditions.strip():
        texte = f"{texte}\nAux conditions suivantes : {conditions.strip()}"
    return f"{texte}{MOTIFS}{motifs.strip()}" if motifs.strip() else texte


def motif_du_scrutin(scrutin: Scrutin, motif: str = "") -> str:
    """Return the reason the requester receives: the one the meeting kept, or the one adopted, then the count."""
    qui = scrutin.instance_gouvernance
    ou = f" du {ecrire_date(scrutin.rencontre.date)}" if scrutin.rencontre else ""
    voix = (
        compter(scrutin.nb_presents, "personne présente", "personnes présentes")
        if scrutin.nb_presents is not None
        else f"sur {compter(scrutin.nb_electeurs, 'voix appelée', 'voix appelées')}"
    )
    motifs = motif or (motifs_du_texte(scrutin.texte) if scrutin.issue == Issue.ADOPTEE else "")
    compte = (
        f"Vote de l’instance « {qui} »{ou} : {scrutin.nb_pour} pour, {scrutin.nb_contre} contre, "
        f"{compter(scrutin.nb_abstentions, 'abstention')}, {compter(scrutin.nb_recusations, 'récusation')}, {voix}."
    )
    return f"{motifs}\n{compte}" if motifs else compte


def reperes_de(demande: DemandeFonds) -> dict[str, Any]:
    """Return what the register says in clear of a request put to the vote or decided, frozen meanwhile."""
    return {
        "demande": demande.pk,
        "montant_demande": f"{demande.montant_demande:.2f}",
        "enveloppe": demande.enveloppe_id,
        "exercice": demande.exercice_id,
        "action": demande.action_collective_id,
        "organisation": demande.organisation_id,
    }


def _en_texte(montant: Decimal | None) -> str | None:
    return None if montant is None else f"{montant:.2f}"


def faits_resolution(demande: DemandeFonds, montant: Decimal | None, *, motif: str, conditions: str) -> Faits:
    """Return what the register tells of the request a resolution decides on; no amount for a refusal."""
    accorde = {
        "montant": _en_texte(montant),
        "instance": demande.instance_gouvernance_id,
        "reste_enveloppe": _en_texte(demande.reste_enveloppe),
        "reste_surplus": _en_texte(demande.reste_surplus),
    }
    secret = {
        "titre": demande.titre,
        "demandeur": demande.demandeur_id,
        "conditions": conditions,
        "motif": motif,
    }
    return Faits({**reperes_de(demande), **accorde}, secret)


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
