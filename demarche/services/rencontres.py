"""Meetings: announce, change, convene, open, adjourn, hold again; frozen once the minutes are adopted."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from demarche import notifications
from demarche.enums import EtatProcesVerbal, GenrePoint
from demarche.erreurs import ErreurMetier
from demarche.models import PointOrdreDuJour, ProcesVerbal, Rencontre, Utilisateur
from demarche.registre import Convoque, registre

from .ecriture import affecter, ecrire, modifier
from .electeurs import sieges_appeles
from .exercices import exiger_jour_ouvert

FIGEE = "Le procès-verbal de cette rencontre est adopté : elle ne change plus."
CONVOQUEE = "Elle est convoquée ou a déjà décidé : elle ne change plus d’instance."
POINTS_PROPRES = "Son ordre du jour porte des points propres à son instance : retirez-les d’abord, ou reportez-les."
GENRES_LIBRES = frozenset({GenrePoint.LIBRE, GenrePoint.RESOLUTION})  # what any instance may deal with
A_VENIR = "Cette rencontre n’a pas encore eu lieu."


def exiger_proces_verbal_ouvert(rencontre: Rencontre) -> None:
    """Refuse to write on a meeting whose minutes are adopted: its points, presences and notes are theirs (R7)."""
    if ProcesVerbal.objects.filter(rencontre=rencontre, etat=EtatProcesVerbal.ADOPTE).exists():
        raise ErreurMetier(FIGEE, code="proces_verbal")


def verrouiller_rencontre(pk: int) -> Rencontre:
    """Lock one meeting and return it, provided it may still change; whoever adopts its minutes takes the same lock.

    Errors: ErreurMetier when its minutes are adopted, or its exercice closed (R10).
    """
    rencontre = Rencontre.objects.select_for_update(of=("self",)).select_related("instance_gouvernance").get(pk=pk)
    exiger_proces_verbal_ouvert(rencontre)
    exiger_jour_ouvert(rencontre.date)
    return rencontre


@transaction.atomic
def creer_rencontre(*, champs: Mapping[str, Any], auteur: Utilisateur, points: Sequence[str] = ()) -> Rencontre:
    """Write one meeting, with the titles of its first points; refused in a closed exercice."""
    exiger_jour_ouvert(champs["date"])
    rencontre = ecrire(affecter(Rencontre(), champs), auteur=auteur)
    for ordre, titre in enumerate(points, start=1):
        ecrire(affecter(PointOrdreDuJour(), {"rencontre": rencontre, "ordre": ordre, "titre": titre}), auteur=auteur)
    return rencontre


@transaction.atomic
def modifier_rencontre(
    rencontre: Rencontre, *, version: int, champs: Mapping[str, Any], auteur: Utilisateur
) -> Rencontre:
    """Change one meeting that nobody changed since; refused when it leaves, or enters, a closed exercice.

    Errors: ErreurMetier when its minutes are adopted; by field, when it would change day after a vote (what it decided
            is dated), or instance after a vote, a convocation, or with points that only its own instance deals with.
    """
    ancienne = verrouiller_rencontre(rencontre.pk)
    exiger_jour_ouvert(champs["date"])
    a_decide = ancienne.scrutins.exists() or ancienne.resolutions.exists()
    if champs["date"] != ancienne.date and a_decide:
        raise ErreurMetier({"date": "Un vote s’y est tenu : sa date ne change plus."})
    instance = champs.get("instance_gouvernance", ancienne.instance_gouvernance)
    if instance != ancienne.instance_gouvernance:
        if a_decide or ancienne.convoquee_le is not None:
            raise ErreurMetier({"instance_gouvernance": CONVOQUEE})
        if ancienne.points.filter(~Q(genre__in=GENRES_LIBRES) | Q(corrige__isnull=False)).exists():
            raise ErreurMetier({"instance_gouvernance": POINTS_PROPRES})
    return modifier(Rencontre, rencontre.pk, version=version, donnees=champs, auteur=auteur)


@transaction.atomic
def dupliquer_rencontre(rencontre: Rencontre, *, date: datetime.date, titre: str, auteur: Utilisateur) -> Rencontre:
    """Announce another meeting like this one: same instance, hour and place, and its ordinary points."""
    champs = {
        "instance_gouvernance": rencontre.instance_gouvernance,
        "titre": titre,
        "date": date,
        "heure": rencontre.heure,
        "lieu": rencontre.lieu,
        "est_publique": rencontre.est_publique,
    }
    nouvelle = creer_rencontre(champs=champs, auteur=auteur)
    libres = rencontre.points.filter(genre=GenrePoint.LIBRE, reporte_de=None)
    for ordre, point in enumerate(libres, start=1):
        copie = {
            "rencontre": nouvelle,
            "ordre": ordre,
            "titre": point.titre,
            "texte": point.texte,
            "duree_minutes": point.duree_minutes,
            "est_public": point.est_public,
        }
        ecrire(affecter(PointOrdreDuJour(), copie), auteur=auteur)
    return nouvelle


@dataclass(frozen=True)
class Envoi:
    """Who a convocation reaches, each address once, and whom it cannot reach."""

    joignables: tuple[Convoque, ...]
    sans_courriel: tuple[Convoque, ...]


def convoques_de(rencontre: Rencontre) -> Envoi:
    """Return who is called to a meeting: the holders of its seats that day, and those the apps above name (R6)."""
    sieges = sieges_appeles(rencontre.instance_gouvernance, rencontre.date)
    tous = [Convoque(str(a.utilisateur), a.utilisateur.email, a.libelle, membre=True) for a in sieges if a.utilisateur]
    tous += registre.convoques_de(rencontre)
    uniques: dict[str, Convoque] = {}
    for convoque in tous:
        if convoque.courriel:
            uniques.setdefault(convoque.courriel.lower(), convoque)
    return Envoi(tuple(uniques.values()), tuple(c for c in tous if not c.courriel))


@transaction.atomic
def convoquer(rencontre: Rencontre, *, auteur: Utilisateur) -> int:
    """Send the convocation, with the agenda as it stands, and return to how many; sending again is allowed.

    Errors: ErreurMetier when the meeting is past, its agenda empty, or nobody can be written to.
    """
    verrou = verrouiller_rencontre(rencontre.pk)
    if verrou.date < timezone.localdate():
        raise ErreurMetier("Cette rencontre est passée : elle ne se convoque plus.")
    if not verrou.points.exists():
        raise ErreurMetier("Écrivez d’abord l’ordre du jour : la convocation le contient.")
    joignables = convoques_de(verrou).joignables
    if not joignables:
        raise ErreurMetier("Personne à convoquer : pourvoyez les sièges de l’instance, ou inscrivez un courriel.")
    for convoque in joignables:
        notifications.convoquer_a_la_rencontre(verrou, convoque)
    _noter(verrou, auteur=auteur, motif="Convocation envoyée", convoquee_le=timezone.now())
    return len(joignables)


@transaction.atomic
def ouvrir_rencontre(rencontre: Rencontre, *, auteur: Utilisateur) -> Rencontre:
    """Write that the meeting opens now; idempotent."""
    verrou = verrouiller_rencontre(rencontre.pk)
    if verrou.date > timezone.localdate():
        raise ErreurMetier(A_VENIR)
    if verrou.ouverte_a is None:
        _noter(verrou, auteur=auteur, motif="Ouverture", ouverte_a=_maintenant())
    return verrou


@transaction.atomic
def lever_rencontre(rencontre: Rencontre, *, auteur: Utilisateur) -> Rencontre:
    """Write that the meeting is adjourned now; idempotent."""
    verrou = verrouiller_rencontre(rencontre.pk)
    if verrou.date > timezone.localdate():
        raise ErreurMetier(A_VENIR)
    if verrou.levee_a is None:
        _noter(verrou, auteur=auteur, motif="Levée", levee_a=_maintenant())
    return verrou


def _maintenant() -> datetime.time:
    return timezone.localtime().time().replace(second=0, microsecond=0)


def _noter(rencontre: Rencontre, *, auteur: Utilisateur, motif: str, **champs: Any) -> None:
    for nom, valeur in champs.items():
        setattr(rencontre, nom, valeur)
    rencontre.version += 1
    ecrire(rencontre, auteur=auteur, motif=motif)
