"""What changed in an object, trace by trace, from its history."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils import timezone

from demarche.socle.champs import MontantField
from demarche.socle.francais import ecrire_date, ecrire_dollars

LONGUEUR_CITEE = 60  # beyond, a changed text is named, not quoted


SANS_RESUME = frozenset({"id", "version", "last_login", "password"})


@dataclass(frozen=True)
class LigneHistorique:
    """One trace of an object, ready for the component `historique`."""

    history_date: datetime.datetime
    history_type: str
    history_user: AbstractBaseUser | None
    history_change_reason: str
    resume: tuple[str, ...]  # « mode de décision : Scrutin en ligne → Vote compté en rencontre »


def historique_de(objet: models.Model, nb: int = 20) -> list[LigneHistorique]:
    """Return the last traces of one object, the newest first, each with what changed since the one before.

    Queries: one, and one more for each model that a changed relation points to.
    """
    traces = list(
        objet.history.select_related("history_user").order_by("-history_date", "-history_id")[: nb + 1]  # type: ignore[attr-defined]
    )
    champs = [
        champ
        for champ in getattr(objet.history.model, "tracked_fields", [])  # type: ignore[attr-defined]
        if champ.name not in SANS_RESUME
    ]
    couples = list(zip(traces, [*traces[1:], None], strict=True))
    noms = noms_des_relations(champs, couples)
    lignes = [
        LigneHistorique(
            trace.history_date,
            trace.history_type,
            trace.history_user,
            trace.history_change_reason or "",
            tuple(resumer(champs, trace, precedente, noms)),
        )
        for trace, precedente in couples
    ]
    return lignes[:nb]


def noms_des_relations(
    champs: Iterable[Any], couples: Iterable[tuple[Any, Any]]
) -> dict[type[models.Model], dict[Any, models.Model]]:
    """Return, by model, the objects that changed relations point to."""
    cherches: dict[type[models.Model], set[Any]] = defaultdict(set)
    for trace, precedente in couples:
        for champ in champs:
            if precedente is None or not champ.is_relation:
                continue
            avant, apres = getattr(precedente, champ.attname), getattr(trace, champ.attname)
            if avant != apres:
                cherches[champ.related_model] |= {cle for cle in (avant, apres) if cle is not None}
    return {modele: modele._default_manager.in_bulk(list(cles)) for modele, cles in cherches.items()}


def resumer(
    champs: Iterable[Any], trace: Any, precedente: Any, noms: dict[type[models.Model], dict[Any, models.Model]]
) -> Iterable[str]:
    """Yield one French phrase for each field that changed between two traces."""
    if precedente is None or trace.history_type != "~":
        return
    for champ in champs:
        avant, apres = getattr(precedente, champ.attname), getattr(trace, champ.attname)
        if avant == apres:
            continue
        textes = [ecrire_valeur(champ, valeur, noms) for valeur in (avant, apres)]
        if max(len(texte) for texte in textes) > LONGUEUR_CITEE:
            yield f"{champ.verbose_name} : texte modifié"
        else:
            yield f"{champ.verbose_name} : {textes[0]} → {textes[1]}"


def ecrire_valeur(champ: Any, valeur: Any, noms: dict[type[models.Model], dict[Any, models.Model]]) -> str:
    """Return one value of a field as a person reads it; « vide » for none."""
    if valeur is None or valeur == "":
        return "vide"
    if champ.is_relation:
        return str(noms[champ.related_model].get(valeur, "retiré"))
    if champ.choices:
        return str(dict(champ.flatchoices).get(valeur, valeur))
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, Decimal) and isinstance(champ, MontantField):
        return ecrire_dollars(valeur)
    if isinstance(valeur, datetime.datetime):
        valeur = timezone.localtime(valeur).date()
    return ecrire_date(valeur) if isinstance(valeur, datetime.date) else str(valeur)
