"""Each check finds what it looks for, and nothing on sound data."""

import datetime
from decimal import Decimal

import pytest

from demarche.gouvernance.protocoles import ANNEES, Annee, Constat, Verification
from evaluation.bilan.enums import SectionNarrative
from evaluation.bilan.queries.verifications import rapport_de_verification
from evaluation.bilan.verifications import sections_vides
from evaluation.plan import verifications
from evaluation.plan.enums import NatureEffet, StatutCible, SuiteCible
from evaluation.plan.models import EffetConstate, Mesure
from tests.factories.demarche import ExerciceFactory
from tests.factories.evaluation import (
    CibleFactory,
    EffetConstateFactory,
    IndicateurFactory,
    MesureFactory,
    NarratifFactory,
    PlanStrategiqueFactory,
    ResultatFactory,
    ResultatTransitoireFactory,
    StrategieFactory,
)

pytestmark = pytest.mark.django_db
JOUR = datetime.date(2026, 1, 14)


@pytest.fixture
def exercice():
    return ExerciceFactory()


def trouves(verification, exercice):
    return [(constat.gravite, constat.url) for constat in verification(exercice)]


def test_status_missing_once_the_exercice_is_over(exercice, horloge):
    cible = CibleFactory(exercice=exercice)
    horloge.move_to(datetime.datetime(2026, 6, 30, 12, tzinfo=datetime.UTC))
    assert trouves(verifications.cibles_sans_statut, exercice) == []
    horloge.move_to(datetime.datetime(2026, 7, 1, 12, tzinfo=datetime.UTC))
    assert trouves(verifications.cibles_sans_statut, exercice) == [("a_corriger", cible.get_absolute_url())]


def test_status_without_evidence(exercice):
    CibleFactory(exercice=exercice, atteinte=True)
    CibleFactory(exercice=exercice, statut=StatutCible.NON_ATTEINTE)
    sans = CibleFactory(exercice=exercice, statut=StatutCible.ATTEINTE)
    assert trouves(verifications.statuts_sans_preuve, exercice) == [("bloquant", sans.get_absolute_url())]


def test_other_unit(exercice):
    cible = CibleFactory(exercice=exercice, chiffree=True)
    ResultatFactory(cible=cible, valeur=Decimal(25), unite="adhésions tacites")
    (constat,) = verifications.unites_differentes(exercice)
    assert "25\u00a0adhésions tacites" in constat.phrase


@pytest.mark.parametrize(
    ("enonce", "preuve", "signale"),
    [
        ("Quinze adhésions formelles", "Vingt-cinq adhésions tacites", True),
        ("Une action structurante", "Deux actions ponctuelles", True),
        ("Quinze adhésions formelles", "Vingt adhésions formelles et cinq tacites", False),
        ("Quinze adhésions", "Vingt-cinq adhésions tacites", False),
    ],
)
def test_opposite_words(enonce, preuve, signale, exercice):
    ResultatFactory(cible=CibleFactory(exercice=exercice, enonce=enonce), texte=preuve)
    assert bool(trouves(verifications.unites_differentes, exercice)) is signale


@pytest.mark.regle("R14")
def test_status_that_numbers_contradict(exercice):
    cible = CibleFactory(exercice=exercice, chiffree=True, statut=StatutCible.ATTEINTE)
    resultat = ResultatFactory(cible=cible, valeur=Decimal(9), unite="adhésions formelles")
    assert trouves(verifications.statuts_contredits, exercice) == [("a_verifier", cible.get_absolute_url())]
    resultat.valeur = Decimal(10)
    resultat.save()
    assert trouves(verifications.statuts_contredits, exercice) == []


@pytest.mark.parametrize(
    ("enonce", "composee"),
    [
        ("Cadre rédigé et validé par les partenaires.", False),
        ("Objectifs validés. Agente embauchée à l’automne.", True),
        ("Liste établie ; chaque acteur approché", True),
    ],
)
def test_compound_target(enonce, composee, exercice):
    CibleFactory(exercice=exercice, enonce=enonce)
    assert bool(trouves(verifications.cibles_composees, exercice)) is composee


def test_number_announced_but_not_entered(exercice):
    CibleFactory(exercice=exercice, enonce="Au moins 15 adhésions", valeur_visee=Decimal(15), unite="adhésions")
    CibleFactory(exercice=exercice, enonce="Bilan déposé en 2026")
    assert trouves(verifications.nombres_non_saisis, exercice) == []
    CibleFactory(exercice=exercice, enonce="Au moins 15 adhésions")
    assert len(trouves(verifications.nombres_non_saisis, exercice)) == 1


def test_what_comes_next_is_not_said(exercice):
    CibleFactory(exercice=exercice, statut=StatutCible.PARTIELLE, suite=SuiteCible.MODIFIER)
    CibleFactory(exercice=exercice, statut=StatutCible.ATTEINTE)
    sans = CibleFactory(exercice=exercice, statut=StatutCible.NON_ATTEINTE)
    assert trouves(verifications.cibles_sans_suite, exercice) == [("a_verifier", sans.get_absolute_url())]


@pytest.mark.parametrize(
    ("jour", "dehors"), [("2025-06-30", 1), ("2025-07-01", 0), ("2026-06-30", 0), ("2026-07-01", 1)]
)
def test_evidence_dated_outside(jour, dehors, exercice):
    ResultatFactory(cible__exercice=exercice, date=datetime.date.fromisoformat(jour))
    assert len(trouves(verifications.resultats_hors_exercice, exercice)) == dehors


def test_strategy_without_effects(exercice):
    plan = PlanStrategiqueFactory()
    notee, muette = StrategieFactory.create_batch(2, objectif__orientation__plan=plan)
    EffetConstateFactory(strategie=notee, exercice=exercice)
    (constat,) = verifications.strategies_sans_effets(exercice)
    assert muette.code in constat.phrase


@pytest.mark.regle("R15")
def test_effects_that_contradict_themselves(exercice):
    EffetConstateFactory(exercice=exercice)
    EffetConstate.objects.create(strategie=StrategieFactory(), exercice=exercice, nature=NatureEffet.NON_APPLICABLE)
    assert trouves(verifications.effets_contradictoires, exercice) == []
    EffetConstate.objects.create(strategie=StrategieFactory(), exercice=exercice, nature=NatureEffet.IDENTIFIE)
    faux = EffetConstateFactory(exercice=exercice, nature=NatureEffet.NON_APPLICABLE)
    faux.resultats_transitoires.set([ResultatTransitoireFactory()])
    assert [gravite for gravite, _ in trouves(verifications.effets_contradictoires, exercice)] == ["bloquant"] * 2


def test_measures(exercice):
    indicateur = IndicateurFactory()
    MesureFactory(indicateur=indicateur, valeur=Decimal(70), date=JOUR)
    MesureFactory(indicateur=indicateur, valeur=Decimal(70), date=JOUR)
    assert trouves(verifications.deux_valeurs_le_meme_jour, exercice) == []
    MesureFactory(indicateur=indicateur, valeur=Decimal(75), date=JOUR)
    assert len(trouves(verifications.deux_valeurs_le_meme_jour, exercice)) == 1
    assert trouves(verifications.mesures_sans_source, exercice) == []
    Mesure.objects.create(indicateur=indicateur, valeur=Decimal(1), date=JOUR, source="")
    assert len(trouves(verifications.mesures_sans_source, exercice)) == 1


def test_empty_sections(exercice):
    NarratifFactory(exercice=exercice)
    assert len(trouves(sections_vides, exercice)) == len(SectionNarrative) - 1


@pytest.mark.parametrize("nombre", [1, 5])
def test_queries_are_constant(nombre, exercice, django_assert_max_num_queries):
    for _ in range(nombre):
        ResultatFactory(cible__exercice=exercice, cible__chiffree=True, valeur=Decimal(1), unite="autre chose")
    ici = verifications.VERIFICATIONS
    assert len(ici) == 12
    with django_assert_max_num_queries(26):
        for verification in ici:
            list(verification.fonction(exercice))


def test_rapport_sorts_by_gravity(exercice, monkeypatch):
    def faux(gravite):
        return Verification(gravite, f"Cherche {gravite}", lambda _: [Constat(gravite, "Vu : là", "/ici/")])

    rien = Verification("rien", "Ne trouve rien", lambda _: [])

    class AnneeFausse(Annee):
        verifications = (faux("a_verifier"), rien, faux("bloquant"))

    monkeypatch.setattr(ANNEES, "_toutes", [AnneeFausse()])
    rapport = rapport_de_verification(exercice)
    assert [groupe.gravite for groupe in rapport.groupes] == ["bloquant", "a_verifier"]
    assert (rapport.nombre, rapport.nb_bloquants, rapport.sans_constat) == (2, 1, ("Ne trouve rien",))
    assert rapport.groupes[0].lots[0].constats[0].phrase == "Vu\u00a0: là"
