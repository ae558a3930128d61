"""Fund requests: write, submit, withdraw; every change of state goes through one door."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from chantiers import notifications
from chantiers.allocation import Attribution, attribuer, plus_haute
from chantiers.enums import TRANSITIONS_DEMANDE, EtatDemande, InstanceDecision, VerbeDemande
from chantiers.models import ActionCollective, DemandeFonds, PieceDemande, PosteDemande, RegleAllocation
from chantiers.queries import autres_parts
from demarche.concurrence import MESSAGE_CONFLIT
from demarche.enums import GenreInstance, Role
from demarche.erreurs import ErreurMetier
from demarche.models import Exercice, InstanceGouvernance, RoleAttribue, Utilisateur
from demarche.services.documents import deposer_document
from demarche.services.ecriture import signer
from demarche.services.exercices import exiger_exercice_ouvert
from demarche.services.registre_decisions import tenir_registre
from partenaires.models import Affiliation, Organisation

from .engagements import actualiser_engagement

PROPRE_DEMANDE = (
    "La coordination ne décide ni de sa propre demande, ni de celle de son organisation : "
    "le comité de pilotage décide."
)
SANS_REGLE = "Aucune règle d’allocation n’est en vigueur : la coordination doit l’inscrire aux réglages."
TOUS_RECUSES = "Toutes les personnes appelées se sont récusées : l’instance suivante décide."


@dataclass(frozen=True)
class Poste:
    """One line of the breakdown as typed; amount in CAD."""

    libelle: str
    montant: Decimal


def verrouiller_demande(pk: int) -> DemandeFonds:
    """Lock the register, the action, then its request, in that order everywhere, and return the request."""
    tenir_registre()
    action_pk = DemandeFonds.objects.values_list("action_collective_id", flat=True).get(pk=pk)
    ActionCollective.objects.select_for_update(of=("self",)).get(pk=action_pk)
    return (
        DemandeFonds.objects.select_for_update(of=("self",))
        .select_related("action_collective", "exercice", "regle", "instance_gouvernance", "demandeur", "organisation")
        .get(pk=pk)
    )


def passer(demande: DemandeFonds, verbe: VerbeDemande, *, auteur: Utilisateur | None, **champs: Any) -> None:
    """Take a locked request through one verb of TRANSITIONS_DEMANDE and save it: the only place that writes `etat`.

    `auteur` signs the history; None when a ballot, and nobody in particular, decided.
    Errors: ErreurMetier when the verb does not apply to the state.
    """
    ancienne = DemandeFonds.objects.values_list("enveloppe_id", flat=True).get(pk=demande.pk)
    etat = TRANSITIONS_DEMANDE.get((demande.etat, verbe))
    if etat is None:
        raise ErreurMetier(
            f"Impossible de « {verbe.label.lower()} » : la demande est à l’état « {demande.get_etat_display()} ».",
            code="etat",
        )
    demande.etat = etat
    for nom, valeur in champs.items():
        setattr(demande, nom, valeur)
    demande.version += 1
    signer(demande, auteur, verbe.label).save()
    actualiser_engagement(ancienne, demande.enveloppe_id)


def ce_qui_manque(demande: DemandeFonds) -> list[str]:
    """Return what is missing before the request can be submitted, as French sentences; the service refuses with it."""
    manque = []
    if not demande.postes.exists():
        manque.append("Ajoutez au moins un poste de dépense avec son montant.")
    if not demande.motif.strip():
        manque.append("Écrivez à quoi serviront les fonds.")
    if demande.exercice.est_clos:
        manque.append(f"L’exercice {demande.exercice} est clos : choisissez un exercice ouvert.")
    if not RegleAllocation.objects.filter(en_vigueur_du__lte=timezone.localdate()).exists():
        manque.append(SANS_REGLE)
    return manque


@transaction.atomic
def enregistrer_demande(
    demande: DemandeFonds | None,
    *,
    auteur: Utilisateur,
    action_collective: ActionCollective,
    exercice: Exercice,
    titre: str,
    motif: str,
    organisation: Organisation | None,
    postes: Sequence[Poste],
    version: int | None = None,
) -> DemandeFonds:
    """Create a draft, or change one; the amount asked for is the sum of the lines, never typed.

    Errors: ErreurMetier when there is no line, when the exercice is closed, when the request left the draft state,
            or when somebody changed it since `version`.
    """
    if not postes:
        raise ErreurMetier("Ajoutez au moins un poste de dépense avec son montant.")
    exiger_exercice_ouvert(exercice)
    if demande is None:
        ligne = DemandeFonds(demandeur=auteur)
    else:
        ligne = verrouiller_demande(demande.pk)
        if ligne.etat != EtatDemande.BROUILLON:
            raise ErreurMetier("Cette demande est déjà soumise : elle ne se modifie plus.", code="etat")
        if version is not None and ligne.version != version:
            raise ErreurMetier(
                MESSAGE_CONFLIT,
                code="conflit",
            )
        ligne.version += 1
    ligne.action_collective, ligne.exercice = action_collective, exercice
    ligne.titre, ligne.motif, ligne.organisation = titre, motif, organisation
    ligne.montant_demande = sum((poste.montant for poste in postes), Decimal(0))
    if ligne.montant_demande <= 0:
        raise ErreurMetier("Le total demandé doit dépasser zéro.")
    ligne.save()
    anciens = [(p.libelle, p.montant) for p in ligne.postes.all()]
    if anciens != [(p.libelle, p.montant) for p in postes]:
        ligne.postes.all().delete()
        for poste in postes:
            PosteDemande.objects.create(demande=ligne, libelle=poste.libelle, montant=poste.montant)
    return ligne


def attribution_de(demande: DemandeFonds) -> Attribution:
    """Return who decides on a request, from the rule in force at its submission (today's, before) and its total now.

    Errors: ErreurMetier when no rule is in force.
    """
    jour = timezone.localdate(demande.soumise_le) if demande.soumise_le else timezone.localdate()
    regle = demande.regle or RegleAllocation.objects.filter(en_vigueur_du__lte=jour).first()
    if regle is None:
        raise ErreurMetier(
            "Aucune règle d’allocation n’est en vigueur : la coordination doit l’inscrire aux réglages."
        )
    minimum, raison = None, ""
    if demande.instance_minimale:
        minimum, raison = InstanceDecision(demande.instance_minimale), TOUS_RECUSES
    if coordination_en_cause(demande):
        propre = InstanceDecision.COMITE_PILOTAGE
        if minimum is None or plus_haute(minimum, propre) != minimum:
            minimum, raison = propre, PROPRE_DEMANDE
    return attribuer(regle, demande.montant_demande, autres_parts(demande), minimum=minimum, raison_minimum=raison)


def coordination_en_cause(demande: DemandeFonds) -> bool:
    """True when somebody of the coordination asks, or belongs today to the organisation that asks (R4, *ours*)."""
    jour = timezone.localdate()
    coordination = RoleAttribue.objects.en_vigueur(jour).filter(role=Role.COORDONNATEUR).values("utilisateur")
    if coordination.filter(utilisateur=demande.demandeur_id).exists():
        return True
    affiliations = Affiliation.objects.en_vigueur(jour).filter(personne__utilisateur__in=coordination)
    return affiliations.filter(organisation=demande.organisation_id).exists()


def _instance(decision: InstanceDecision) -> InstanceGouvernance:
    genre = GenreInstance(decision.value)
    trouvee = InstanceGouvernance.objects.filter(genre=genre, est_active=True).first()
    if trouvee is None:
        raise ErreurMetier(f"Aucune instance active du genre « {genre.label} » : la coordination doit l’inscrire.")
    return trouvee


def reevaluer(demande: DemandeFonds) -> None:
    """Write who decides on every request of the same action that still waits for its deliberation.

    The total of an action changes when a request of it is submitted, withdrawn or refused; splitting changes nothing.
    A deliberation already open keeps its instance; whoever asked is told when the instance changes.
    """
    soeurs = (
        DemandeFonds.objects.select_for_update(of=("self",))
        .filter(action_collective=demande.action_collective_id, exercice=demande.exercice_id, etat=EtatDemande.SOUMISE)
        .select_related("demandeur", "regle")
        .order_by("pk")
    )
    for soeur in soeurs:
        attribution = attribution_de(soeur)
        instance = _instance(attribution.instance)
        nouveau = (instance.pk, attribution.total, attribution.raison)
        if nouveau != (soeur.instance_gouvernance_id, soeur.total_action, soeur.raison_instance):
            deplacee = soeur.instance_gouvernance_id not in (None, instance.pk)
            soeur.instance_gouvernance = instance
            soeur.total_action, soeur.raison_instance = attribution.total, attribution.raison
            soeur._change_reason = "Le total des fonds de l’action a changé"  # type: ignore[attr-defined]
            soeur.save()
            if deplacee:
                notifications.annoncer_autre_instance(soeur)


@transaction.atomic
def soumettre_demande(demande_pk: int, *, auteur: Utilisateur) -> DemandeFonds:
    """Send a draft to the instance that R1 names; the rule in force today is kept with it.

    Idempotent once submitted. Errors: ErreurMetier with what is missing.
    """
    demande = verrouiller_demande(demande_pk)
    if demande.etat == EtatDemande.SOUMISE:
        return demande
    manque = ce_qui_manque(demande)
    if manque:
        raise ErreurMetier(manque)
    attribution = attribution_de(demande)
    passer(
        demande,
        VerbeDemande.SOUMETTRE,
        auteur=auteur,
        soumise_le=timezone.now(),
        regle=attribution.regle,
        total_action=attribution.total,
        instance_gouvernance=_instance(attribution.instance),
        raison_instance=attribution.raison,
    )
    reevaluer(demande)
    return demande


@transaction.atomic
def retirer_demande(demande_pk: int, *, auteur: Utilisateur) -> DemandeFonds:
    """Withdraw a draft or a submitted request; idempotent."""
    demande = verrouiller_demande(demande_pk)
    if demande.etat != EtatDemande.RETIREE:
        passer(demande, VerbeDemande.RETIRER, auteur=auteur)
        reevaluer(demande)
    return demande


@transaction.atomic
def joindre_piece(
    demande: DemandeFonds, *, auteur: Utilisateur, titre: str, fichier: "UploadedFile[bytes]"
) -> PieceDemande:
    """Attach one file to a draft; whoever may read the request may open it."""
    verrou = verrouiller_demande(demande.pk)
    if verrou.etat != EtatDemande.BROUILLON:
        raise ErreurMetier("Cette demande est déjà soumise : ses pièces ne changent plus.", code="etat")
    document = deposer_document(fichier=fichier, titre=titre, auteur=auteur)
    return PieceDemande.objects.create(demande=verrou, document=document)


@transaction.atomic
def retirer_piece(piece: PieceDemande) -> None:
    """Detach one file from a draft; the document itself stays in the history."""
    if verrouiller_demande(piece.demande_id).etat != EtatDemande.BROUILLON:
        raise ErreurMetier("Cette demande est déjà soumise : ses pièces ne changent plus.", code="etat")
    piece.delete()
