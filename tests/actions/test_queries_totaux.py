import datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser

from chantiers.actions.enums import EtatAction, FiabiliteNombre
from chantiers.actions.models import Activite
from chantiers.actions.protocoles import AUCUN_BUDGET, TotauxBudget
from chantiers.actions.queries.activites import (
    AUCUNE_ACTIVITE,
    TotauxActivites,
    totaux_activites,
    totaux_exercice,
    totaux_par_action,
    totaux_par_chantier,
)
from chantiers.actions.queries.suivi import actions_a_completer, actions_visibles, suivi_par_chantier
from chantiers.demandes.queries.regles_allocation import regles_allocation
from chantiers.finances.queries.budget import budget_exercice, budget_par_action, sommes_residuelles
from chantiers.finances.queries.lignes import portee_du_total
from tests.factories.chantiers import (
    ActionCollectiveFactory,
    ActiviteFactory,
    AffectationSurplusFactory,
    ChantierFactory,
    DemandeFondsFactory,
    LigneBudgetaireFactory,
    RegleAllocationFactory,
    ResultatFinancierFactory,
)
from tests.factories.demarche import ExerciceFactory

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture
def annee():
    """Two actions of one chantier, one without; sums made by hand in the tests."""
    exercice = ExerciceFactory()
    chantier = ChantierFactory()
    une = ActionCollectiveFactory(chantier=chantier)
    autre = ActionCollectiveFactory(chantier=chantier, est_publique=False)
    seule = ActionCollectiveFactory(de_concertation=True)
    ActiviteFactory(
        action_collective=une,
        nb_personnes=40,
        nb_citoyens_responsables=3,
        nb_benevoles=2,
        heures_citoyennes=Decimal("7.50"),
        heures_partenaires=Decimal("1.25"),
    )
    ActiviteFactory(action_collective=une, nb_personnes=60, fiabilite=FiabiliteNombre.ESTIME)
    ActiviteFactory(action_collective=autre, nb_personnes=5, heures_citoyennes=Decimal("0.10"))
    ActiviteFactory(action_collective=seule, nb_personnes=1, nb_benevoles=1)
    ActiviteFactory(action_collective=une, nb_personnes=1000, date=D(2025, 6, 30))  # the year before
    return exercice, chantier, une, autre, seule


@pytest.mark.regle("R16")
def test_totals_by_action(annee):
    exercice, _, une, autre, seule = annee
    totaux = totaux_par_action(exercice)
    assert set(totaux) == {une.pk, autre.pk, seule.pk}
    assert totaux[une.pk] == TotauxActivites(
        nb_activites=2,
        nb_personnes=100,
        nb_personnes_estimees=60,
        nb_citoyens_responsables=3,
        nb_benevoles=2,
        heures_citoyennes=Decimal("7.5"),
        heures_partenaires=Decimal("1.25"),
    )
    assert totaux[une.pk].a_des_estimes
    assert not totaux[autre.pk].a_des_estimes


@pytest.mark.regle("R16")
def test_totals_by_chantier_and_of_the_exercice(annee):
    exercice, chantier, *_ = annee
    par_chantier = totaux_par_chantier(exercice)
    assert par_chantier[chantier.pk].nb_personnes == 105
    assert par_chantier[chantier.pk].heures_citoyennes == Decimal("7.60")
    assert par_chantier[None].nb_personnes == 1
    total = totaux_exercice(exercice)
    assert (total.nb_activites, total.nb_personnes, total.nb_benevoles) == (4, 106, 3)
    assert sum(par_chantier.values(), AUCUNE_ACTIVITE) == total


def test_public_totals_leave_internal_actions_out(annee):
    exercice, chantier, *_ = annee
    assert totaux_exercice(exercice, publiques=True).nb_personnes == 101
    assert totaux_par_chantier(exercice, publiques=True)[chantier.pk].nb_personnes == 100


def test_no_activity_is_zero_not_none():
    assert totaux_activites(Activite.objects.all()) == AUCUNE_ACTIVITE


def test_budget_by_action_and_of_the_exercice():
    exercice = ExerciceFactory()
    une, autre = ActionCollectiveFactory(), ActionCollectiveFactory()
    LigneBudgetaireFactory(action_collective=une, revenu=True, montant_prevu=Decimal("1000.10"), montant_reel=900)
    LigneBudgetaireFactory(action_collective=une, montant_prevu=Decimal("300.20"), montant_reel=Decimal("350.30"))
    LigneBudgetaireFactory(action_collective=une, montant_prevu=Decimal("0.70"))
    LigneBudgetaireFactory(action_collective=autre, montant_prevu=10, montant_reel=10)
    LigneBudgetaireFactory(de_la_demarche=True, montant_prevu=5)
    LigneBudgetaireFactory(action_collective=une, exercice=ExerciceFactory(annee=2024), montant_prevu=9999)
    par_action = budget_par_action(exercice)
    assert set(par_action) == {une.pk, autre.pk, None}
    total = par_action[une.pk]
    assert total == TotauxBudget(
        nb_lignes=3,
        nb_sans_reel=1,
        revenus_prevus=Decimal("1000.10"),
        revenus_reels=Decimal(900),
        depenses_prevues=Decimal("300.90"),
        depenses_reelles=Decimal("350.30"),
    )
    assert total.solde_prevu == Decimal("699.20")
    assert total.solde_reel == Decimal("549.70")
    assert sum(par_action.values(), AUCUN_BUDGET) == budget_exercice(exercice)


def test_totals_take_as_many_queries_whatever_the_rows(annee, django_assert_num_queries):
    exercice = annee[0]
    for nombre in (1, 3, 12):
        for _ in range(nombre):
            ActiviteFactory()
            LigneBudgetaireFactory()
            DemandeFondsFactory(accordee=True)
        for requete, nombre_de_requetes in (
            (totaux_par_action, 1),
            (totaux_par_chantier, 1),
            (budget_par_action, 2),
            (budget_exercice, 2),
        ):
            with django_assert_num_queries(nombre_de_requetes):
                requete(exercice)


def test_follow_up_takes_a_constant_number_of_queries(annee, personne_de, django_assert_num_queries):
    exercice, coordonnateur = annee[0], personne_de("coordonnateur")
    assert coordonnateur.roles  # read once a request
    for nombre in (0, 3, 9):
        for _ in range(nombre):
            ActiviteFactory()
        with django_assert_num_queries(5):
            suivi_par_chantier(exercice, coordonnateur)


def test_follow_up_groups_and_hides(annee, personne_de):
    exercice, chantier, une, autre, seule = annee
    vide = ChantierFactory()
    ChantierFactory(est_actif=False)
    suivis = suivi_par_chantier(exercice, personne_de("agent"))
    assert [suivi.chantier for suivi in suivis] == [chantier, vide, None]
    assert {s.action_collective for s in suivis[0].actions} == {une, autre}
    assert suivis[0].totaux.nb_personnes == 105
    assert [s.action_collective for s in suivis[2].actions] == [seule]
    publics = suivi_par_chantier(exercice, AnonymousUser())
    assert [s.action_collective for s in publics[0].actions] == [une]
    assert publics[0].totaux.nb_personnes == 100


def test_partner_sees_the_internal_action_of_its_organisation(personne_de):
    partenaire = personne_de("partenaire")
    organisation = partenaire.personne.affiliations.get().organisation
    sienne = ActionCollectiveFactory(est_publique=False, porteur=organisation)
    ActionCollectiveFactory(est_publique=False)
    assert list(actions_visibles(partenaire)) == [sienne]
    assert actions_visibles(personne_de("membre_comite")).count() == 2


@pytest.mark.regle("R9")
def test_r9_sommes_residuelles_of_the_bilan():
    avant, exercice = ExerciceFactory(annee=2022), ExerciceFactory(annee=2023)
    ResultatFinancierFactory(exercice=avant, montant=Decimal(160556))
    ResultatFinancierFactory(exercice=exercice, montant=Decimal(44540))
    ResultatFinancierFactory(exercice=ExerciceFactory(annee=2024), montant=Decimal(1))  # later: not counted
    AffectationSurplusFactory(exercice=exercice, montant=Decimal(101500))
    AffectationSurplusFactory(exercice=exercice, montant=Decimal(103500))
    AffectationSurplusFactory(exercice=exercice, montant=None)
    sommes = sommes_residuelles(exercice)
    assert sommes.total == Decimal(205096)
    assert sommes.total_affecte == Decimal(205000)
    assert sommes.reste == Decimal(96)
    assert sommes.total_avant == Decimal(160556)
    assert [r.exercice.code for r in sommes.resultats] == ["2022-2023", "2023-2024"]
    assert sommes.resultat_connu


@pytest.mark.regle("R9")
def test_r9_opening_balance_and_deficit():
    avant, exercice = ExerciceFactory(annee=2022), ExerciceFactory(annee=2023)
    ResultatFinancierFactory(exercice=avant, montant=Decimal(-100), solde_ouverture=Decimal(1000))
    sommes = sommes_residuelles(exercice)
    assert (sommes.total, sommes.reste, sommes.resultat_connu) == (Decimal(900), Decimal(900), False)
    assert sommes.arrete_au == sommes.resultats[-1].exercice.fin < sommes.exercice.fin
    AffectationSurplusFactory(exercice=exercice, montant=Decimal("900.01"))
    assert sommes_residuelles(exercice).reste == Decimal("-0.01")


def test_actions_to_complete():
    exercice = ExerciceFactory()
    nue = ActionCollectiveFactory()
    LigneBudgetaireFactory(action_collective=ActiviteFactory().action_collective)
    ActionCollectiveFactory(etat=EtatAction.PREPARATION)
    for suivi in ("sans_activite", "sans_budget"):
        assert list(actions_a_completer(exercice, suivi)) == [nue]


def test_lines_of_a_total():
    exercice = ExerciceFactory()
    ligne = LigneBudgetaireFactory()
    action = ligne.action_collective
    propre = LigneBudgetaireFactory(de_la_demarche=True, revenu=True)
    libre = LigneBudgetaireFactory(action_collective=ActionCollectiveFactory(du_comite=True))
    attendus = {
        f"action-{action.pk}": [ligne],
        f"chantier-{action.chantier_id}": [ligne],
        "demarche": [propre],
        "sans-chantier": [libre],
        "action-0": [],
    }
    for de, lignes in attendus.items():
        assert list(portee_du_total(exercice, de=de).lignes) == lignes
    assert portee_du_total(exercice).lignes.count() == 3
    assert list(portee_du_total(exercice, nature="revenu").lignes) == [propre]


def test_rule_in_force_is_the_last_one_begun():
    ancienne = RegleAllocationFactory(en_vigueur_du=D(2024, 1, 1))
    actuelle = RegleAllocationFactory(en_vigueur_du=D(2026, 1, 14))
    future = RegleAllocationFactory(en_vigueur_du=D(2026, 1, 15))
    suivis = regles_allocation(D(2026, 1, 14))
    assert [(s.regle, s.est_en_vigueur, s.est_a_venir) for s in suivis] == [
        (future, False, True),
        (actuelle, True, False),
        (ancienne, False, False),
    ]
