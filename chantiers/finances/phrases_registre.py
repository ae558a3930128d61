"""How the lines of the chained register about money are named and said; never who was paid."""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.urls import reverse

from chantiers.demandes.models import Decaissement, DemandeFonds
from demarche.registre.protocoles import ObjetNomme
from demarche.socle.francais import ecrire_dollars


def nommer_decaissements(cles: Collection[int]) -> Mapping[int, ObjetNomme]:
    valeurs = Decaissement.objects.filter(pk__in=cles).values_list("pk", "demande", "demande__titre")
    return {pk: _demande(demande, titre) for pk, demande, titre in valeurs}


def nommer_demandes(cles: Collection[int]) -> Mapping[int, ObjetNomme]:
    valeurs = DemandeFonds.objects.filter(pk__in=cles).values_list("pk", "titre")
    return {pk: _demande(pk, titre) for pk, titre in valeurs}


def _demande(pk: int, titre: str) -> ObjetNomme:
    return ObjetNomme(f"demande : {titre}", reverse("demandes:demande_detail", args=[pk]))


def dire_montant(phrase: str) -> Callable[[Mapping[str, Any], ObjetNomme], str]:
    """Return how a line says its amount, in this sentence."""
    return lambda corps, objet: phrase.format(_montant(corps))


def _montant(corps: Mapping[str, Any]) -> str:
    try:
        return ecrire_dollars(Decimal(str(corps.get("montant"))))
    except InvalidOperation:
        return "montant illisible"
