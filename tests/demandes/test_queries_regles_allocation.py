from decimal import Decimal

import pytest

from chantiers.demandes.enums import InstanceDecision
from chantiers.demandes.models import RegleAllocation
from chantiers.demandes.queries.regles_allocation import PartDuTotal, attribuer, instance_au_dessus

COORDINATION, COMITE, ASSEMBLEE = InstanceDecision
REGLE = RegleAllocation(seuil_comite=Decimal(1000), seuil_assemblee=Decimal(50000), source="Cadre")

SEUILS = [
    ("0.01", COORDINATION),
    ("999.99", COORDINATION),
    ("1000.00", COMITE),
    ("50000.00", COMITE),
    ("50000.01", ASSEMBLEE),
]


@pytest.mark.regle("R1")
@pytest.mark.parametrize(("total", "instance"), SEUILS)
def test_instance_alone(total, instance):
    assert attribuer(REGLE, Decimal(total), ()).instance == instance


@pytest.mark.regle("R1")
@pytest.mark.parametrize(("total", "instance"), SEUILS[1:])
@pytest.mark.parametrize("est_accordee", [True, False])
def test_instance_cumulated(total, instance, est_accordee):
    deja = Decimal("400.00")
    autres = (PartDuTotal("Première demande", deja, est_accordee),)
    attribution = attribuer(REGLE, Decimal(total) - deja, autres)
    assert (attribution.instance, attribution.total) == (instance, Decimal(total))


def test_minimum_raises_and_never_lowers():
    haute = attribuer(REGLE, Decimal(500), (), minimum=COMITE, raison_minimum="Sa propre demande.")
    assert (haute.instance, haute.raison) == (COMITE, "Sa propre demande.")
    assert attribuer(REGLE, Decimal(60000), (), minimum=COMITE).instance == ASSEMBLEE


def test_instance_above():
    assert [instance_au_dessus(i) for i in InstanceDecision] == [COMITE, ASSEMBLEE, ASSEMBLEE]
