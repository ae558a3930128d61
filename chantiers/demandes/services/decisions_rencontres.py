"""Record what an instance decided on a request in a meeting (R4, R5, R6, R8)."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from chantiers.budget.models import Enveloppe
from chantiers.demandes.enums import SensMotif
from chantiers.demandes.models import Deliberation, DemandeFonds
from chantiers.demandes.services.appels import recuser_l_organisation
from chantiers.demandes.services.decisions import (
    exiger_attente,
    exiger_version,
    texte_resolution,
    titre_resolution,
    verifier_montant,
)
from chantiers.demandes.services.deliberations import PAR_UNE_PERSONNE, faits_de
from chantiers.demandes.services.demandes import verrouiller_demande
from chantiers.demandes.services.engagements import reserver
from chantiers.demandes.services.motifs import AUTRE_CHOIX
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import GenreInstance, Issue
from demarche.gouvernance.models import Rencontre
from demarche.rencontres.models import PointOrdreDuJour
from demarche.rencontres.services.points import conclure_point
from demarche.rencontres.services.votes_comptes import CompteSalle, ouvrir_vote_en_rencontre
from demarche.rencontres.services.votes_points import VoteSalle, clore_vote
from demarche.scrutins.models import Scrutin
from demarche.socle.erreurs import ErreurMetier

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
