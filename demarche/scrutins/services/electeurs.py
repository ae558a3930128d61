"""Who is called to a ballot, and whose voice somebody speaks for today (R3, R6)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import InstanceGouvernance, Mandat, Siege
from demarche.scrutins.models import Electeur, Scrutin
from demarche.scrutins.protocoles import ELECTORATS


@dataclass(frozen=True)
class Appele:
    """One voice about to be called to a ballot: a seat and its holder, or a partner (R6)."""

    numero: int
    libelle: str
    siege: Siege | None = None
    utilisateur: Utilisateur | None = None


def sieges_appeles(instance_gouvernance: InstanceGouvernance, jour: datetime.date) -> list[Appele]:
    """Return the seats filled on that day, with who holds them; a vacant seat is not called (R3)."""
    mandats = (
        Mandat.objects.en_vigueur(jour)
        .filter(siege__instance_gouvernance=instance_gouvernance, siege__est_actif=True, utilisateur__is_active=True)
        .select_related("siege", "utilisateur")
        .order_by("siege__numero", "du")
    )
    titulaires = {mandat.siege_id: mandat for mandat in mandats}
    return [Appele(m.siege.numero, m.siege.libelle, m.siege, m.utilisateur) for m in titulaires.values()]


def electeur_de(scrutin: Scrutin, utilisateur: Utilisateur) -> Electeur | None:
    """Return the elector this person is today: the seat was called at opening and the mandate holds now (R3).

    At the assemblée, a room above finds the partner that this person speaks for (R6).
    """
    sieges = Mandat.objects.en_vigueur(timezone.localdate()).filter(utilisateur=utilisateur).values("siege")
    electeur = (
        scrutin.electeurs.filter(siege__in=sieges).select_related("siege", "vote", "recusation").order_by("pk").first()
    )
    return electeur or ELECTORATS.voix_de(scrutin, utilisateur)


def libelles_vacants(instance_gouvernance: InstanceGouvernance, appeles: Iterable[Appele]) -> list[str]:
    """Return the labels of the active seats that a ballot does not call; none when it calls no seat (R3)."""
    sieges = [appele.siege.pk for appele in appeles if appele.siege is not None]
    if not sieges:
        return []
    vacants = instance_gouvernance.sieges.filter(est_actif=True).exclude(pk__in=sieges)
    return list(vacants.order_by("numero").values_list("libelle", flat=True))


def noter_consultation(electeur: Electeur, *, par: Utilisateur) -> None:
    """Note the first display of the sheet to this voice, by whom and when; the later ones change nothing (R5).

    The one write a reading makes: « qui bloque? » must tell who has not opened from who has not answered. One UPDATE
    without history, that only an empty column accepts, or a seat that somebody else held: two displays at once leave
    the first.
    """
    autre_titulaire = Q(siege__isnull=False) & ~Q(consulte_par=par)
    Electeur.objects.filter(Q(consulte_le=None) | autre_titulaire, pk=electeur.pk).update(
        consulte_le=timezone.now(), consulte_par=par
    )
