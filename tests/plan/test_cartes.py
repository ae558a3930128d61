"""What the plan gives to the rooms below."""

import datetime

import pytest

from demarche.comptes.protocoles import PAGES
from evaluation.plan.enums import StatutCible
from evaluation.plan.extensions import DocumentsPlan, PagesPlan, carte_cibles, cibles_visees, strategies_servies
from tests.factories.chantiers import ActionCollectiveFactory
from tests.factories.demarche import DocumentFactory, ExerciceFactory
from tests.factories.evaluation import CibleFactory, ContributionFactory, ResultatFactory
from tests.factories.personas import PERSONAS

pytestmark = pytest.mark.django_db


def menu(utilisateur):
    return {entree.route for entree in PAGES.menu_de(utilisateur)}


def test_everyone_signed_in_finds_the_plan(personne_de):
    entrees = {"plan:plan", "plan:indicateur_liste", "plan:plan_evaluation"}
    assert [role for role in PERSONAS if not entrees <= menu(personne_de(role))] == []


def test_targets_wait_sixty_days_before_the_end(personne_de, horloge):
    CibleFactory.create_batch(3)
    CibleFactory(statut=StatutCible.ATTEINTE)
    agent = personne_de("agent")
    horloge.move_to(datetime.datetime(2026, 4, 30, 16, tzinfo=datetime.UTC))
    assert list(PagesPlan().attentes(agent)) == []
    horloge.move_to(datetime.datetime(2026, 5, 1, 16, tzinfo=datetime.UTC))
    (attente,) = PagesPlan().attentes(agent)  # one line, not four
    assert attente.libelle == "Cibles 2025-2026\u00a0: 3 à statuer, 1 sans preuve"
    assert attente.echeance == datetime.date(2026, 6, 30)


def test_targets_wait_until_the_exercice_is_closed(personne_de, horloge):
    exercice = CibleFactory(exercice__annee=2024).exercice
    assert len(list(PagesPlan().attentes(personne_de("coordonnateur")))) == 1
    exercice.est_clos = True
    exercice.save()
    assert list(PagesPlan().attentes(personne_de("coordonnateur"))) == []


@pytest.mark.parametrize("role", ["partenaire", "membre_comite", "fiduciaire", "administrateur"])
def test_targets_wait_for_the_team_alone(role, personne_de):
    CibleFactory(exercice__annee=2024)
    assert list(PagesPlan().attentes(personne_de(role))) == []


def test_card_needs_a_target(personne_de):
    ExerciceFactory()
    membre = personne_de("membre_comite")
    assert carte_cibles(membre) is None
    assert carte_cibles(None) is None
    CibleFactory(atteinte=True)
    CibleFactory()
    contexte = carte_cibles(membre)
    assert (contexte["comptes"].total, contexte["conclues"]) == (2, 1)


def test_tab_of_an_action(personne_de):
    action = ActionCollectiveFactory()
    assert strategies_servies(personne_de("partenaire"), action) is None
    assert strategies_servies(personne_de("agent"), action)["peut_modifier"] is True
    lien = ContributionFactory(action_collective=action)
    assert strategies_servies(personne_de("partenaire"), action)["strategies"] == [lien.strategie]
    assert strategies_servies(None, action) is None


@pytest.mark.parametrize(
    ("role", "permis"),
    [("agent", True), ("membre_comite", True), ("fiduciaire", True), ("partenaire", False), ("administrateur", False)],
)
def test_evidence_is_read_by_those_who_decide(role, permis, personne_de):
    document = DocumentFactory()
    assert DocumentsPlan().lisible(personne_de(role), document) is False
    ResultatFactory(document=document)
    assert DocumentsPlan().lisible(personne_de(role), document) is permis
    assert DocumentsPlan().lisible(None, document) is False


def test_decision_sheet_names_the_targets_of_the_year_that_the_action_serves(personne_de):
    contribution = ContributionFactory()
    servie = CibleFactory(strategie=contribution.strategie)
    CibleFactory(strategie=contribution.strategie, exercice__annee=2023)
    CibleFactory()
    section = cibles_visees(personne_de("membre_comite"), contribution.action_collective)
    assert list(section["cibles"]) == [servie]
    assert cibles_visees(personne_de("membre_comite"), ActionCollectiveFactory()) is None


def test_old_exercice_no_longer_waits(personne_de, horloge):
    CibleFactory()
    coordonnatrice = personne_de("coordonnateur")
    horloge.move_to(datetime.datetime(2027, 6, 30, 15, tzinfo=datetime.UTC))
    assert len(list(PagesPlan().attentes(coordonnatrice))) == 1
    horloge.move_to(datetime.datetime(2027, 7, 1, 15, tzinfo=datetime.UTC))
    assert list(PagesPlan().attentes(coordonnatrice)) == []
