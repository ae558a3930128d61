"""The ledger: what was granted, paid, reversed and released, in the order of the days, with its running balances."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils import timezone

from chantiers.budget.models import Enveloppe
from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.models import Decaissement, DemandeFonds
from demarche.gouvernance.models import Exercice
from demarche.registre.enums import GenreEvenement
from demarche.registre.models import EvenementRegistre

ZERO = Decimal("0.00")
OCTROI, PAIEMENT, ANNULATION, LIBERATION = "Octroi", "Paiement", "Annulation d’un paiement", "Libération"
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
    motif: str = ""
    inscrit_par: str = ""
    annule: int | None = None  # line of the register of the payment that this entry reverses
    solde_engage: Decimal = ZERO  # running, this entry included
    solde_paye: Decimal = ZERO

    @property
    def enveloppe(self) -> Enveloppe:
        assert self.demande.enveloppe is not None  # noqa: S101 - a granted request has its envelope
        return self.demande.enveloppe


@dataclass(frozen=True)
class Livre:
    """The entries of a period, and those that came before it, whose balances it starts from."""

    avant: tuple[Ecriture, ...]
    entrees: tuple[Ecriture, ...]
    exercice: Exercice | None  # None: from the first entry to the last

    @property
    def total(self) -> "TotauxEcritures":
        return totaliser("Total", self.entrees, self.avant)

    def par(self, attribut: str) -> list["TotauxEcritures"]:
        """Return the sums by envelope (« enveloppe ») or by action (« action_collective »), by name."""

        def cle(entree: Ecriture) -> str:
            return str(entree.enveloppe if attribut == "enveloppe" else getattr(entree.demande, attribut))

        groupes: dict[str, tuple[list[Ecriture], list[Ecriture]]] = defaultdict(lambda: ([], []))
        for rang, entrees in enumerate((self.entrees, self.avant)):
            for entree in entrees:
                groupes[cle(entree)][rang].append(entree)
        return [totaliser(nom, *groupes[nom]) for nom in sorted(groupes)]


def lire_livre(*, exercice: Exercice | None = None, enveloppe: Enveloppe | None = None) -> Livre:
    """Return the ledger in the order of the days, in five queries; `exercice` keeps the entries of its days."""
    demandes = DemandeFonds.objects.filter(etat=EtatDemande.ACCORDEE).select_related(
        "enveloppe", "action_collective__chantier", "exercice", "resolution", "organisation", "ligne_budgetaire"
    )
    if enveloppe is not None:
        demandes = demandes.filter(enveloppe=enveloppe)
    entrees = _ecritures(list(demandes.select_related("decidee_par")))
    toutes = tuple(_cumuler(sorted(entrees, key=lambda e: (e.date, e.genre != OCTROI, e.numero or 0))))
    if exercice is None:
        return Livre((), toutes, None)
    avant = tuple(e for e in toutes if e.date < exercice.debut)
    return Livre(avant, tuple(e for e in toutes if exercice.contient(e.date)), exercice)


def _ecritures(demandes: list[DemandeFonds]) -> Iterator[Ecriture]:
    exercices = list(Exercice.objects.all())
    par_pk = {demande.pk: demande for demande in demandes}
    paiements = list(
        Decaissement.objects.filter(demande__in=par_pk).select_related("recu", "contrepasse", "inscrit_par")
    )
    objets = [
        *(f"resolution {demande.resolution_id}" for demande in demandes),
        *(f"demande {demande.pk}" for demande in demandes),
        *(f"decaissement {paiement.pk}" for paiement in paiements),
    ]
    lignes = list(EvenementRegistre.objects.filter(genre__in=GENRES, objet__in=objets).order_by("numero"))
    numeros = {(ligne.genre, ligne.objet): ligne.numero for ligne in lignes}

    def code(jour: datetime.date) -> str:
        return next((e.code for e in exercices if e.contient(jour)), "")

    for demande in demandes:
        assert demande.resolution is not None and demande.montant_accorde is not None  # noqa: S101, PT018
        jour = demande.resolution.adoptee_le
        numero = numeros.get((GenreEvenement.RESOLUTION, f"resolution {demande.resolution_id}"))
        octroi = Ecriture(jour, code(jour), numero, OCTROI, demande, demande.montant_accorde, ZERO)
        yield replace(octroi, inscrit_par=str(demande.decidee_par or ""))
    for paiement in paiements:
        annule = paiement.contrepasse_id is not None
        genre = GenreEvenement.CONTREPASSATION if annule else GenreEvenement.DECAISSEMENT
        yield Ecriture(
            date=paiement.date,
            exercice=code(paiement.date),
            numero=numeros.get((genre, f"decaissement {paiement.pk}")),
            genre=ANNULATION if annule else PAIEMENT,
            demande=par_pk[paiement.demande_id],
            engagement=-paiement.montant,
            paiement=paiement.montant,
            decaissement=paiement,
            motif=paiement.motif,
            inscrit_par=str(paiement.inscrit_par or ""),
            annule=numeros.get((GenreEvenement.DECAISSEMENT, f"decaissement {paiement.contrepasse_id}")),
        )
    yield from _liberations(par_pk, [ligne for ligne in lignes if ligne.genre == GenreEvenement.LIBERATION], code)


def _liberations(
    par_pk: dict[int, DemandeFonds], lignes: list[EvenementRegistre], code: Callable[[datetime.date], str]
) -> Iterator[Ecriture]:
    """Yield each release with its reason and its author, which its history alone knows, in order."""
    traces = DemandeFonds.history.filter(id__in=par_pk, history_change_reason__startswith=LIBERATION)
    suite: dict[int, list[Any]] = defaultdict(list)
    for trace in traces.select_related("history_user").order_by("-history_date", "-history_id"):
        suite[trace.id].append(trace)
    for ligne in lignes:
        pk, jour, montant = ligne.valeurs["demande"], timezone.localdate(ligne.inscrit_le), ligne.valeurs["montant"]
        trace = suite[pk].pop() if suite[pk] else None
        yield Ecriture(
            date=jour,
            exercice=code(jour),
            numero=ligne.numero,
            genre=LIBERATION,
            demande=par_pk[pk],
            engagement=-Decimal(montant),
            paiement=ZERO,
            motif=trace.history_change_reason.partition(" : ")[2] if trace else "",
            inscrit_par=str(trace.history_user or "") if trace else "",
        )


def _cumuler(entrees: Iterable[Ecriture]) -> Iterator[Ecriture]:
    engage = paye = ZERO
    for entree in entrees:
        engage, paye = engage + entree.engagement, paye + entree.paiement
        yield replace(entree, solde_engage=engage, solde_paye=paye)


@dataclass(frozen=True)
class TotauxEcritures:
    """Sums of the entries of a period that share one key; amounts in CAD."""

    cle: str
    nombre: int = 0
    reporte: Decimal = ZERO  # left to pay when the period starts
    paye_avant: Decimal = ZERO
    octroye: Decimal = ZERO
    libere: Decimal = ZERO
    paye: Decimal = ZERO

    @property
    def reste(self) -> Decimal:
        """What is left to pay when the period ends."""
        return self.reporte + self.octroye - self.libere - self.paye

    @property
    def paye_en_tout(self) -> Decimal:
        return self.paye_avant + self.paye


def totaliser(cle: str, entrees: Sequence[Ecriture], avant: Sequence[Ecriture] = ()) -> TotauxEcritures:
    """Return the sums of these entries, which start from what `avant` left to pay."""
    return TotauxEcritures(
        cle=cle,
        nombre=len(entrees),
        reporte=sum((e.engagement for e in avant), ZERO),
        paye_avant=sum((e.paiement for e in avant), ZERO),
        octroye=sum((e.engagement for e in entrees if e.genre == OCTROI), ZERO),
        libere=-sum((e.engagement for e in entrees if e.genre == LIBERATION), ZERO),
        paye=sum((e.paiement for e in entrees), ZERO),
    )
