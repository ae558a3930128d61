"""The other verbs: effects (R15), the frame of the plan, contributions, measures, texts, evaluation plan."""

import datetime
from decimal import Decimal

import pytest

from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.ecriture import enregistrer
from evaluation.bilan.enums import SectionNarrative
from evaluation.bilan.models import Narratif
from evaluation.bilan.services.narratifs import ecrire_narratif
from evaluation.plan.enums import NatureEffet
from evaluation.plan.models import (
    Contribution,
    EffetConstate,
    Indicateur,
    Mesure,
    MomentEvaluation,
    Orientation,
    PlanEvaluation,
    Strategie,
)
from evaluation.plan.services.contributions import choisir_strategies
from evaluation.plan.services.effets import noter_effets
from evaluation.plan.services.mesures import enregistrer_indicateur, enregistrer_mesure, supprimer_mesure
from evaluation.plan.services.plans import supprimer_element
from evaluation.plan.services.plans_evaluation import enregistrer_plan_evaluation
from tests.factories.chantiers import ActionCollectiveFactory
from tests.factories.demarche import ExerciceFactory
from tests.factories.evaluation import (
    CibleFactory,
    ContributionFactory,
    IndicateurFactory,
    MesureFactory,
    ObjectifFactory,
    OrientationFactory,
    PlanEvaluationFactory,
    PlanStrategiqueFactory,
    ResultatTransitoireFactory,
    StrategieFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(personne_de):
    return personne_de("agent")


@pytest.mark.regle("R15")
@pytest.mark.parametrize(
    ("nature", "nombre", "permis"),
    [
        (NatureEffet.IDENTIFIE, 0, False),
        (NatureEffet.IDENTIFIE, 1, True),
        (NatureEffet.IDENTIFIE, 2, True),
        (NatureEffet.NON_IDENTIFIABLE, 0, True),
        (NatureEffet.NON_IDENTIFIABLE, 1, False),
        (NatureEffet.NON_APPLICABLE, 0, True),
        (NatureEffet.NON_APPLICABLE, 1, False),
    ],
)
def test_effects_and_their_nature(nature, nombre, permis, agent):
    strategie, exercice = StrategieFactory(), ExerciceFactory()
    choisis = [ResultatTransitoireFactory() for _ in range(nombre)]

    def noter():
        noter_effets(strategie, exercice, auteur=agent, nature=nature, resultats_transitoires=choisis)

    if permis:
        noter()
        effet = EffetConstate.objects.get()
        assert (effet.nature, effet.resultats_transitoires.count()) == (nature, nombre)
    else:
        with pytest.raises(ErreurMetier):
            noter()
        assert not EffetConstate.objects.exists()


@pytest.mark.regle("R15")
def test_effects_replace_those_noted_before(agent):
    strategie, exercice, avant, apres = (
        StrategieFactory(),
        ExerciceFactory(),
        *ResultatTransitoireFactory.create_batch(2),
    )
    for choisis in ([avant], [apres], [apres]):
        noter_effets(strategie, exercice, auteur=agent, nature=NatureEffet.IDENTIFIE, resultats_transitoires=choisis)
    assert list(EffetConstate.objects.get().resultats_transitoires.all()) == [apres]


@pytest.mark.regle("R10")
def test_effects_of_a_closed_exercice(agent):
    exercice = ExerciceFactory(clos=True)
    with pytest.raises(ErreurMetier, match="est clos"):
        noter_effets(
            StrategieFactory(), exercice, auteur=agent, nature=NatureEffet.NON_APPLICABLE, resultats_transitoires=[]
        )


def test_number_already_taken_is_refused_in_french(agent):
    prise = OrientationFactory(numero=2)
    with pytest.raises(ErreurMetier, match="Ce numéro d’orientation est déjà pris."):
        enregistrer(Orientation(plan=prise.plan, numero=2, titre="Autre"), auteur=agent)


def test_renumbering_on_a_taken_number_is_refused(agent):
    objectif = ObjectifFactory()
    StrategieFactory(objectif=objectif, numero=1)
    autre = StrategieFactory(objectif=objectif, numero=2)
    autre.numero = 1
    with pytest.raises(ErreurMetier, match="Ce numéro de stratégie est déjà pris."):
        enregistrer(autre, auteur=agent)


def test_element_unchanged_leaves_no_trace(agent):
    strategie = StrategieFactory()
    enregistrer(strategie, auteur=agent)
    assert strategie.history.count() == 1


def test_element_with_something_below_stays(agent):
    strategie = CibleFactory().strategie
    for element in (
        strategie,
        strategie.objectif,
        strategie.objectif.orientation,
        strategie.objectif.orientation.plan,
    ):
        with pytest.raises(ErreurMetier):
            supprimer_element(element, auteur=agent)
    vide = StrategieFactory(objectif=strategie.objectif)
    supprimer_element(vide, auteur=agent)
    assert list(Strategie.objects.all()) == [strategie]


def test_contributions_are_exactly_those_chosen(agent):
    action = ActionCollectiveFactory()
    gardee, retiree, ajoutee = StrategieFactory.create_batch(3)
    ailleurs = ContributionFactory(action_collective=action).strategie
    for strategie in (gardee, retiree):
        ContributionFactory(strategie=strategie, action_collective=action)
    for _ in range(2):
        choisir_strategies(
            action, auteur=agent, strategies=[gardee, ajoutee], parmi={gardee.pk, retiree.pk, ajoutee.pk}
        )
    assert set(action.strategies.all()) == {gardee, ajoutee, ailleurs}
    assert Contribution.objects.get(strategie=gardee).history.count() == 1


def test_indicateur_gets_a_key_of_its_own(agent):
    cles = [
        enregistrer_indicateur(Indicateur(nom="Abonnés de la page", unite="abonnés"), auteur=agent).cle
        for _ in range(3)
    ]
    assert cles == ["abonnes-de-la-page", "abonnes-de-la-page-2", "abonnes-de-la-page-3"]


def test_indicateur_keeps_its_key_when_renamed(agent):
    indicateur = IndicateurFactory(cle="abonnes")
    indicateur.nom = "Autre nom"
    assert enregistrer_indicateur(indicateur, auteur=agent).cle == "abonnes"


@pytest.mark.regle("R16")
def test_mesure_needs_a_source(agent):
    jour = datetime.date(2026, 1, 1)
    with pytest.raises(ErreurMetier):
        enregistrer_mesure(Mesure(indicateur=IndicateurFactory(), valeur=Decimal(1), date=jour), auteur=agent)


def test_narratif_is_written_once_then_versioned(agent):
    exercice, section = ExerciceFactory(), SectionNarrative.CONTEXTE
    assert ecrire_narratif(exercice, section, auteur=agent, texte="  ", version=0) is None
    ecrire_narratif(exercice, section, auteur=agent, texte="Un", version=0)
    with pytest.raises(ErreurMetier) as conflit:
        ecrire_narratif(exercice, section, auteur=agent, texte="Deux", version=0)
    assert conflit.value.code == "conflit"
    ecrire_narratif(exercice, section, auteur=agent, texte="", version=1)
    assert list(Narratif.objects.values_list("texte", "version")) == [("", 2)]


@pytest.mark.regle("R10")
def test_narratif_of_a_closed_exercice(agent):
    with pytest.raises(ErreurMetier, match="est clos"):
        ecrire_narratif(ExerciceFactory(clos=True), SectionNarrative.CONTEXTE, auteur=agent, texte="Un", version=0)


def test_moment_outside_its_plan_is_refused_whole(agent):
    plan = PlanEvaluation(titre="Plan", debut=datetime.date(2026, 1, 1), fin=datetime.date(2026, 12, 31))
    dehors = MomentEvaluation(
        dimension="Impact",
        frequence="Une fois",
        collecte_du=datetime.date(2026, 12, 1),
        collecte_au=datetime.date(2027, 1, 1),
    )
    with pytest.raises(ErreurMetier, match="en dehors des dates du plan"):
        enregistrer_plan_evaluation(plan, auteur=agent, moments=[dehors])
    assert not PlanEvaluation.objects.exists()


def test_moments_are_removed_with_the_plan_saved(agent):
    plan = PlanEvaluationFactory()
    moment = MomentEvaluation.objects.create(
        plan=plan, dimension="Impact", frequence="Une fois", collecte_du=plan.debut, collecte_au=plan.debut
    )
    enregistrer_plan_evaluation(plan, auteur=agent, moments=[], a_retirer=[moment])
    assert not plan.moments.exists()


def test_plan_that_ends_before_it_starts(agent):
    plan = PlanStrategiqueFactory.build(debut=datetime.date(2026, 1, 1), fin=datetime.date(2025, 1, 1))
    with pytest.raises(ErreurMetier, match="La fin doit suivre le début."):
        enregistrer(plan, auteur=agent)


@pytest.mark.regle("R10")
@pytest.mark.parametrize("geste", ["ajouter", "corriger", "deplacer", "retirer"])
def test_measure_of_a_closed_exercice_stays(geste, agent):
    ExerciceFactory(annee=2024, clos=True)
    avant, apres = datetime.date(2025, 6, 30), datetime.date(2025, 7, 1)
    mesure = MesureFactory(date=avant)
    gestes = {
        "ajouter": lambda: enregistrer_mesure(
            Mesure(indicateur=mesure.indicateur, valeur=Decimal(1), date=avant, source="Carnet"), auteur=agent
        ),
        "corriger": lambda: enregistrer_mesure(mesure, auteur=agent),
        "deplacer": lambda: (setattr(mesure, "date", apres), enregistrer_mesure(mesure, auteur=agent)),
        "retirer": lambda: supprimer_mesure(mesure, auteur=agent),
    }
    with pytest.raises(ErreurMetier, match="est clos"):
        gestes[geste]()
    assert Mesure.objects.get().date == avant


def test_measure_of_an_open_exercice_is_saved(agent):
    ExerciceFactory(annee=2024, clos=True)
    mesure = Mesure(indicateur=IndicateurFactory(), valeur=Decimal(1), date=datetime.date(2025, 7, 1), source="Carnet")
    assert enregistrer_mesure(mesure, auteur=agent).pk
