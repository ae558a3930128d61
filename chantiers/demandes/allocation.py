"""Who decides on a fund request, and why: pure functions over amounts (R1, R4)."""

from dataclasses import dataclass, replace
from decimal import Decimal

from chantiers.demandes.enums import ORDRE_INSTANCES, InstanceDecision
from chantiers.demandes.models import RegleAllocation
from demarche.socle.francais import ecrire_dollars


@dataclass(frozen=True)
class PartDuTotal:
    """One amount of the total: another request of the same action, granted or pending."""

    libelle: str
    montant: Decimal
    est_accordee: bool
    url: str = ""  # where it is read, for whoever may read it


@dataclass(frozen=True)
class Attribution:
    """Which instance decides, with the rule and the amounts added up; amounts in CAD."""

    regle: RegleAllocation
    montant_demande: Decimal
    autres: tuple[PartDuTotal, ...]
    instance: InstanceDecision
    raison: str

    def anonyme(self) -> "Attribution":
        """Return the same without what the other requests are: their writers alone and those who decide read them."""
        autres = tuple(replace(part, libelle="Une autre demande de cette action", url="") for part in self.autres)
        return replace(self, autres=autres)

    @property
    def total(self) -> Decimal:
        return self.montant_demande + sum((part.montant for part in self.autres), Decimal(0))


def plus_haute(une: InstanceDecision, autre: InstanceDecision) -> InstanceDecision:
    """Return the higher of two instances."""
    return max(une, autre, key=ORDRE_INSTANCES.index)


def instance_au_dessus(instance: InstanceDecision) -> InstanceDecision:
    """Return the next instance up; the assemblée is the last."""
    return ORDRE_INSTANCES[min(ORDRE_INSTANCES.index(instance) + 1, len(ORDRE_INSTANCES) - 1)]


def attribuer(
    regle: RegleAllocation,
    montant: Decimal,
    autres: tuple[PartDuTotal, ...],
    *,
    minimum: InstanceDecision | None = None,
    raison_minimum: str = "",
) -> Attribution:
    """Return who decides on a request, from the total funds its action needs in the exercice.

    The reason names no instance: the page does, by its row of today.

    Source: R1 (bilan 2023-2024, Processus et apprentissages); R4 raises the instance with `minimum`.
    """
    total = montant + sum((part.montant for part in autres), Decimal(0))
    instance = regle.instance_pour(total)
    bas, haut = ecrire_dollars(regle.seuil_comite), ecrire_dollars(regle.seuil_assemblee)
    besoin = f"L’action demande {ecrire_dollars(total)} en tout dans l’exercice : "
    raison = {
        InstanceDecision.COORDINATION: f"{besoin}c’est sous {bas}.",
        InstanceDecision.COMITE_PILOTAGE: f"{besoin}c’est de {bas} à {haut} inclusivement.",
        InstanceDecision.ASSEMBLEE: f"{besoin}c’est plus de {haut}.",
    }[instance]
    if minimum is not None and plus_haute(instance, minimum) != instance:
        instance, raison = minimum, raison_minimum
    return Attribution(regle, montant, autres, instance, raison)
