"""Deciding on a request: what the pages show, what the resolution says, what the register keeps, the letter."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from chantiers.budget.models import Enveloppe
from chantiers.demandes.enums import SensMotif
from chantiers.demandes.models import DemandeFonds, MotifType
from chantiers.demandes.queries.engagements import ApresDecision, restes_apres
from chantiers.demandes.queries.redaction import CoutTotal, cout_total
from chantiers.demandes.queries.regles_allocation import Attribution, CumulPorteur, attribution_de, cumuls_de
from demarche.comptes.enums import Role
from demarche.comptes.models import RoleAttribue, Utilisateur
from demarche.gouvernance.enums import Issue
from demarche.gouvernance.models import Demarche
from demarche.registre.services.lignes import Faits
from demarche.scrutins.models import Scrutin, Vote
from demarche.socle.couleurs import jetons
from demarche.socle.francais import compter, ecrire_date, ecrire_dollars
from demarche.socle.pdf import render_pdf


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


def faits_de(demande: DemandeFonds, montant: Decimal, conditions: str, motif: str = "") -> Faits:
    """Return what the register tells of the request put to the vote; `motif` is the one a meeting kept."""
    secret = {"conditions": conditions.strip(), "motif": motif.strip()}
    return Faits({**reperes_de(demande), "montant": f"{montant:.2f}"}, secret)


def commentaires_de(demande: DemandeFonds) -> list[str]:
    """Return what was written with the votes of the ballot that decided on a request, without names."""
    if demande.resolution is None:
        return []
    votes = Vote.objects.filter(electeur__scrutin__resolution=demande.resolution).exclude(commentaire="")
    return [commentaire.strip() for commentaire in votes.order_by("commentaire").values_list("commentaire", flat=True)]


def motifs_actifs(*sens: SensMotif) -> list[MotifType]:
    """Return the reasons offered for these purposes, in order."""
    return list(MotifType.objects.filter(sens__in=sens, est_actif=True))


@dataclass(frozen=True)
class Contact:
    """Who to write to about a decision."""

    nom: str
    courriel: str


def contact_de_la_coordination() -> Contact | None:
    """Return who coordinates today; None when the seat is empty."""
    roles = RoleAttribue.objects.en_vigueur(timezone.localdate()).filter(role=Role.COORDONNATEUR)
    role = roles.select_related("utilisateur").order_by("du", "pk").first()
    personne: Utilisateur | None = role.utilisateur if role else None
    return Contact(str(personne), personne.email) if personne else None


def pdf_lettre(demande: DemandeFonds, demarche: Demarche | None) -> bytes:
    """Return the tagged PDF of the letter on a decided request.

    Errors: RessourceRefusee when the machine lacks a part.
    """
    contexte = {
        "demande": demande,
        "commentaires": commentaires_de(demande),
        "demarche": demarche,
        "contact": contact_de_la_coordination(),
        "gestionnaire": demande.enveloppe.gestionnaire if demande.enveloppe else "",
    }
    return render_pdf(
        render_to_string("pdf/lettre_decision.html", contexte),
        titre=f"Décision – {demande.titre}",
        auteur=demarche.nom if demarche else "",
        feuilles=("css/pdf.css", "css/pdf_lettre.css"),
        jetons=jetons(demarche.couleur) if demarche else None,
    )


@dataclass(frozen=True)
class DossierADecider:
    """What a page that decides on a request shows beside its form."""

    demande: DemandeFonds
    attribution: Attribution
    cout: CoutTotal | None
    cumul: CumulPorteur | None
    restes: list[ApresDecision]
    manque: list[str]


def dossier_a_decider(demande: DemandeFonds, *, manque: list[str], montant: Decimal | None = None) -> DossierADecider:
    """Return the file of a request; `montant` is what the form proposes, when it is not the amount asked for."""
    restes = restes_apres(demande)
    return DossierADecider(
        demande=demande,
        attribution=attribution_de(demande),
        cout=cout_total(demande),
        cumul=cumuls_de([demande]).get(demande.pk),
        restes=[replace(reste, montant=montant) for reste in restes] if montant else restes,
        manque=manque,
    )
