"""Fund requests: who decides, submission; every change of state goes through one door."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from chantiers.actions.models import ActionCollective
from chantiers.demandes import notifications
from chantiers.demandes.enums import EN_ATTENTE, TRANSITIONS_DEMANDE, EtatDemande, InstanceDecision, VerbeDemande
from chantiers.demandes.models import DemandeFonds
from chantiers.demandes.queries.deliberations import point_en_attente
from chantiers.demandes.queries.demandes import ce_qui_manque, date_promise
from chantiers.demandes.queries.regles_allocation import (
    TROP_DE_RECUSATIONS,
    Attribution,
    attribution_de,
    deplacees_par_la_coordination,
)
from chantiers.demandes.services.engagements import actualiser_engagement
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import InstanceGouvernance
from demarche.registre.services.lignes import tenir_registre
from demarche.rencontres.queries.rencontres import ce_qui_fige, proces_verbal_de
from demarche.rencontres.services.points import traiter_sans_vote
from demarche.scrutins.queries import scrutin_de
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.ecriture import signer

# Why the evaluation of a request changed: in its history, and in the e-mail when another instance decides.
TOTAL_CHANGE = "Le total des fonds de l’action a changé"


COORDINATION_CHANGE = "Les personnes de la coordination, ou leurs organisations, ont changé"


RECUSATIONS = "Trop de personnes se sont récusées au dernier scrutin"


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


def exiger_verbe(demande: DemandeFonds, verbe: VerbeDemande) -> str:
    """Return the state a verb leads to.

    Errors: ErreurMetier when the verb does not apply to the state of the request.
    """
    etat = TRANSITIONS_DEMANDE.get((demande.etat, verbe))
    if etat is None:
        raise ErreurMetier(
            f"Impossible de « {verbe.label.lower()} » : la demande est à l’état « {demande.get_etat_display()} ».",
            code="etat",
        )
    return etat


def passer(demande: DemandeFonds, verbe: VerbeDemande, *, auteur: Utilisateur | None, **champs: Any) -> None:
    """Take a locked request through one verb of TRANSITIONS_DEMANDE and save it: the only place that writes `etat`.

    `auteur` signs the history; None when a ballot, and nobody in particular, decided. Once it waits for nothing, the
    point of an agenda that waited for it says so.
    Errors: ErreurMetier when the verb does not apply to the state.
    """
    demande.etat = exiger_verbe(demande, verbe)
    ancienne = DemandeFonds.objects.values_list("enveloppe_id", flat=True).get(pk=demande.pk)
    for nom, valeur in champs.items():
        setattr(demande, nom, valeur)
    demande.version += 1
    signer(demande, auteur, verbe.label).save()
    actualiser_engagement(ancienne, demande.enveloppe_id)
    if demande.etat not in EN_ATTENTE:
        liberer_l_ordre_du_jour(demande, auteur=auteur)


def _instance(decision: InstanceDecision) -> InstanceGouvernance:
    genre = GenreInstance(decision.value)
    trouvee = InstanceGouvernance.objects.filter(genre=genre, est_active=True).first()
    if trouvee is None:
        raise ErreurMetier(f"Aucune instance active du genre « {genre.label} » : la coordination doit l’inscrire.")
    return trouvee


def reevaluer(demande: DemandeFonds, *, sans_avis: bool = False) -> None:
    """Write who decides on every request of the same action that still waits for its deliberation.

    The total of an action changes when a request of it is submitted, changed, withdrawn or refused; splitting changes
    nothing. A deliberation already open keeps its instance. The demandeur is notified when the instance changes; with
    `sans_avis`, not about this very request: the page says it to the person who changed it.
    """
    reevaluer_action(demande.action_collective_id, demande.exercice_id, muette=demande.pk if sans_avis else None)


def reevaluer_action(action_pk: int, exercice_pk: int, *, muette: int | None = None) -> None:
    """Do what `reevaluer` says for one action in one exercice; no e-mail leaves about the request `muette`."""
    soeurs = (
        DemandeFonds.objects.select_for_update(of=("self",))
        .filter(action_collective=action_pk, exercice=exercice_pk, etat=EtatDemande.SOUMISE)
        .select_related("demandeur", "regle")
        .order_by("pk")
    )
    for soeur in soeurs:
        attribution = attribution_de(soeur)
        instance = _instance(attribution.instance)
        nouveau = (instance.pk, attribution.total, attribution.raison)
        if nouveau != (soeur.instance_gouvernance_id, soeur.total_action, soeur.raison_instance):
            deplacee = soeur.instance_gouvernance_id not in (None, instance.pk)
            cause = _cause(soeur, attribution)
            soeur.instance_gouvernance = instance
            soeur.total_action, soeur.raison_instance = attribution.total, attribution.raison
            signer(soeur, None, cause).save()
            if deplacee and soeur.pk != muette:
                notifications.annoncer_autre_instance(soeur, cause=cause)


def _cause(demande: DemandeFonds, attribution: Attribution) -> str:
    """Return why this evaluation differs from the one the request holds."""
    if attribution.raison == TROP_DE_RECUSATIONS != demande.raison_instance:
        return RECUSATIONS
    return TOTAL_CHANGE if attribution.total != demande.total_action else COORDINATION_CHANGE


def reevaluer_coordination() -> int:
    """Evaluate again the requests that who coordinates today takes from the coordination, or gives back to it (R4).

    A role and an affiliation begin and end on their dates, which nothing announces. Return how many requests moved.
    """
    deplacees = list(deplacees_par_la_coordination().values_list("pk", flat=True))
    for pk in deplacees:
        with transaction.atomic():
            reevaluer(verrouiller_demande(pk))
    return len(deplacees)


@transaction.atomic
def soumettre_demande(demande_pk: int, *, auteur: Utilisateur) -> DemandeFonds:
    """Send a draft, or a request that expired, to the instance that R1 names; the rule in force today is kept with it.

    Idempotent once submitted. Errors: ErreurMetier with what is missing.
    """
    demande = verrouiller_demande(demande_pk)
    if demande.etat == EtatDemande.SOUMISE:
        return demande
    exiger_verbe(demande, VerbeDemande.SOUMETTRE)
    manque = ce_qui_manque(demande)
    if manque:
        raise ErreurMetier(manque)
    demande.regle, demande.soumise_le, demande.instance_minimale = None, None, ""  # submitted anew: the rule of today
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
    notifications.accuser_reception(demande, promise=date_promise(demande))
    return demande


def liberer_l_ordre_du_jour(demande: DemandeFonds, *, auteur: Utilisateur | None) -> None:
    """Say, on the point where a request just concluded was waiting, what came of it elsewhere.

    The meeting that decides writes the vote on its own point. A meeting that no longer changes keeps its point.
    """
    point = point_en_attente(demande)
    if point is None or demande.resolution is not None and demande.resolution.rencontre_id == point.rencontre_id:
        return
    if not ce_qui_fige(point.rencontre, proces_verbal_de(point.rencontre)):
        traiter_sans_vote(point, phrase=_ce_qui_est_advenu(demande), auteur=auteur)


def _ce_qui_est_advenu(demande: DemandeFonds) -> str:
    resolution = demande.resolution
    if resolution is None:
        sorties = {EtatDemande.RETIREE: "La demande est retirée.", EtatDemande.EXPIREE: "La demande est expirée."}
        return sorties[EtatDemande(demande.etat)]
    if resolution.rencontre is not None:
        comment = f"à la rencontre « {resolution.rencontre} »"
    else:
        comment = "par scrutin" if scrutin_de(resolution) else "par la coordination"
    return f"La demande est décidée {comment}, résolution {resolution.code}."
