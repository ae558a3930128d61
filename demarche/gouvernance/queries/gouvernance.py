"""Who decides and who sits: the tree of instances, seats filled and vacant, mandates about to end (R3)."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.defauts import MANDAT_FINISSANT
from demarche.gouvernance.diagrammes import decideurs_dessines
from demarche.gouvernance.enums import QUI_DECIDENT, GenreInstance
from demarche.gouvernance.models import InstanceGouvernance, Mandat, Siege
from demarche.gouvernance.protocoles import MEMBRES
from demarche.gouvernance.queries.reglages import jours_de


@dataclass(frozen=True)
class LigneSiege:
    """One seat: who holds it today, who will, who did; since when it is vacant (None when nobody knows)."""

    siege: Siege
    titulaire: Mandat | None
    a_venir: list[Mandat]
    passes: list[Mandat]  # the last one first
    vacant_depuis: datetime.date | None
    finit_bientot: bool = False  # within MANDAT_FINISSANT, with nobody named after


@dataclass(frozen=True)
class LigneInstance:
    """One instance in the tree, with its seats of the day."""

    rang: int
    instance_gouvernance: InstanceGouvernance
    sieges: tuple[LigneSiege, ...]

    @property
    def nb_sieges(self) -> int:
        return len(self.sieges)

    @property
    def nb_pourvus(self) -> int:
        return sum(1 for ligne in self.sieges if ligne.titulaire is not None)

    @property
    def nb_vacants(self) -> int:
        return self.nb_sieges - self.nb_pourvus


def mandats_du_jour(utilisateur: Utilisateur) -> list[Mandat]:
    """Return the mandates this account holds today with their seat and instance; read once a request."""
    if "_mandats_du_jour" not in utilisateur.__dict__:
        mandats = utilisateur.mandats.en_vigueur(timezone.localdate()).select_related("siege__instance_gouvernance")
        utilisateur.__dict__["_mandats_du_jour"] = list(mandats)
    lus: list[Mandat] = utilisateur.__dict__["_mandats_du_jour"]
    return lus


def noms_des_decideurs() -> dict[str, str]:
    """Return how each kind of instance that decides on money is named here, by its kind while none is active.

    One query. Two of one kind: the first in their order, as in the allocation of a request (R1).
    """
    return decideurs_dessines(InstanceGouvernance.objects.filter(genre__in=QUI_DECIDENT, est_active=True))


def lire_siege(
    siege: Siege, jour: datetime.date, ajoute_le: datetime.date | None, horizon: datetime.date
) -> LigneSiege:
    """Return one seat as it is that day; its mandates are prefetched.

    horizon: the last day of a mandate that ends soon.
    """
    tous = sorted(siege.mandats.all(), key=lambda m: m.du, reverse=True)
    titulaire = next((m for m in tous if m.en_vigueur(jour)), None)
    a_venir = [m for m in tous if m.du > jour]
    passes = [m for m in tous if m.du <= jour and m is not titulaire and m.au is not None]
    depuis = None
    if titulaire is None:
        depuis = fin_reelle(passes[0]) if passes else ajoute_le
    return LigneSiege(siege, titulaire, a_venir, passes, depuis, _finit_bientot(titulaire, a_venir, horizon))


def _finit_bientot(titulaire: Mandat | None, a_venir: list[Mandat], horizon: datetime.date) -> bool:
    """True when the mandate ends by that day and nobody is named from the day after."""
    if titulaire is None or titulaire.au is None or titulaire.au > horizon:
        return False
    lendemain = titulaire.au + datetime.timedelta(days=1)
    return not any(suivant.du <= lendemain for suivant in a_venir)


def fin_reelle(mandat: Mandat) -> datetime.date:
    """Return the first day without this holder: the very day when it was ended that day, else the day after."""
    assert mandat.au is not None  # noqa: S101 - a past mandate has an end
    fin: datetime.date = mandat.au
    a_l_instant = mandat.termine_le is not None and timezone.localdate(mandat.termine_le) == fin
    return fin if a_l_instant else fin + datetime.timedelta(days=1)


def sieges_en_date(
    jour: datetime.date, *, instance_gouvernance: InstanceGouvernance | None = None, siege: Siege | None = None
) -> list[LigneSiege]:
    """Return the seats as they are that day, of one instance, one seat, or all of them, in four queries."""
    mandats = Prefetch("mandats", queryset=Mandat.objects.select_related("utilisateur"))
    sieges = Siege.objects.select_related("instance_gouvernance").prefetch_related(mandats)
    if instance_gouvernance is not None:
        sieges = sieges.filter(instance_gouvernance=instance_gouvernance)
    if siege is not None:
        sieges = sieges.filter(pk=siege.pk)
    lus = list(sieges.order_by("instance_gouvernance__ordre", "instance_gouvernance__nom", "numero"))
    traces = Siege.history.filter(id__in=[s.pk for s in lus], history_type="+")
    ajouts = {pk: timezone.localdate(le) for pk, le in traces.values_list("id", "history_date")}
    horizon = jour + jours_de(MANDAT_FINISSANT)
    return [lire_siege(s, jour, ajouts.get(s.pk), horizon) for s in lus]


def arbre_instances(jour: datetime.date, *, actives: bool = False) -> list[LigneInstance]:
    """Return the instances in the order of their tree, each with its active seats, in five queries.

    actives: leave out those that are no longer active; a child of one of them then stands at the top.
    """
    toutes = list(InstanceGouvernance.objects.filter(**({"est_active": True} if actives else {})))
    sieges: dict[int, list[LigneSiege]] = defaultdict(list)
    for ligne in sieges_en_date(jour):
        if ligne.siege.est_actif:
            sieges[ligne.siege.instance_gouvernance_id].append(ligne)
    connues = {une.pk for une in toutes}
    enfants: dict[int | None, list[InstanceGouvernance]] = defaultdict(list)
    for une in toutes:
        enfants[une.parent_id if une.parent_id in connues else None].append(une)
    lignes: list[LigneInstance] = []
    pile = [(0, une) for une in reversed(enfants[None])]
    while pile:
        rang, une = pile.pop()
        lignes.append(LigneInstance(rang, une, tuple(sieges[une.pk])))
        pile += [(rang + 1, enfant) for enfant in reversed(enfants[une.pk])]
    return lignes


def nb_voix_de(instance_gouvernance: InstanceGouvernance, jour: datetime.date) -> int | None:
    """Return how many voices an instance has that day: its filled seats, or the count of a room above; else None."""
    if instance_gouvernance.genre == GenreInstance.ASSEMBLEE:
        return MEMBRES.nb_voix_de(instance_gouvernance, jour)
    mandats = Mandat.objects.en_vigueur(jour).filter(
        siege__instance_gouvernance=instance_gouvernance, siege__est_actif=True, utilisateur__is_active=True
    )
    return mandats.values("siege").distinct().count()


def sieges_vacants(jour: datetime.date) -> list[LigneSiege]:
    """Return the active seats that nobody holds that day, in active instances."""
    return [ligne for ligne in sieges_suivis(jour) if ligne.titulaire is None]


def mandats_finissants(jour: datetime.date) -> list[Mandat]:
    """Return the mandates that end soon (MANDAT_FINISSANT) with nobody named after, the nearest end first."""
    proches = [ligne.titulaire for ligne in sieges_suivis(jour) if ligne.finit_bientot and ligne.titulaire]
    return sorted(proches, key=lambda m: (m.au or jour, m.pk))


def sieges_suivis(jour: datetime.date) -> list[LigneSiege]:
    """Return the active seats of the active instances."""
    return [
        ligne
        for ligne in sieges_en_date(jour)
        if ligne.siege.est_actif and ligne.siege.instance_gouvernance.est_active
    ]
