"""What changed in an object, trace by trace, read from its history."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

from demarche.socle.champs import MontantField
from demarche.socle.francais import ecrire_date, ecrire_dollars

LONGUEUR_CITEE = 60  # beyond, a changed text is named, not quoted
SANS_RESUME = frozenset({"id", "version", "last_login", "password"})

Changement = tuple[Any, Any, Any]  # field, value before, value after
Noms = dict[type[models.Model], dict[Any, models.Model]]


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
    history = objet.history  # type: ignore[attr-defined]
    traces = list(history.select_related("history_user").order_by("-history_date", "-history_id")[: nb + 1])
    champs = [champ for champ in history.model.tracked_fields if champ.name not in SANS_RESUME]
    # `diff_against` would ask one query for each relation, sort by name, and leave out what no form edits.
    changements = [_comparer(champs, *couple) for couple in zip(traces, [*traces[1:], None], strict=True)]
    noms = _noms_des_relations(chain.from_iterable(changements))
    return [
        LigneHistorique(
            trace.history_date,
            trace.history_type,
            trace.history_user,
            trace.history_change_reason or "",
            tuple(_resumer(changement, noms) for changement in changes),
        )
        for trace, changes in zip(traces[:nb], changements, strict=False)
    ]


def _comparer(champs: Iterable[Any], trace: Any, precedente: Any) -> list[Changement]:
    """Return the fields that this trace changed, in the order of the model."""
    if precedente is None or trace.history_type != "~":
        return []
    valeurs = ((champ, getattr(precedente, champ.attname), getattr(trace, champ.attname)) for champ in champs)
    return [(champ, avant, apres) for champ, avant, apres in valeurs if avant != apres]


def _noms_des_relations(changements: Iterable[Changement]) -> Noms:
    """Return, by model, the objects that changed relations point to."""
    cherches: dict[type[models.Model], set[Any]] = defaultdict(set)
    for champ, *valeurs in changements:
        if champ.is_relation:
            cherches[champ.related_model].update(cle for cle in valeurs if cle is not None)
    return {modele: modele._default_manager.in_bulk(list(cles)) for modele, cles in cherches.items()}


def _resumer(changement: Changement, noms: Noms) -> str:
    """Return one French phrase about a field that changed."""
    champ, *valeurs = changement
    avant, apres = (_ecrire_valeur(champ, valeur, noms) for valeur in valeurs)
    if max(len(avant), len(apres)) > LONGUEUR_CITEE:
        return f"{champ.verbose_name}\u00a0: texte modifié"
    return f"{champ.verbose_name}\u00a0: {avant} → {apres}"


def _ecrire_valeur(champ: Any, valeur: Any, noms: Noms) -> str:
    """Return one value of a field as a person reads it; « vide » for none."""
    if valeur is None or valeur == "":
        return "vide"
    if champ.is_relation:
        return str(noms[champ.related_model].get(valeur, "retiré"))
    if champ.choices:
        return str(dict(champ.flatchoices).get(valeur, valeur))
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(champ, MontantField):
        return ecrire_dollars(valeur)
    return ecrire_date(valeur) if isinstance(valeur, datetime.date) else str(valeur)
