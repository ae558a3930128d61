"""The numbers of ours that the démarche may confirm or change: which one is in force (R4, R5, *ours*)."""

import datetime
from collections.abc import Iterable

from django.urls import reverse

from demarche.gouvernance.models import Reglage
from demarche.gouvernance.protocoles import REGLES, Defaut, ValeurReglee


def valeur_de(defaut: Defaut) -> int:
    """Return the number in force: the démarche's own, else ours. One query."""
    propre = Reglage.objects.filter(cle=defaut.cle).values_list("valeur", flat=True).first()
    return defaut.valeur if propre is None else propre


def jours_de(defaut: Defaut) -> datetime.timedelta:
    """Return the number in force of a delay in days. One query."""
    return datetime.timedelta(days=valeur_de(defaut))


def valeurs_reglables() -> Iterable[ValeurReglee]:
    """Say each number that may be confirmed or changed, with its source; one query."""
    propres = {reglage.cle: reglage for reglage in Reglage.objects.all()}
    for defaut in REGLES.defauts_reglables().values():
        propre = propres.get(defaut.cle)
        texte = defaut.phrase.format(propre.valeur if propre else defaut.valeur)
        url = reverse("gouvernance:valeur_regler", args=[defaut.cle])
        yield ValeurReglee(defaut.groupe, defaut.nom, texte, propre.source if propre else "", url)
