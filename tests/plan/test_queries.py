"""The synthesis and the counts: right figures, and a constant number of queries."""

import datetime
from decimal import Decimal

import pytest

from evaluation.bilan.enums import SectionNarrative
from evaluation.bilan.queries.narratifs import sections_narratives
from evaluation.plan.enums import NatureEffet, StatutCible
from evaluation.plan.queries.evaluations import calendriers
from evaluation.plan.queries.mesures import indicateurs_resumes
from evaluation.plan.queries.plans import (
    cibles_en_souffrance,
    compte_statuts,
    filtrer_synthese,
    plan_de,
    synthese,
)
from tests.factories.demarche import ExerciceFactory
from tests.factories.evaluation import (
    CibleFactory,
    EffetConstateFactory,
    MesureFactory,
    MomentEvaluationFactory,
    NarratifFactory,
    OrientationFactory,
    PlanStrategiqueFactory,
    ResultatFactory,
    ResultatTransitoireFactory,
    StrategieFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def exercice():
    return ExerciceFactory()


@pytest.fixture
def plan():
    return PlanStrategiqueFactory()


def strategie_complete(plan, exercice):
    strategie = StrategieFactory(objectif__orientation__plan=plan)
    for _ in range(2):
        ResultatFactory(cible=CibleFactory(strategie=strategie, exercice=exercice, chiffree=True))
    EffetConstateFactory(
        strategie=strategie, exercice=exercice, resultats_transitoires=ResultatTransitoireFactory.create_batch(2)
    )
    return strategie


@pytest.mark.parametrize("nombre", [1, 3, 12])
def test_synthese_queries_are_constant(nombre, plan, exercice, django_assert_num_queries):
    for _ in range(nombre):
        strategie_complete(plan, exercice)
    with django_assert_num_queries(6):
        lignes = synthese(exercice)
    assert len(lignes) == nombre


def test_synthese_follows_the_codes(plan, exercice):
    premiere, seconde = OrientationFactory(plan=plan, numero=1), OrientationFactory(plan=plan, numero=2)
    for orientation, objectif, numero in ((seconde, 1, 1), (premiere, 2, 1), (premiere, 1, 10), (premiere, 1, 2)):
        lien = orientation.objectifs.get_or_create(numero=objectif, defaults={"titre": "Objectif"})[0]
        StrategieFactory(objectif=lien, numero=numero)
    lignes = synthese(exercice)
    assert [ligne.strategie.code for ligne in lignes] == ["1.1.2", "1.1.10", "1.2.1", "2.1.1"]


def test_synthese_shows_the_exercice_alone(plan, exercice):
    strategie = StrategieFactory(objectif__orientation__plan=plan)
    CibleFactory(strategie=strategie, exercice__annee=2024)
    EffetConstateFactory(strategie=strategie, exercice=ExerciceFactory(annee=2024))
    (ligne,) = synthese(exercice)
    assert (ligne.cibles, ligne.effet) == ((), None)


def test_synthese_never_loses_a_target_of_another_plan(plan, exercice):
    ancien = PlanStrategiqueFactory(debut=datetime.date(2020, 1, 1), fin=datetime.date(2022, 1, 1))
    cible = CibleFactory(strategie__objectif__orientation__plan=ancien, exercice=exercice)
    assert [ligne.cibles[0].pk for ligne in synthese(exercice)] == [cible.pk]


def test_effects_are_grouped_by_domaine(plan, exercice):
    un, deux = ResultatTransitoireFactory(numero=2), ResultatTransitoireFactory(numero=1)
    trois = ResultatTransitoireFactory(domaine=un.domaine, numero=1)
    EffetConstateFactory(
        strategie__objectif__orientation__plan=plan, exercice=exercice, resultats_transitoires=[un, deux, trois]
    )
    (ligne,) = synthese(exercice)
    assert ligne.effet.domaines == [(un.domaine, [trois, un]), (deux.domaine, [deux])]
    assert ligne.effet.nature == NatureEffet.IDENTIFIE


def test_plan_de_is_the_latest_in_force(exercice):
    PlanStrategiqueFactory(debut=datetime.date(2020, 1, 1), fin=datetime.date(2025, 6, 30))
    assert plan_de(exercice) is None
    PlanStrategiqueFactory(debut=datetime.date(2022, 1, 1), fin=datetime.date(2025, 7, 1))
    dernier = PlanStrategiqueFactory(debut=datetime.date(2026, 6, 30), fin=datetime.date(2028, 1, 1))
    assert plan_de(exercice) == dernier


def test_compte_statuts_counts_each(exercice, django_assert_num_queries):
    CibleFactory.create_batch(2, exercice=exercice)
    CibleFactory(exercice=exercice, atteinte=True)
    CibleFactory(exercice__annee=2024)
    with django_assert_num_queries(1):
        comptes = compte_statuts(exercice)
    assert comptes.total == 3
    assert {c.statut: c.nombre for c in comptes.comptes if c.nombre} == {
        StatutCible.EN_COURS: 2,
        StatutCible.ATTEINTE: 1,
    }
    assert len(comptes.comptes) == len(StatutCible)


def test_filters_keep_the_targets_and_their_strategies(plan, exercice):
    strategie = StrategieFactory(objectif__orientation__plan=plan)
    en_cours = CibleFactory(strategie=strategie, exercice=exercice)
    atteinte = CibleFactory(strategie=strategie, exercice=exercice, atteinte=True)
    non_atteinte = CibleFactory(strategie=strategie, exercice=exercice, statut=StatutCible.NON_ATTEINTE)
    StrategieFactory(objectif__orientation__plan=plan)
    lignes = synthese(exercice)

    def gardees(**filtre):
        return [[c.pk for c in ligne.cibles] for ligne in filtrer_synthese(lignes, **filtre)]

    assert gardees() == [[en_cours.pk, atteinte.pk, non_atteinte.pk], []]
    assert gardees(statut=StatutCible.ATTEINTE) == [[atteinte.pk]]
    assert gardees(attention="a_statuer") == [[en_cours.pk]]
    assert gardees(attention="sans_preuve") == [[en_cours.pk]]  # a target not reached needs no evidence
    assert gardees(statut=StatutCible.DEPASSEE) == []


def test_cibles_en_souffrance(exercice, django_assert_num_queries):
    CibleFactory(exercice=exercice)
    CibleFactory(exercice=exercice, atteinte=True)
    CibleFactory(exercice=exercice, statut=StatutCible.PARTIELLE)
    CibleFactory(exercice=exercice, statut=StatutCible.NON_ATTEINTE)
    with django_assert_num_queries(1):
        assert cibles_en_souffrance(exercice) == (1, 1)


@pytest.mark.parametrize("nombre", [1, 3, 10])
def test_indicateurs_queries_are_constant(nombre, django_assert_num_queries):
    for _ in range(nombre):
        premiere = MesureFactory(valeur=Decimal(10), date=datetime.date(2025, 8, 1))
        MesureFactory(indicateur=premiere.indicateur, valeur=Decimal(15), date=datetime.date(2026, 1, 1))
    with django_assert_num_queries(2):
        resumes = indicateurs_resumes()
    assert {(r.derniere.valeur, r.croissance.taux) for r in resumes} == {(Decimal(15), Decimal("0.5"))}


@pytest.mark.parametrize("nombre", [1, 3])
def test_calendriers_queries_are_constant(nombre, django_assert_num_queries):
    for _ in range(nombre):
        MomentEvaluationFactory()
    with django_assert_num_queries(2):
        assert all(c.svg.startswith("<svg") for c in calendriers())


def test_sections_are_those_of_the_bilan(exercice):
    NarratifFactory(exercice=exercice, section=SectionNarrative.PERSPECTIVES, texte="Trois mots ici.")
    NarratifFactory(exercice=exercice, section=SectionNarrative.SOMMES, texte="  ")
    ecrites = {s.section: s.nb_mots for s in sections_narratives(exercice) if s.est_ecrite}
    assert ecrites == {SectionNarrative.PERSPECTIVES: 3}
    assert [s.section for s in sections_narratives(exercice)] == list(SectionNarrative)
