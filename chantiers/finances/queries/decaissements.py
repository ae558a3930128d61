"""Payments: what waits to be paid, what was paid, what was released, and that all of it ties."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Round

from chantiers.budget.models import Enveloppe
from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.models import Decaissement, DemandeFonds
from chantiers.demandes.queries.engagements import ZERO, soldes_enveloppes
from chantiers.finances.queries.budget import A_PAYER, somme, sommes_par
from chantiers.finances.queries.ecritures import lire_livre
from demarche.gouvernance.models import Exercice
from demarche.socle.francais import ecrire_dollars


def demandes_a_payer(
    *, enveloppe: Enveloppe | None = None, exercice: Exercice | None = None
) -> QuerySet[DemandeFonds]:
    """Return the granted requests, of an exercice if asked, with something left to pay, the oldest decision first."""
    demandes = (
        DemandeFonds.objects.filter(etat=EtatDemande.ACCORDEE).alias(reste=Round(A_PAYER, 2)).filter(reste__gt=0)
    )
    for champ, valeur in (("enveloppe", enveloppe), ("exercice", exercice)):
        if valeur is not None:
            demandes = demandes.filter(**{champ: valeur})
    return demandes.select_related("action_collective", "organisation", "enveloppe", "resolution").order_by(
        "resolution__adoptee_le", "pk"
    )


def total_a_payer(demandes: QuerySet[DemandeFonds]) -> Decimal:
    """Return what is left to pay on these requests, in CAD."""
    total: Decimal = demandes.order_by().aggregate(somme=somme(A_PAYER))["somme"]
    return total


def paiements(
    *, exercice: Exercice | None = None, enveloppe: Enveloppe | None = None, demande: DemandeFonds | None = None
) -> QuerySet[Decaissement]:
    """Return the entries of payment, the reversals among them, ready to list in one query, the last day first."""
    lignes = Decaissement.objects.select_related(
        "demande__action_collective", "demande__enveloppe", "exercice", "recu", "contrepasse", "contrepassation"
    )
    for champ, valeur in (("exercice", exercice), ("demande__enveloppe", enveloppe), ("demande", demande)):
        if valeur is not None:
            lignes = lignes.filter(**{champ: valeur})
    return lignes.order_by("-date", "-pk")


def payes_par_enveloppe(lignes: QuerySet[Decaissement]) -> QuerySet[Any, Any]:
    """Return what each envelope paid among these entries, reversals taken off, in one query.

    Shape: `enveloppe_pk`, `enveloppe` (its name), `montant` in CAD; by name.
    """
    enveloppe = {"enveloppe_pk": F("demande__enveloppe"), "enveloppe": F("demande__enveloppe__nom")}
    return lignes.order_by("demande__enveloppe__nom").values(**enveloppe).annotate(montant=somme("montant"))


@dataclass(frozen=True)
class Liberation:
    """One release of what was left on a request."""

    date: datetime.datetime
    montant: Decimal
    motif: str


def liberations_de(demande: DemandeFonds) -> list[Liberation]:
    """Return each release of one request with its reason, from its history, in one query."""
    traces = demande.history.order_by("history_date", "history_id").values_list(
        "history_date", "montant_libere", "history_change_reason"
    )
    avant, trouvees = ZERO, []
    for date, libere, motif in traces:
        if libere > avant:
            trouvees.append(Liberation(date, libere - avant, (motif or "").partition(" : ")[2]))
        avant = libere
    return trouvees


@dataclass(frozen=True)
class Concordance:
    """What is paid, added up along each path of the data; in CAD. Two paths that differ mean a row is wrong."""

    chemins: dict[str, Decimal]  # « par action », « par chantier », « par enveloppe », … -> what is paid
    ecarts: tuple[str, ...]  # French sentences

    @property
    def concorde(self) -> bool:
        return not self.ecarts


def concordance() -> Concordance:
    """Return whether the figures tie, over all exercices, in a constant number of queries.

    Paid by action = by chantier = by envelope = entries of payment = ledger; and each envelope commits what its
    grants, less what was released, and its open ballots say.
    """
    demandes = DemandeFonds.objects.filter(etat=EtatDemande.ACCORDEE).order_by()
    lignes = Decaissement.objects.order_by()
    soldes = soldes_enveloppes()
    livre = lire_livre().total
    chemins = {
        "par action": _total(demandes, "action_collective", "montant_paye"),
        "par chantier": _total(lignes, "demande__action_collective__chantier", "montant"),
        "par enveloppe": sum((solde.paye for solde in soldes), ZERO),
        "au registre des paiements": lignes.aggregate(somme=somme("montant"))["somme"],
        "au grand livre": livre.paye,
    }
    ecarts = []
    if len(set(chemins.values())) > 1:
        detail = ", ".join(f"{ecrire_dollars(montant)} {nom}" for nom, montant in chemins.items())
        ecarts.append(f"Les paiements ne s’additionnent pas de la même façon partout : {detail}.")
    for solde in soldes:
        if solde.enveloppe.montant_engage != solde.engage:
            ecarts.append(
                f"L’enveloppe « {solde.enveloppe} » dit {ecrire_dollars(solde.enveloppe.montant_engage)} engagés; "
                f"ses demandes en font {ecrire_dollars(solde.engage)}."
            )
    return Concordance(chemins, tuple(ecarts))


def _total(lignes: QuerySet[Any], cle: str, champ: str) -> Decimal:
    """Return a sum made group by group."""
    return sum((groupe["somme"] for groupe in sommes_par(lignes, cle, {"somme": somme(champ)}).values()), ZERO)
