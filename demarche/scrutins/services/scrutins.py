"""Ballots: open, close, cancel (R3 to R6). Every step is a line of the register (R7)."""

import datetime
import logging
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.decompte import Decompte, depouiller
from demarche.gouvernance.enums import Issue, ModeDecision
from demarche.gouvernance.models import InstanceGouvernance, Resolution
from demarche.gouvernance.services.regles_decision import quorum_hors_d_atteinte, regle_du_scrutin
from demarche.registre.enums import GenreEvenement
from demarche.registre.services.lignes import Faits, ecrire_instant, inscrire_evenement, tenir_registre
from demarche.scrutins import notifications
from demarche.scrutins.enums import EtatScrutin
from demarche.scrutins.models import Electeur, Recusation, Scrutin, Vote
from demarche.scrutins.services.electeurs import Appele, libelles_vacants, sieges_appeles
from demarche.scrutins.services.inscriptions import inscrire_recusation
from demarche.scrutins.services.resolutions import inscrire_resolution_du_scrutin
from demarche.scrutins.signals import scrutin_clos
from demarche.socle.erreurs import ErreurMetier

journal = logging.getLogger(__name__)


@transaction.atomic
def ouvrir_scrutin(
    *,
    instance_gouvernance: InstanceGouvernance,
    question: str,
    texte: str,
    echeance: datetime.datetime,
    auteur: Utilisateur,
    demandeur: Utilisateur | None = None,
    mode: ModeDecision = ModeDecision.EN_LIGNE,
    appeles: Sequence[Appele] | None = None,
    inscrit_resolution: bool = False,
    corrige: Resolution | None = None,
    faits: Faits | None = None,
) -> Scrutin:
    """Open a remote ballot and freeze its rule, its text and its electors: the seats filled today, or `appeles`.

    demandeur: the person who asks; if this person holds a seat, its recusal is written at once (R4).
    faits: extra values of the register line: the request, the amount.
    Errors: ErreurMetier when nobody can be called, or fewer than the quorum, or when the deadline has passed.
    """
    tenir_registre()
    maintenant = timezone.now()
    if echeance <= maintenant:
        raise ErreurMetier("L’échéance du scrutin doit être dans l’avenir.")
    if appeles is None:
        appeles = sieges_appeles(instance_gouvernance, timezone.localdate(maintenant))
    if not appeles:
        raise ErreurMetier(f"Aucun siège n’est pourvu : nommez les titulaires de « {instance_gouvernance} ».")
    if obstacle := quorum_hors_d_atteinte(instance_gouvernance, mode, len(appeles)):
        raise ErreurMetier(obstacle)
    scrutin = Scrutin.objects.create(
        instance_gouvernance=instance_gouvernance,
        mode=mode,
        question=question,
        texte=texte,
        ouvert_le=maintenant,
        ouvert_par=auteur,
        demandeur=demandeur,
        echeance=echeance,
        inscrit_resolution=inscrit_resolution,
        corrige=corrige,
        sieges_vacants=libelles_vacants(instance_gouvernance, appeles),
        **regle_du_scrutin(instance_gouvernance, mode),
    )
    appeler(scrutin, appeles, faits=faits)
    return scrutin


def secret_ouverture(scrutin: Scrutin) -> dict[str, Any]:
    """Return what the line of an opening commits to without saying it."""
    electeurs = sorted(scrutin.electeurs.all(), key=lambda electeur: electeur.numero)
    return {
        "question": scrutin.question,
        "texte": scrutin.texte,
        "electeurs": [[e.numero, e.utilisateur_id, e.siege_id, e.libelle] for e in electeurs],
        "demandeur": scrutin.demandeur_id,
        "ouvert_par": scrutin.ouvert_par_id,
    }


def corps_ouverture(scrutin: Scrutin, numeros: Iterable[int]) -> dict[str, Any]:
    """Return what the register says of a ballot just opened: its rule, its deadline, the voices called."""
    return {
        "instance": scrutin.instance_gouvernance.prefixe,
        "mode": str(scrutin.mode),
        "quorum": str(scrutin.regle_quorum),
        "quorum_nombre": scrutin.quorum_nombre,
        "majorite": str(scrutin.regle_majorite),
        "echeance": ecrire_instant(scrutin.echeance),
        "ouvert_le": ecrire_instant(scrutin.ouvert_le),
        "suite_recusations": str(scrutin.suite_recusations),
        "inscrit_resolution": scrutin.inscrit_resolution,
        "corrige": scrutin.corrige_id,
        "rencontre": scrutin.rencontre_id,
        "electeurs": list(numeros),
    }


def appeler(scrutin: Scrutin, appeles: Sequence[Appele], *, faits: Faits | None = None) -> None:
    """Write the electors of a ballot just opened, its line in the register, the recusal of the demandeur."""
    for appele in appeles:
        Electeur.objects.create(
            scrutin=scrutin,
            numero=appele.numero,
            libelle=appele.libelle,
            siege=appele.siege,
            utilisateur=appele.utilisateur,
        )
    inscrire_evenement(
        GenreEvenement.OUVERTURE,
        f"scrutin {scrutin.pk}",
        corps=corps_ouverture(scrutin, [appele.numero for appele in appeles]),
        secret=secret_ouverture(scrutin),
        faits=faits,
    )
    for electeur in scrutin.electeurs.all():
        if scrutin.demandeur_id is not None and electeur.utilisateur_id == scrutin.demandeur_id:
            inscrire_recusation(electeur, utilisateur=electeur.utilisateur, motif="A déposé la demande.")


def decompte_de(scrutin: Scrutin) -> Decompte:
    """Return the count of a ballot as it stands; callers show it only once the ballot is closed (R5)."""
    return depouiller(
        Vote.objects.filter(electeur__scrutin=scrutin).values_list("choix", flat=True),
        nb_electeurs=scrutin.electeurs.count(),
        nb_recusations=Recusation.objects.filter(electeur__scrutin=scrutin).count(),
        regle=scrutin.regle,
    )


def verrouiller_scrutin(pk: int) -> Scrutin:
    """Lock the register, then the ballot, and return the ballot."""
    tenir_registre()
    return Scrutin.objects.select_for_update(of=("self",)).select_related("instance_gouvernance").get(pk=pk)


def clore(scrutin: Scrutin, decompte: Decompte) -> None:
    """Close a locked open ballot, write its counts, draw its consequences, and tell its electors.

    A ballot that reached its deadline closes at its deadline, however late somebody noticed.
    """
    maintenant = timezone.now()
    scrutin.clos_le = scrutin.echeance if scrutin.est_echu(maintenant) else maintenant
    scrutin.etat, scrutin.issue = EtatScrutin.CLOS, decompte.issue
    scrutin.nb_electeurs, scrutin.nb_recusations = decompte.nb_electeurs, decompte.nb_recusations
    scrutin.nb_presents = decompte.nb_presents
    scrutin.nb_pour, scrutin.nb_contre = decompte.nb_pour, decompte.nb_contre
    scrutin.nb_abstentions = decompte.nb_abstentions
    scrutin.save()
    inscrire_evenement(GenreEvenement.CLOTURE, f"scrutin {scrutin.pk}", corps=corps_cloture(scrutin, decompte.quorum))
    scrutin_clos.send(sender=Scrutin, scrutin=scrutin)
    if scrutin.inscrit_resolution and scrutin.issue == Issue.ADOPTEE and scrutin.mode != ModeDecision.CONSULTATION:
        inscrire_resolution_du_scrutin(scrutin)
    if scrutin.est_a_distance:
        notifications.annoncer_cloture(scrutin)


def corps_cloture(scrutin: Scrutin, quorum: int) -> dict[str, Any]:
    """Return what the register says of a closed ballot: its counts, in clear."""
    return {
        "electeurs": scrutin.nb_electeurs,
        "recusations": scrutin.nb_recusations,
        "presents": scrutin.nb_presents,
        "pour": scrutin.nb_pour,
        "contre": scrutin.nb_contre,
        "abstentions": scrutin.nb_abstentions,
        "quorum": quorum,
        "issue": str(scrutin.issue),
        "clos_le": ecrire_instant(scrutin.clos_le),
    }


@transaction.atomic
def clore_si_echu(scrutin_pk: int) -> bool:
    """Close the ballot if its deadline has passed, and return whether it was closed now; idempotent."""
    scrutin = verrouiller_scrutin(scrutin_pk)
    if not scrutin.est_echu(timezone.now()):
        return False
    clore(scrutin, decompte_de(scrutin))
    return True


def clore_echus() -> int:
    """Close every ballot whose deadline has passed, each in its own transaction; return how many.

    When the consequence of a closing is refused (its exercice was closed since), that ballot stays as it is, receives
    nothing more, and the log says why: the others close, and pages are shown all the same.
    """
    nombre = 0
    for pk in list(Scrutin.objects.echus(timezone.now()).order_by("echeance", "pk").values_list("pk", flat=True)):
        try:
            nombre += clore_si_echu(pk)
        except ErreurMetier:
            journal.exception("Le scrutin %s est échu et ne se clôt pas.", pk)
    return nombre


@transaction.atomic
def annuler_scrutin(scrutin_pk: int, *, motif: str, auteur: Utilisateur) -> Scrutin:
    """Cancel an open ballot: its votes count for nothing, its electors are told why. Idempotent.

    Errors: ErreurMetier when it is closed, or its deadline passed: a decision is corrected by another one.
    """
    scrutin = verrouiller_scrutin(scrutin_pk)
    if scrutin.etat == EtatScrutin.ANNULE:
        return scrutin
    if not scrutin.est_ouvert:
        raise ErreurMetier("Ce scrutin est clos : il ne s’annule plus.", code="clos")
    if scrutin.est_echu(timezone.now()):
        raise ErreurMetier("L’échéance de ce scrutin est passée : il se clôt, il ne s’annule plus.", code="clos")
    scrutin.etat, scrutin.motif_annulation = EtatScrutin.ANNULE, motif[:250]
    scrutin._history_user = auteur  # type: ignore[attr-defined]
    scrutin.save()
    inscrire_evenement(
        GenreEvenement.ANNULATION, f"scrutin {scrutin.pk}", corps={}, secret={"motif": scrutin.motif_annulation}
    )
    notifications.annoncer_annulation(scrutin)
    return scrutin
