"""What the register says of payments, against their rows of today (R7, R8)."""

from collections.abc import Iterator, Sequence

from chantiers.demandes.models import Decaissement
from chantiers.finances.services.decaissements import corps_decaissement, secret_decaissement
from demarche.registre.protocoles import Rupture
from demarche.registre.services.lecture import (
    LigneLue,
    confronter,
    ecarts,
)


def controler_decaissements() -> Iterator[Rupture]:
    """Compare each payment, and each entry that reverses one, with its line."""

    def comparer(decaissement: Decaissement, lignes: Sequence[LigneLue]) -> Iterator[Rupture]:
        if not lignes:
            yield Rupture(None, f"decaissement {decaissement.pk}", "aucune ligne ne dit ce paiement.")
            return
        yield from ecarts(
            lignes[0],
            corps=corps_decaissement(decaissement),
            secret=secret_decaissement(decaissement),
            engage="à qui, pour quoi et par quelle référence ce paiement est fait",
        )
        if not decaissement.exercice.contient(decaissement.date):
            yield lignes[0].dit("dans la base, ce paiement est compté dans un exercice qui ne contient pas sa date.")
        for ligne in lignes[1:]:
            yield ligne.dit(f"ce paiement était déjà inscrit à la ligne {lignes[0].numero}.")

    yield from confronter(
        "decaissement",
        Decaissement.objects.select_related("exercice"),
        comparer,
        disparue="le paiement dont elle parle n’existe plus.",
    )
