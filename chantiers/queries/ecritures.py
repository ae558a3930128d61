"""The ledger: what was granted, paid, reversed and released, in the order of the days, with its running balances."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from django.utils import timezone

from chantiers.enums import EtatDemande
from chantiers.models import Decaissement, DemandeFonds, Enveloppe
from demarche.enums import GenreEvenement
from demarche.models import EvenementRegistre, Exercice

ZERO = Decimal(0)
OCTROI, DECAISSEMENT, ANNULATION, LIBERATION = "Octroi", "Décaissement", "Annulation d’un décaissement", "Libération"
GENRES = (
    GenreEvenement.RESOLUTION,
    GenreEvenement.DECAISSEMENT,
    GenreEvenement.CONTREPASSATION,
    GenreEvenement.LIBERATION,
)


@dataclass(frozen=True)
class Ecriture:
    """One entry of the ledger; amounts in CAD, signed.

    `engagement` adds what is promised and not yet paid, `paiement` what left; a payment moves one to the other.
    """

    date: datetime.date
    exercice: str  # code of the exercice of that day
    numero: int | None  # line of the chained register
    genre: str
    demande: DemandeFonds
    engagement: Decimal
    paiement: Decimal
    decaissement: Decaissement | None = None
    solde_engage: Decimal = ZERO  # running, this entry included
    solde_paye: Decimal = ZERO

    @property
    def enveloppe(self) -> Enveloppe:
        assert self.demande.enveloppe is not None  # noqa: S101 - a granted request has its envelope
        return self.demande.enveloppe


def ecritures(*, exercice: Exercice | None = None, enveloppe: Enveloppe | None = None) -> list[Ecriture]:
    """Return the entries of the ledger in the order of the days, in four queries.

    `exercice` keeps the entries of its days; their running balances still start from all that came before.
    """
    demandes = DemandeFonds.objects.filter(etat=EtatDemande.ACCORDEE).select_related(
        "enveloppe", "action_collective__chantier", "exercice", "resolution", "organisation"
    )
    if enveloppe is not None:
        demandes = demandes.filter(enveloppe=enveloppe)
    toutes = sorted(_ecritures(list(demandes)), key=lambda e: (e.date, e.genre != OCTROI, e.numero or 0))
    cumulees = _cumuler(toutes)
    return [e for e in cumulees if exercice is None or e.exercice == exercice.code]


def _ecritures(demandes: list[DemandeFonds]) -> Iterator[Ecriture]:
    exercices = list(Exercice.objects.all())
    lignes = EvenementRegistre.objects.filter(genre__in=GENRES)
    numeros = {(ligne.genre, ligne.objet): ligne.numero for ligne in lignes}
    par_pk = {demande.pk: demande for demande in demandes}

    def code(jour: datetime.date) -> str:
        return next((e.code for e in exercices if e.contient(jour)), "")

    for demande in demandes:
        assert demande.resolution is not None and demande.montant_accorde is not None  # noqa: S101, PT018
        jour = demande.resolution.adoptee_le
        numero = numeros.get((GenreEvenement.RESOLUTION, f"resolution {demande.resolution_id}"))
        yield Ecriture(jour, code(jour), numero, OCTROI, demande, demande.montant_accorde, ZERO)
    for paiement in Decaissement.objects.filter(demande__in=par_pk).select_related("recu", "contrepasse"):
        annule = paiement.contrepasse_id is not None
        genre = GenreEvenement.CONTREPASSATION if annule else GenreEvenement.DECAISSEMENT
        yield Ecriture(
            date=paiement.date,
            exercice=code(paiement.date),
            numero=numeros.get((genre, f"decaissement {paiement.pk}")),
            genre=ANNULATION if annule else DECAISSEMENT,
            demande=par_pk[paiement.demande_id],
            engagement=-paiement.montant,
            paiement=paiement.montant,
            decaissement=paiement,
        )
    for ligne in lignes:
        if ligne.genre == GenreEvenement.LIBERATION and ligne.valeurs["demande"] in par_pk:
            jour = timezone.localdate(ligne.inscrit_le)
            montant = Decimal(ligne.valeurs["montant"])
            yield Ecriture(
                jour, code(jour), ligne.numero, LIBERATION, par_pk[ligne.valeurs["demande"]], -montant, ZERO
            )


def _cumuler(entrees: Iterable[Ecriture]) -> Iterator[Ecriture]:
    engage = paye = ZERO
    for entree in entrees:
        engage, paye = engage + entree.engagement, paye + entree.paiement
        yield replace(entree, solde_engage=engage, solde_paye=paye)


@dataclass(frozen=True)
class TotauxEcritures:
    """Sums of the entries that share one key; amounts in CAD."""

    cle: str
    nombre: int = 0
    octroye: Decimal = ZERO
    libere: Decimal = ZERO
    paye: Decimal = ZERO
    engagement: Decimal = ZERO  # octroyé, moins payé, moins libéré


def totaliser(cle: str, entrees: Iterable[Ecriture]) -> TotauxEcritures:
    """Return the sums of these entries."""
    toutes = list(entrees)
    return TotauxEcritures(
        cle=cle,
        nombre=len(toutes),
        octroye=sum((e.engagement for e in toutes if e.genre == OCTROI), ZERO),
        libere=-sum((e.engagement for e in toutes if e.genre == LIBERATION), ZERO),
        paye=sum((e.paiement for e in toutes), ZERO),
        engagement=sum((e.engagement for e in toutes), ZERO),
    )


def totaux_par(entrees: Iterable[Ecriture], attribut: str) -> list[TotauxEcritures]:
    """Return the sums by envelope (« enveloppe ») or by action (« action_collective »), by name."""

    def cle(entree: Ecriture) -> str:
        return str(entree.enveloppe if attribut == "enveloppe" else getattr(entree.demande, attribut))

    return [totaliser(nom, groupe) for nom, groupe in groupby(sorted(entrees, key=cle), key=cle)]
