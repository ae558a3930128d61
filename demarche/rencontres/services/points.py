"""Points of an agenda: write, order, note, deal with, carry over."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import Issue
from demarche.gouvernance.models import Rencontre, Resolution
from demarche.registre.services.lignes import tenir_registre
from demarche.rencontres.enums import EtatPoint, GenrePoint
from demarche.rencontres.models import PointOrdreDuJour
from demarche.rencontres.queries.points import (
    consultations_a_inscrire,
    consultations_que_peut_enteriner,
    proces_verbaux_a_adopter,
)
from demarche.rencontres.services.rencontres import verrouiller_rencontre
from demarche.rencontres.signals import point_reporte, point_repris
from demarche.scrutins.models import Scrutin
from demarche.socle.concurrence import verrouiller_version
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.ecriture import affecter, ecrire, modifier, supprimer

DECIDE = "Ce point est déjà traité : ce qui y a été décidé ne change plus."


@transaction.atomic
def ajouter_point(rencontre: Rencontre, *, champs: Mapping[str, Any], auteur: Utilisateur) -> PointOrdreDuJour:
    """Write one point at the end of the agenda.

    Errors: ErreurMetier when the meeting is frozen, or the consultation or the minutes are not there to be decided.
    """
    verrou = verrouiller_rencontre(rencontre.pk)
    _verifier_objet(verrou, champs)
    return _ecrire_a_la_fin(verrou, champs, auteur=auteur)


def _ecrire_a_la_fin(rencontre: Rencontre, champs: Mapping[str, Any], *, auteur: Utilisateur) -> PointOrdreDuJour:
    dernier = rencontre.points.aggregate(n=Max("ordre"))["n"] or 0
    point = affecter(PointOrdreDuJour(), {**champs, "rencontre": rencontre, "ordre": dernier + 1})
    return ecrire(point, auteur=auteur)


def _verifier_objet(rencontre: Rencontre, champs: Mapping[str, Any], *, sauf: PointOrdreDuJour | None = None) -> None:
    """Refuse a consultation or minutes that are of another instance, answered, or already on this agenda.

    Minutes wait on one agenda at a time; one of a meeting cancelled does not count, nor the point `sauf`.
    """
    points = rencontre.points.exclude(pk=sauf.pk) if sauf else rencontre.points.all()
    consultation, proces_verbal = champs.get("consultation"), champs.get("proces_verbal")
    refus = None
    if consultation is not None:
        if not consultations_que_peut_enteriner(rencontre).filter(pk=consultation.pk).exists():
            refus = "Cette consultation n’attend pas d’être entérinée ici."
        elif points.filter(consultation=consultation).exists():
            refus = "Cette consultation est déjà à l’ordre du jour."
        if refus:
            raise ErreurMetier({"consultation": refus})
    if proces_verbal is not None:
        attendu = PointOrdreDuJour.objects.filter(etat=EtatPoint.A_TRAITER, rencontre__annulee_le=None)
        ailleurs = attendu.filter(proces_verbal=proces_verbal).select_related("rencontre").first()
        if not proces_verbaux_a_adopter(rencontre).filter(pk=proces_verbal.pk).exists():
            refus = "Ce procès-verbal n’attend pas d’être adopté ici."
        elif points.filter(proces_verbal=proces_verbal).exists():
            refus = "Ce procès-verbal est déjà à l’ordre du jour."
        elif ailleurs is not None:
            refus = f"Ce procès-verbal est à l’ordre du jour de « {ailleurs.rencontre} » : reportez plutôt ce point."
        if refus:
            raise ErreurMetier({"proces_verbal": refus})


@transaction.atomic
def ajouter_enterinements(rencontre: Rencontre, *, auteur: Utilisateur) -> int:
    """Write one point for each consultation that waits to be ratified, and return how many; idempotent (R5)."""
    verrou = verrouiller_rencontre(rencontre.pk)
    consultations = list(consultations_a_inscrire(verrou))
    for consultation in consultations:
        champs = {
            "genre": GenrePoint.ENTERINEMENT,
            "titre": f"Entériner : {consultation.question}"[:200],
            "texte": consultation.texte,
            "consultation": consultation,
            "est_public": False,
        }
        ajouter_point(verrou, champs=champs, auteur=auteur)
    return len(consultations)


def _verrouiller_point(pk: int, *, annulee: bool = False) -> PointOrdreDuJour:
    """Lock the meeting, then the point, and return the point, provided the meeting may still change."""
    rencontre_pk = PointOrdreDuJour.objects.values_list("rencontre_id", flat=True).get(pk=pk)
    rencontre = verrouiller_rencontre(rencontre_pk, annulee=annulee)
    point = PointOrdreDuJour.objects.select_for_update(of=("self",)).get(pk=pk)
    point.rencontre = rencontre
    return point


def verrouiller_point_a_traiter(pk: int, *, annulee: bool = False) -> PointOrdreDuJour:
    """Lock the meeting, then the point, and return the point, provided it is still to be dealt with.

    With `annulee`, of a cancelled meeting too.
    """
    point = _verrouiller_point(pk, annulee=annulee)
    if point.etat != EtatPoint.A_TRAITER:
        raise ErreurMetier(DECIDE, code="etat")
    return point


def _noter(point: PointOrdreDuJour, *, auteur: Utilisateur | None, motif: str = "", **champs: Any) -> PointOrdreDuJour:
    """Write these values on a point already locked, under its next version."""
    for nom, valeur in champs.items():
        setattr(point, nom, valeur)
    point.version += 1
    return ecrire(point, auteur=auteur, motif=motif)


@transaction.atomic
def modifier_point(
    point: PointOrdreDuJour, *, version: int, champs: Mapping[str, Any], auteur: Utilisateur
) -> PointOrdreDuJour:
    """Change one point not yet dealt with, that nobody changed since; its kind stays what it is."""
    actuel = verrouiller_point_a_traiter(point.pk)
    if {c: champs[c] for c in ("consultation", "proces_verbal") if c in champs and champs[c] != getattr(actuel, c)}:
        _verifier_objet(actuel.rencontre, champs)
    return modifier(PointOrdreDuJour, point.pk, version=version, donnees=champs, auteur=auteur)


@transaction.atomic
def placer_point(point: PointOrdreDuJour, *, rang: int, auteur: Utilisateur) -> None:
    """Give one point its rank in the agenda, from one; beyond either end, it stops there."""
    verrou = verrouiller_rencontre(point.rencontre_id)
    points = list(verrou.points.select_for_update(of=("self",)).order_by("ordre", "pk"))
    points.insert(max(rang, 1) - 1, points.pop(next(i for i, p in enumerate(points) if p.pk == point.pk)))
    for ordre, deplace in enumerate(points, start=1):
        if deplace.ordre != ordre:
            deplace.ordre = ordre
            ecrire(deplace, auteur=auteur)


@transaction.atomic
def retirer_point(point: PointOrdreDuJour, *, auteur: Utilisateur) -> None:
    """Take one point off the agenda; its history stays.

    Errors: ErreurMetier once a vote was held on it, or when it comes from another meeting.
    """
    verrou = verrouiller_point_a_traiter(point.pk)
    if verrou.scrutin_id is not None:
        raise ErreurMetier("Un vote a été tenu sur ce point : il reste à l’ordre du jour.")
    if verrou.reporte_de_id is not None:
        raise ErreurMetier("Ce point vient d’une autre rencontre : reportez-le, ou marquez-le traité.")
    supprimer(verrou, auteur=auteur, motif="Retiré de l’ordre du jour")


@transaction.atomic
def noter_point(
    point: PointOrdreDuJour, *, version: int, notes: str, traite: bool, auteur: Utilisateur
) -> PointOrdreDuJour:
    """Write the notes of one point while the meeting runs; `traite` says that it is dealt with, without a vote."""
    _verrouiller_point(point.pk)
    verrou = verrouiller_version(PointOrdreDuJour, point.pk, version)
    etat = EtatPoint.TRAITE if traite and verrou.etat == EtatPoint.A_TRAITER else verrou.etat
    return _noter(verrou, auteur=auteur, notes=notes, etat=etat)


@transaction.atomic
def reprendre_point(point: PointOrdreDuJour, *, auteur: Utilisateur) -> PointOrdreDuJour:
    """Say that a point marked dealt with by mistake is not; idempotent.

    Errors: ErreurMetier once something was decided on it.
    """
    verrou = _verrouiller_point(point.pk)
    if verrou.etat == EtatPoint.A_TRAITER:
        return verrou
    if verrou.etat == EtatPoint.REPORTE or verrou.resolution_id is not None or verrou.scrutin_id is not None:
        raise ErreurMetier(DECIDE, code="etat")
    objet = {"consultation": verrou.consultation, "proces_verbal": verrou.proces_verbal}
    _verifier_objet(verrou.rencontre, objet, sauf=verrou)
    _noter(verrou, auteur=auteur, etat=EtatPoint.A_TRAITER)
    point_repris.send(sender=PointOrdreDuJour, point=verrou)
    return verrou


@transaction.atomic
def traiter_sans_vote(point: PointOrdreDuJour, *, phrase: str, auteur: Utilisateur | None) -> None:
    """Say of one point what came of it elsewhere: it is dealt with, and its minutes say so unless written by hand."""
    verrou = verrouiller_point_a_traiter(point.pk)
    compte_rendu = verrou.compte_rendu.strip() or phrase
    _noter(verrou, auteur=auteur, motif=phrase[:100], etat=EtatPoint.TRAITE, compte_rendu=compte_rendu)


@transaction.atomic
def laisser_point(point: PointOrdreDuJour, *, auteur: Utilisateur) -> PointOrdreDuJour:
    """Say that the meeting ended without dealing with a point; idempotent, and taken back as any other.

    Errors: ErreurMetier when it is dealt with, or a vote was held on it.
    """
    verrou = _verrouiller_point(point.pk)
    if verrou.etat == EtatPoint.NON_ABORDE:
        return verrou
    if verrou.etat != EtatPoint.A_TRAITER or verrou.scrutin_id is not None:
        raise ErreurMetier(DECIDE, code="etat")
    return _noter(verrou, auteur=auteur, etat=EtatPoint.NON_ABORDE)


@transaction.atomic
def conclure_point(
    point: PointOrdreDuJour,
    *,
    scrutin: Scrutin | None = None,
    resolution: Resolution | None = None,
    proposee_par: str = "",
    appuyee_par: str = "",
) -> PointOrdreDuJour:
    """Write what came of one point: its vote and its resolution, if there are; the point is then dealt with.

    Who moved and who seconded is written when it is said.
    A vote without quorum decided nothing: it is written, and the point stays to be dealt with (R5).
    """
    verrou = verrouiller_point_a_traiter(point.pk)
    verrou.scrutin, verrou.resolution = scrutin, resolution
    verrou.proposee_par = proposee_par or verrou.proposee_par
    verrou.appuyee_par = appuyee_par or verrou.appuyee_par
    if scrutin is None or scrutin.issue != Issue.SANS_QUORUM:
        verrou.etat = EtatPoint.TRAITE
    verrou.version += 1
    verrou.save()
    return verrou


@transaction.atomic
def reporter_point(point: PointOrdreDuJour, *, vers: Rencontre, auteur: Utilisateur) -> PointOrdreDuJour:
    """Carry one point over to another meeting of the instance, at the end of its agenda, and return the new point.

    The meeting left may be a cancelled one.
    Errors: ErreurMetier when either meeting is frozen, the other is earlier, cancelled or of another instance, or the
            point done; when what it brings is already on that agenda, or waits on another, or no longer waits.
    """
    tenir_registre()  # first: what the rooms above write on the new point may touch what a decision locks
    ancien = verrouiller_point_a_traiter(point.pk, annulee=True)
    if vers.pk == ancien.rencontre_id or vers.date < ancien.rencontre.date:
        raise ErreurMetier({"rencontre": "Choisissez une rencontre à venir."})
    if vers.est_annulee:
        raise ErreurMetier({"rencontre": "Cette rencontre est annulée : choisissez-en une autre."})
    if vers.instance_gouvernance_id != ancien.rencontre.instance_gouvernance_id:
        raise ErreurMetier({"rencontre": "Choisissez une rencontre de la même instance."})
    repris = ("genre", "titre", "texte", "duree_minutes", "est_public", "consultation", "proces_verbal", "corrige")
    arrivee = verrouiller_rencontre(vers.pk)
    champs = {nom: getattr(ancien, nom) for nom in repris}
    _noter(ancien, auteur=auteur, etat=EtatPoint.REPORTE, motif=f"Reporté à « {arrivee} »"[:100])
    _verifier_objet(arrivee, champs)
    nouveau = _ecrire_a_la_fin(arrivee, {**champs, "reporte_de": ancien}, auteur=auteur)
    point_reporte.send(sender=PointOrdreDuJour, ancien=ancien, nouveau=nouveau)
    return nouveau
