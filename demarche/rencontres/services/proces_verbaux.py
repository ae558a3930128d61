"""Minutes: draft, edit, give up. Their adoption is in `adoptions_proces_verbaux` (R7)."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Rencontre
from demarche.rencontres.models import PointOrdreDuJour, ProcesVerbal
from demarche.rencontres.proces_verbal.phrases import (
    ebauche_cloture,
    ebauche_du_point,
    ebauche_ouverture,
    reprend_les_notes,
)
from demarche.rencontres.queries.rencontres import points_de
from demarche.rencontres.services.rencontres import verrouiller_rencontre
from demarche.socle.concurrence import MESSAGE_CONFLIT
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.ecriture import ecrire, supprimer

ADOPTE = "Ce procès-verbal est adopté\u00a0: il ne change plus. Une correction se dit à une rencontre suivante."
A_VENIR = "Cette rencontre n’a pas encore eu lieu\u00a0: son procès-verbal se rédige après."


@transaction.atomic
def rediger_proces_verbal(rencontre_pk: int, *, auteur: Utilisateur, remplacer: bool = False) -> ProcesVerbal:
    """Draft the minutes of a meeting held; idempotent.

    Only what is written by hand is kept: the rest is said from the rows each time the draft is read, and so follows
    the votes and the notes until the adoption. `remplacer` gives up what was written by hand.
    Errors: ErreurMetier when the meeting is to come, in a closed exercice, or when its minutes are adopted.
    """
    rencontre = verrouiller_rencontre(rencontre_pk)
    if rencontre.date > timezone.localdate():
        raise ErreurMetier(A_VENIR)
    proces_verbal = ProcesVerbal.objects.select_for_update(of=("self",)).filter(rencontre=rencontre).first()
    if proces_verbal is None:
        return ecrire(ProcesVerbal(rencontre=rencontre, redige_par=auteur), auteur=auteur)
    if not remplacer:
        return proces_verbal
    for point in points_de(rencontre):
        _ecrire_compte_rendu(point, "", auteur=auteur)
    proces_verbal.ouverture = proces_verbal.cloture = ""
    proces_verbal.version += 1
    return ecrire(proces_verbal, auteur=auteur)


def _a_garder(texte: str, ebauche: str) -> str:
    return "" if texte.strip() == ebauche else texte.strip()


def _ecrire_compte_rendu(point: PointOrdreDuJour, texte: str, *, auteur: Utilisateur) -> None:
    if point.compte_rendu != texte:
        point.compte_rendu = texte
        point.version += 1
        ecrire(point, auteur=auteur)


def verrouiller_projet(pk: int) -> ProcesVerbal:
    """Lock the meeting, then its minutes, and return them, provided they are not adopted."""
    rencontre_pk = ProcesVerbal.objects.values_list("rencontre_id", flat=True).get(pk=pk)
    rencontre = Rencontre.objects.select_for_update(of=("self",)).select_related("instance_gouvernance")
    tenue = rencontre.get(pk=rencontre_pk)
    proces_verbal = ProcesVerbal.objects.select_for_update(of=("self",)).get(pk=pk)
    if proces_verbal.est_adopte:
        raise ErreurMetier(ADOPTE, code="adopte")
    proces_verbal.rencontre = tenue
    return proces_verbal


@transaction.atomic
def modifier_proces_verbal(
    proces_verbal: ProcesVerbal,
    *,
    version: int,
    ouverture: str,
    cloture: str,
    comptes_rendus: Mapping[int, str],
    auteur: Utilisateur,
) -> ProcesVerbal:
    """Write the texts of draft minutes that nobody changed since: `comptes_rendus` by point.

    The same form received twice changes nothing. A point added since keeps its own text. A text that is still what
    the rows say is not kept: it goes on following them.
    Errors: ErreurMetier when they are adopted, in a closed exercice, or changed by somebody else.
    """
    actuel = verrouiller_projet(proces_verbal.pk)
    verrouiller_rencontre(actuel.rencontre_id)
    tous = list(points_de(actuel.rencontre).select_for_update(of=("self",)))
    points = [p for p in tous if p.pk in comptes_rendus]
    avec_notes = reprend_les_notes(actuel.rencontre)
    ouverture = _a_garder(ouverture, ebauche_ouverture(actuel.rencontre))
    cloture = _a_garder(cloture, ebauche_cloture(actuel.rencontre, tous))
    textes = {p.pk: _a_garder(comptes_rendus[p.pk], ebauche_du_point(p, avec_notes=avec_notes)) for p in points}
    avant = (actuel.ouverture, actuel.cloture, [p.compte_rendu for p in points])
    if avant == (ouverture, cloture, [textes[p.pk] for p in points]):
        return actuel
    if actuel.version != version:
        raise ErreurMetier(MESSAGE_CONFLIT, code="conflit")
    for point in points:
        _ecrire_compte_rendu(point, textes[point.pk], auteur=auteur)
    actuel.ouverture, actuel.cloture = ouverture, cloture
    actuel.version += 1
    return ecrire(actuel, auteur=auteur)


@transaction.atomic
def supprimer_proces_verbal(proces_verbal: ProcesVerbal, *, auteur: Utilisateur) -> None:
    """Give up draft minutes; the texts of the points stay with the meeting, and the history keeps the rest.

    Errors: ErreurMetier when they are adopted, of a closed exercice (R10), or on the agenda of a meeting.
    """
    actuel = verrouiller_projet(proces_verbal.pk)
    verrouiller_rencontre(actuel.rencontre_id)
    point = actuel.points_d_adoption.select_related("rencontre").first()
    if point is not None:
        raise ErreurMetier(
            f"Ce projet est à l’ordre du jour de «\u00a0{point.rencontre}\u00a0»\u00a0: retirez d’abord ce point."
        )
    supprimer(actuel, auteur=auteur)
