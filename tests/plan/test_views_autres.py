"""Indicators, evaluation plan, texts of the bilan, reference data, vérificateur."""

import datetime
from decimal import Decimal

import pytest

from demarche.socle.services.jetons import nouveau_jeton
from evaluation.bilan.enums import SectionNarrative
from evaluation.bilan.models import Narratif
from evaluation.plan.models import Indicateur, Mesure, MomentEvaluation, PlanEvaluation, ResultatTransitoire
from tests.adresses import adresse_de
from tests.factories.demarche import ExerciceFactory
from tests.factories.evaluation import (
    DomaineActionFactory,
    IndicateurFactory,
    MesureFactory,
    MomentEvaluationFactory,
    NarratifFactory,
    ResultatTransitoireFactory,
)

pytestmark = pytest.mark.django_db
MARQUE = "<script>alert(1)</script>"


@pytest.fixture
def agent(client_de):
    return client_de("agent")


def url(nom, *args):
    return adresse_de(f"{nom}", args=args)


def texte(reponse):
    return reponse.content.decode()


def test_double_click_makes_one_indicator_and_one_measure(agent):
    donnees = {"jeton": nouveau_jeton(), "nom": "Abonnés", "unite": "abonnés"}
    for _ in range(2):
        agent.post(url("indicateur_creer"), donnees)
    indicateur = Indicateur.objects.get()
    mesure = {"jeton": nouveau_jeton(), "valeur": "1 660", "date": "8 mai 2026", "source": "Page"}
    for _ in range(2):
        agent.post(url("mesure_creer", indicateur.pk), {**mesure, "fiabilite": "comptee", "realite": "realisee"})
    assert Mesure.objects.get().valeur == Decimal(1660)


def test_indicator_shows_its_growth_and_its_curve(agent):
    premiere = MesureFactory(valeur=Decimal(118), date=datetime.date(2025, 7, 1), source=MARQUE)
    MesureFactory(indicateur=premiere.indicateur, valeur=Decimal(660), date=datetime.date(2026, 1, 1))
    page = texte(agent.get(url("indicateur_detail", premiere.indicateur_id)))
    assert "+459,3\u00a0%" in page
    assert "<svg" in page
    assert MARQUE not in page


@pytest.mark.parametrize("nombre", [1, 3, 12])
def test_indicator_queries_are_constant(nombre, agent, django_assert_max_num_queries):
    indicateur = IndicateurFactory()
    for rang in range(nombre):
        MesureFactory(indicateur=indicateur, date=datetime.date(2026, 1, 1 + rang))
    with django_assert_max_num_queries(14):
        agent.get(url("indicateur_detail", indicateur.pk))


def test_measure_is_corrected_and_removed(agent):
    mesure = MesureFactory()
    donnees = {"valeur": "13", "date": "2026-01-02", "fiabilite": "estimee", "realite": "realisee", "source": "Carnet"}
    assert agent.post(url("mesure_modifier", mesure.pk), donnees).status_code == 302
    assert Mesure.objects.get().valeur == 13
    agent.post(url("mesure_supprimer", mesure.pk))
    assert not Mesure.objects.exists()
    assert Mesure.history.filter(history_type="-").count() == 1


def moments(*lignes, initiales=0, **plan):
    donnees = {"titre": "Plan", "debut": "2025-07-01", "fin": "2027-06-30", **plan}
    donnees |= {"moments-TOTAL_FORMS": len(lignes), "moments-INITIAL_FORMS": initiales}
    for rang, ligne in enumerate(lignes):
        donnees |= {f"moments-{rang}-{champ}": valeur for champ, valeur in ligne.items()}
    return donnees


LIGNE = {"dimension": "Impact", "frequence": "Une fois", "collecte_du": "2026-01-01", "collecte_au": "2026-02-01"}


def test_evaluation_plan_and_its_moments_together(agent):
    donnees = moments(LIGNE, {}, jeton=nouveau_jeton())
    for _ in range(2):
        assert agent.post(url("plan_evaluation_creer"), donnees).status_code == 302
    assert (PlanEvaluation.objects.count(), MomentEvaluation.objects.count()) == (1, 1)
    page = texte(agent.get(url("plan_evaluation")))
    assert "Impact" in page
    assert "<svg" in page


def test_moment_outside_its_plan_is_said(agent):
    donnees = moments({**LIGNE, "collecte_au": "2030-01-01"}, jeton=nouveau_jeton())
    assert "en dehors des dates du plan" in texte(agent.post(url("plan_evaluation_creer"), donnees))
    assert not PlanEvaluation.objects.exists()


def test_moment_is_changed_and_removed(agent):
    garde = MomentEvaluationFactory(dimension="Gardé")
    retire = MomentEvaluationFactory(plan=garde.plan)
    lignes = [{**LIGNE, "id": garde.pk, "dimension": "Changé"}, {**LIGNE, "id": retire.pk, "DELETE": "on"}]
    agent.post(url("plan_evaluation_modifier", garde.plan_id), moments(*lignes, initiales=2))
    assert [moment.dimension for moment in MomentEvaluation.objects.all()] == ["Changé"]


def test_text_is_previewed_without_being_saved(agent):
    ExerciceFactory()
    adresse = url("narratif_modifier", SectionNarrative.CONTEXTE.value)
    page = texte(agent.post(adresse, {"texte": f"Bonjour {MARQUE}\n\n- un point", "version": 0, "apercu": "1"}))
    assert "<li>un point</li>" in page
    assert "&lt;script&gt;" in page
    assert MARQUE not in page
    assert not Narratif.objects.exists()


def test_text_in_two_tabs(agent):
    narratif = NarratifFactory(texte="Avant")
    adresse = url("narratif_modifier", narratif.section)
    agent.post(adresse, {"texte": "Premier onglet", "version": 1})
    page = texte(agent.post(adresse, {"texte": "Second onglet", "version": 1}))
    assert "pendant que vous l’aviez ouverte" in page
    assert "Second onglet" in page
    assert 'name="version" value="2"' in page
    assert Narratif.objects.get().texte == "Premier onglet"


def test_list_of_texts_says_which_are_empty(agent):
    NarratifFactory()
    page = texte(agent.get(url("narratif_liste")))
    assert "1 sur 10" in page
    assert page.count("badge--attente") == len(SectionNarrative) - 1


@pytest.mark.regle("R15")
def test_reference_text_is_changed(client_de):
    coordination, resultat = client_de("coordonnateur"), ResultatTransitoireFactory()
    donnees = {"numero": resultat.numero, "nom": "Création de réseaux", "definition": "Des liens se font."}
    assert coordination.post(url("transitoire_modifier", resultat.pk), donnees).status_code == 302
    assert ResultatTransitoire.objects.get().nom == "Création de réseaux"


def test_reference_name_is_taken_once(client_de):
    prise = ResultatTransitoireFactory()
    donnees = {"jeton": nouveau_jeton(), "numero": 9, "nom": prise.nom, "definition": "Autre."}
    page = texte(client_de("coordonnateur").post(url("transitoire_creer", DomaineActionFactory().pk), donnees))
    assert 'role="alert"' in page or "existe déjà" in page
    assert ResultatTransitoire.objects.count() == 1


def test_verificateur_links_to_what_to_mend(agent):
    ExerciceFactory()
    page = texte(agent.get(url("verifications")))
    assert "La section «\u00a0Perspectives\u00a0» du bilan est vide." in page
    assert url("narratif_modifier", "perspectives") in page
