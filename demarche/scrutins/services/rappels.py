"""Reminders before a deadline: one a person and a deadline, one e-mail for all of them (R5)."""

import datetime
from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.defauts import RAPPEL_APRES, RAPPEL_AVANT
from demarche.gouvernance.enums import MODES_A_DISTANCE
from demarche.gouvernance.queries.reglages import valeur_de
from demarche.scrutins import notifications
from demarche.scrutins.models import Electeur, Rappel, Scrutin
from demarche.scrutins.protocoles import ELECTORATS, OBJETS
from demarche.scrutins.queries import titulaires_du_jour


def a_rappeler(instant: datetime.datetime) -> dict[Utilisateur, list[Electeur]]:
    """Return who is still waited for at the ballots that close soon (RAPPEL_AVANT), the nearest deadline first.

    The voice has no vote and no recusal; the ballot has been open for a while (RAPPEL_APRES). The reminder goes to the
    holder of today, never to the demandeur. A voice without speaker today is left out.
    """
    scrutins = Scrutin.objects.ouverts().filter(
        mode__in=MODES_A_DISTANCE,
        echeance__gt=instant,
        echeance__lte=instant + datetime.timedelta(hours=valeur_de(RAPPEL_AVANT)),
        ouvert_le__lte=instant - datetime.timedelta(hours=valeur_de(RAPPEL_APRES)),
    )
    electeurs = list(
        Electeur.objects.filter(scrutin__in=scrutins, vote=None, recusation=None)
        .select_related("scrutin__instance_gouvernance", "utilisateur")
        .order_by("scrutin__echeance", "scrutin", "numero")
    )
    titulaires = titulaires_du_jour(electeurs)
    demandeurs = OBJETS.demandeurs_de(electeur.scrutin for electeur in electeurs)
    attendus: dict[Utilisateur, list[Electeur]] = defaultdict(list)
    for electeur in electeurs:
        compte = titulaires.get(electeur.pk)
        if compte is not None and compte.pk not in demandeurs[electeur.scrutin_id] and _parle(electeur, compte):
            attendus[compte].append(electeur)
    return attendus


def _parle(electeur: Electeur, compte: Utilisateur) -> bool:
    """Return whether the account called for a partner still speaks for it; for a seat, its holder always does."""
    return electeur.siege_id is not None or ELECTORATS.voix_de(electeur.scrutin, compte) == electeur


@transaction.atomic
def _rappeler_a(compte: Utilisateur, electeurs: Sequence[Electeur], instant: datetime.datetime) -> bool:
    """Write one e-mail about the ballots whose deadline this person was not reminded of yet; return whether it left.

    The unique constraint of `Rappel` decides between two schedulers: the second finds what the first wrote.
    """
    par_echeance: dict[datetime.datetime, list[Electeur]] = defaultdict(list)
    for electeur in electeurs:
        assert electeur.scrutin.echeance is not None  # noqa: S101 - a ballot about to close has its deadline
        par_echeance[electeur.scrutin.echeance].append(electeur)
    a_dire: list[Scrutin] = []
    for echeance, voix in par_echeance.items():
        rappel, nouveau = Rappel.objects.get_or_create(
            utilisateur=compte, echeance=echeance, defaults={"envoye_le": instant}
        )
        if nouveau:
            rappel.electeurs.set(voix)
            a_dire += [electeur.scrutin for electeur in voix]
    if a_dire:
        notifications.rappeler_les_scrutins(compte, a_dire)
    return bool(a_dire)


def rappel_prevu(scrutin: Scrutin) -> bool:
    """Return whether a reminder will leave before this ballot closes: never just after its opening (RAPPEL_APRES)."""
    apres = datetime.timedelta(hours=valeur_de(RAPPEL_APRES))
    return scrutin.echeance is not None and scrutin.ouvert_le + apres < scrutin.echeance


def rappeler(instant: datetime.datetime | None = None) -> int:
    """Write to each person waited for, once a deadline, and return how many e-mails left.

    Idempotent. A scheduler that was down sends what is still useful when it comes back: one e-mail a person, nothing
    for a deadline already passed.
    """
    maintenant = instant or timezone.now()
    return sum(_rappeler_a(compte, electeurs, maintenant) for compte, electeurs in a_rappeler(maintenant).items())
