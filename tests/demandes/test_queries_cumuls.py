import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from chantiers.demandes.enums import GenreApport, InstanceDecision
from chantiers.demandes.models import ApportDemande
from chantiers.demandes.queries.redaction import cout_total
from chantiers.demandes.queries.regles_allocation import cumuls_de, totaux_de_l_action
from tests.factories.chantiers import ActionCollectiveFactory, DemandeFondsFactory, RegleAllocationFactory
from tests.factories.partenaires import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def regle():
    return RegleAllocationFactory()


def demande(montant, organisation=None, **champs):
    champs = {"soumise": True, **champs}
    return DemandeFondsFactory(montant_demande=Decimal(montant), organisation=organisation, **champs)


@pytest.mark.regle("R1")
@pytest.mark.parametrize(("autre", "seuil"), [("399.99", None), ("400.00", Decimal("1000.00"))])
def test_sign_at_the_first_threshold(autre, seuil):
    organisation = OrganisationFactory()
    une = demande("600.00", organisation)
    demande(autre, organisation)
    cumul = cumuls_de([une]).get(une.pk)
    assert (cumul.seuil if cumul else None) == seuil
    assert cumul is None or (cumul.total, cumul.nombre, cumul.depasse) == (Decimal(1000), 2, False)


@pytest.mark.regle("R1")
@pytest.mark.parametrize(("autre", "signale"), [("20000.00", False), ("20000.01", True)])
def test_sign_past_the_second_threshold(autre, signale):
    organisation = OrganisationFactory()
    une = demande("30000.00", organisation)
    demande(autre, organisation)
    assert (une.pk in cumuls_de([une])) == signale


def test_the_carrier_of_the_action_counts_when_nobody_else_asks():
    organisation = OrganisationFactory()
    une = demande("600.00", action_collective=ActionCollectiveFactory(porteur=organisation))
    demande("600.00", organisation)
    demande("5000.00", OrganisationFactory(), action_collective=ActionCollectiveFactory(porteur=organisation))
    assert cumuls_de([une])[une.pk].total == Decimal(1200)


def test_granted_amount_counts_refused_withdrawn_and_old_do_not(horloge):
    organisation = OrganisationFactory()
    demande("9000.00", organisation, soumise_le=timezone.now() - datetime.timedelta(days=366))
    demande("9000.00", organisation, soumise=False, refusee=True)
    demande("9000.00", organisation, soumise=False, expiree=True)
    une = demande("600.00", organisation)
    assert une.pk not in cumuls_de([une])
    demande("900.00", organisation, soumise=False, accordee=True, montant_accorde=Decimal(500))
    assert cumuls_de([une])[une.pk].total == Decimal(1100)


def test_no_sign_when_the_action_already_goes_that_high_nor_for_the_demarche_itself():
    organisation, action = OrganisationFactory(), ActionCollectiveFactory()
    une = demande("600.00", organisation, action_collective=action, total_action=Decimal(1200))
    demande("600.00", organisation, action_collective=action, total_action=Decimal(1200))
    seule = demande("600.00")
    demande("600.00")
    assert cumuls_de([une, seule]) == {}


@pytest.mark.parametrize("nombre", [1, 3, 30])
def test_signs_of_a_list_take_three_queries(nombre, django_assert_num_queries):
    lignes = [demande("600.00", OrganisationFactory()) for _ in range(nombre)]
    for ligne in lignes:
        demande("600.00", ligne.organisation)
    with django_assert_num_queries(3):
        assert len(cumuls_de(lignes)) == nombre


def test_totals_of_an_action_by_exercice_and_who_decides_on_them():
    action = ActionCollectiveFactory()
    demande("40000.00", action_collective=action)
    demande("12000.00", action_collective=action, soumise=False, accordee=True, montant_accorde=Decimal(11000))
    demande("500.00", action_collective=action, soumise=False, refusee=True)
    (total,) = totaux_de_l_action(action.demandes.select_related("exercice"))
    assert (total.accorde, total.en_attente, total.total) == (Decimal(11000), Decimal(40000), Decimal(51000))
    assert total.instance == InstanceDecision.ASSEMBLEE


def test_whole_cost_in_one_sentence():
    une = demande("30000.00")
    assert cout_total(une) is None
    for genre, montant, confirme in (
        (GenreApport.COFINANCEMENT, 10_000, True),
        (GenreApport.NATURE, 5000, True),
    ):
        ApportDemande.objects.create(
            demande=une, genre=genre, source="Caisse", montant=Decimal(montant), est_confirme=confirme
        )
    assert cout_total(une).phrase.replace("\xa0", " ") == (
        "Coût total 45 000,00 $ : 30 000,00 $ demandés ici, 10 000,00 $ d’un autre bailleur (confirmé), "
        "5 000,00 $ en nature."
    )
