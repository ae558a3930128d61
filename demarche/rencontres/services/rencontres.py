"""Meetings: announce, change, convene, open, adjourn, hold again; frozen once the minutes are adopted."""

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Rencontre
from demarche.gouvernance.protocoles import MEMBRES, Convoque
from demarche.gouvernance.services.exercices import exiger_jour_ouvert
from demarche.rencontres import notifications
from demarche.rencontres.enums import EtatProcesVerbal, GenrePoint
from demarche.rencontres.models import PointOrdreDuJour, ProcesVerbal
from demarche.rencontres.protocoles import AGENDAS
from demarche.scrutins.services.electeurs import sieges_appeles
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.ecriture import affecter, ecrire, modifier

FIGEE = "Le procès-verbal de cette rencontre est adopté : elle ne change plus."
CONVOQUEE = "Elle est convoquée ou a déjà décidé : elle ne change plus d’instance."
POINTS_PROPRES = "Son ordre du jour porte des points propres à son instance : retirez-les d’abord, ou reportez-les."
GENRES_LIBRES = frozenset({GenrePoint.LIBRE, GenrePoint.RESOLUTION})  # what any instance may deal with
A_VENIR = "Cette rencontre n’a pas encore eu lieu."
ANNULEE = "Cette rencontre est annulée : rien ne s’y ajoute. Ses points se reportent à une autre."
NOTEE = "Des présences y sont notées, ou son procès-verbal est commencé : "


def exiger_proces_verbal_ouvert(rencontre: Rencontre) -> None:
    """Refuse to write on a meeting whose minutes are adopted: its points, presences and notes are theirs (R7)."""
    if ProcesVerbal.objects.filter(rencontre=rencontre, etat=EtatProcesVerbal.ADOPTE).exists():
        raise ErreurMetier(FIGEE, code="proces_verbal")


def exiger_maintenue(rencontre: Rencontre) -> None:
    """Refuse to write on a meeting that was cancelled."""
    if rencontre.est_annulee:
        raise ErreurMetier(ANNULEE, code="annulee")


def verrouiller_rencontre(pk: int, *, annulee: bool = False) -> Rencontre:
    """Lock one meeting and return it, provided it may still change; adopting its minutes takes the same lock.

    With `annulee`, a cancelled one is returned too: what was on its agenda is carried over.
    Errors: ErreurMetier when its minutes are adopted, its exercice closed (R10), or when it is cancelled.
    """
    rencontre = Rencontre.objects.select_for_update(of=("self",)).select_related("instance_gouvernance").get(pk=pk)
    exiger_proces_verbal_ouvert(rencontre)
    if not annulee:
        exiger_maintenue(rencontre)
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
            is dated), be held again after presences or minutes were written, or change instance after any of these, a
            convocation, or with points that only its own instance deals with.
    """
    ancienne = verrouiller_rencontre(rencontre.pk)
    exiger_jour_ouvert(champs["date"])
    a_decide = ancienne.scrutins.exists() or ancienne.resolutions.exists()
    if champs["date"] != ancienne.date and a_decide:
        raise ErreurMetier({"date": "Un vote s’y est tenu : sa date ne change plus."})
    notee = _est_notee(ancienne)
    if champs["date"] > max(ancienne.date, timezone.localdate()) and notee:
        raise ErreurMetier({"date": f"{NOTEE}elle a eu lieu, sa date ne passe plus à l’avenir."})
    instance = champs.get("instance_gouvernance", ancienne.instance_gouvernance)
    if instance != ancienne.instance_gouvernance:
        if a_decide or ancienne.convoquee_le is not None:
            raise ErreurMetier({"instance_gouvernance": CONVOQUEE})
        if notee:
            raise ErreurMetier({"instance_gouvernance": f"{NOTEE}elle ne change plus d’instance."})
        if ancienne.points.filter(~Q(genre__in=GENRES_LIBRES) | Q(corrige__isnull=False)).exists():
            raise ErreurMetier({"instance_gouvernance": POINTS_PROPRES})
    return modifier(Rencontre, rencontre.pk, version=version, donnees=champs, auteur=auteur)


def _est_notee(rencontre: Rencontre) -> bool:
    """True when something says that it was held: who was there, or minutes."""
    redigee = ProcesVerbal.objects.filter(rencontre=rencontre).exists()
    return redigee or rencontre.presences_sieges.exists() or AGENDAS.assistance_a(rencontre) is not None


@transaction.atomic
def annuler_rencontre(rencontre: Rencontre, *, motif: str, auteur: Utilisateur) -> Rencontre:
    """Say that a meeting does not take place, and why; those convened to a meeting to come are told. Idempotent.

    Its points stay, to be carried over. What was on no other agenda waits again.
    Errors: ErreurMetier when it voted, when its minutes are drafted or adopted, or without a reason.
    """
    verrou = verrouiller_rencontre(rencontre.pk, annulee=True)
    if verrou.est_annulee:
        return verrou
    if verrou.scrutins.exists() or verrou.resolutions.exists():
        raise ErreurMetier("Un vote s’y est tenu : cette rencontre ne s’annule plus.")
    if ProcesVerbal.objects.filter(rencontre=verrou).exists():
        raise ErreurMetier("Son procès-verbal est commencé : cette rencontre a eu lieu. Supprimez d’abord le projet.")
    if not motif.strip():
        raise ErreurMetier({"motif": "Écrivez pourquoi : les personnes convoquées le liront."})
    verrou.motif_annulation = motif.strip()
    _noter(verrou, auteur=auteur, motif="Annulation", annulee_le=timezone.now())
    if verrou.convoquee_le is not None and verrou.date >= timezone.localdate():
        for convoque in convoques_de(verrou).joignables:
            notifications.annoncer_rencontre_annulee(verrou, convoque)
    return verrou


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
    """Return who is called to a meeting: its seats of that day, and the people that rooms above name (R6)."""
    sieges = sieges_appeles(rencontre.instance_gouvernance, rencontre.date)
    tous = [Convoque(str(a.utilisateur), a.utilisateur.email, a.libelle, membre=True) for a in sieges if a.utilisateur]
    tous += MEMBRES.convoques_de(rencontre)
    uniques: dict[str, Convoque] = {}
    for convoque in tous:
        if convoque.courriel:
            uniques.setdefault(convoque.courriel.lower(), convoque)
    return Envoi(tuple(uniques.values()), tuple(c for c in tous if not c.courriel))


@transaction.atomic
def convoquer(rencontre: Rencontre, *, auteur: Utilisateur, courriels: Sequence[str] = ()) -> int:
    """Send the convocation, with the agenda as it stands, and return to how many; sending again is allowed.

    `courriels` are addresses typed for this sending: kept nowhere but in the outbox.
    Errors: ErreurMetier when the meeting is past, its agenda empty, or nobody can be written to.
    """
    verrou = verrouiller_rencontre(rencontre.pk)
    if verrou.date < timezone.localdate():
        raise ErreurMetier("Cette rencontre est passée : elle ne se convoque plus.")
    points = list(verrou.points.order_by("ordre", "pk"))
    if not points:
        raise ErreurMetier("Écrivez d’abord l’ordre du jour : la convocation le contient.")
    joignables = {convoque.courriel.lower(): convoque for convoque in convoques_de(verrou).joignables}
    for courriel in courriels:
        joignables.setdefault(courriel.lower(), Convoque("", courriel, str(verrou.instance_gouvernance), membre=False))
    if not joignables:
        raise ErreurMetier("Personne à convoquer : pourvoyez les sièges de l’instance, ou ajoutez des courriels.")
    for convoque in joignables.values():
        notifications.convoquer_a_la_rencontre(verrou, convoque, points)
    dit = empreinte_de_la_convocation(verrou, points)
    _noter(verrou, auteur=auteur, motif="Convocation envoyée", convoquee_le=timezone.now(), empreinte_convocation=dit)
    return len(joignables)


def convocation_perimee(rencontre: Rencontre, points: Sequence[PointOrdreDuJour]) -> bool:
    """True when the date, the place or the agenda is no longer what the convocation sent said."""
    envoyee = rencontre.convoquee_le is not None
    return envoyee and rencontre.empreinte_convocation != empreinte_de_la_convocation(rencontre, points)


def empreinte_de_la_convocation(rencontre: Rencontre, points: Sequence[PointOrdreDuJour]) -> str:
    """Return a short text that changes as soon as what a convocation says does: when, where, about what."""
    dit = [str(getattr(rencontre, nom)) for nom in ("titre", "date", "heure", "lieu")]
    dit += [f"{point.titre} {point.duree_minutes}" for point in points]
    return hashlib.sha256(repr(dit).encode()).hexdigest()[:32]


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
