"""The sample démarche carries the facts of the model bilan."""

import datetime
from decimal import Decimal

import pytest
from django.db.models import Count, Sum

from chantiers.actions.models import ActionCollective, Activite, Chantier
from chantiers.budget.models import AffectationSurplus, LigneBudgetaire, ResultatFinancier
from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.models import DemandeFonds
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import CadreReference, Exercice, InstanceGouvernance, Rencontre, Resolution, Siege
from demarche.registre.models import EvenementRegistre
from demarche.registre.services.verification import verifier_registre
from evaluation.bilan.enums import SectionNarrative
from evaluation.bilan.models import Narratif
from evaluation.plan.enums import NatureEffet, StatutCible
from evaluation.plan.models import Cible, EffetConstate, Mesure, ResultatTransitoire, Strategie
from partenaires.enums import ModeAdhesion
from partenaires.models import Adhesion, CollaborationStructurante, Presence

pytestmark = pytest.mark.base


@pytest.fixture
def demo(demo):
    return Exercice.objects.get(code="2023-2024")


def test_counts_of_the_model_bilan(demo):
    comptes = {
        "chantiers": Chantier.objects.count(),
        "actions": ActionCollective.objects.de_l_exercice(demo).count(),
        "strategies": Strategie.objects.filter(cibles__exercice=demo).distinct().count(),
        "cibles": Cible.objects.filter(exercice=demo).count(),
        "transitoires": ResultatTransitoire.objects.count(),
        "sieges": Siege.objects.count(),
        "assemblees": Rencontre.objects.de_l_exercice(demo).filter(instance_gouvernance__genre="assemblee").count(),
        "concertations": InstanceGouvernance.objects.filter(genre=GenreInstance.CONCERTATION).count(),
        "narratifs": Narratif.objects.filter(exercice=demo).count(),
        "collaborations": CollaborationStructurante.objects.de_l_exercice(demo).count(),
    }
    assert comptes == {
        "chantiers": 3,
        "actions": 14,
        "strategies": 23,
        "cibles": 37,
        "transitoires": 12,
        "sieges": 7,
        "assemblees": 2,
        "concertations": 6,
        "narratifs": len(SectionNarrative),
        "collaborations": 7,
    }


def test_partners_on_the_day_of_the_assemblee(demo):
    jour = datetime.date(2024, 5, 8)
    partenaires = Adhesion.objects.en_vigueur(jour)
    assert partenaires.filter(organisation__isnull=False).count() == 21
    assert partenaires.filter(categorie="citoyen").count() == 5
    assert partenaires.filter(mode=ModeAdhesion.TACITE).count() == 25


@pytest.mark.parametrize(
    ("chantier", "attendus"),
    [
        ("Vivre-ensemble", (650, 11, 172, 0, 0)),
        ("Sécurité alimentaire", (2000, 0, 0, 75, 6)),
    ],
)
def test_totals_of_chantiers(demo, chantier, attendus):
    activites = Activite.objects.de_l_exercice(demo).filter(action_collective__chantier__nom=chantier)
    sommes = activites.aggregate(
        personnes=Sum("nb_personnes"),
        responsables=Sum("nb_citoyens_responsables"),
        citoyennes=Sum("heures_citoyennes"),
        partenaires=Sum("heures_partenaires"),
        benevoles=Sum("nb_benevoles"),
    )
    assert tuple(sommes.values()) == attendus


@pytest.mark.parametrize(
    ("action", "personnes"),
    [
        ("Portrait-diagnostic du vivre-ensemble", 237),
        ("Maison de quartier Orsainville", 18),
        ("Coup de pouce aux fêtes du voisinage", 100),
    ],
)
def test_people_of_actions(demo, action, personnes):
    activites = Activite.objects.de_l_exercice(demo).filter(action_collective__titre=action)
    assert activites.aggregate(n=Sum("nb_personnes"))["n"] == personnes


def test_assemblees_grow_by_three_people_and_five_organisations(demo):
    rencontres = Rencontre.objects.de_l_exercice(demo).filter(instance_gouvernance__genre="assemblee").order_by("date")
    comptes = [
        Presence.objects.filter(rencontre=rencontre).aggregate(n=Sum("nb_personnes"), o=Count("organisation"))
        for rencontre in rencontres
    ]
    assert comptes == [{"n": 31, "o": 16}, {"n": 34, "o": 21}]


@pytest.mark.regle("R9")
def test_money_of_the_model_bilan(demo):
    surplus = dict(ResultatFinancier.objects.values_list("exercice__code", "montant"))
    assert (surplus["2022-2023"], surplus["2023-2024"]) == (Decimal(160556), Decimal(44540))
    affecte = AffectationSurplus.objects.filter(exercice=demo).aggregate(n=Sum("montant"))["n"]
    assert surplus["2022-2023"] + surplus["2023-2024"] - affecte == Decimal(96)
    lignes = LigneBudgetaire.objects.filter(exercice=demo)
    reel = {ligne["nature"]: ligne["n"] for ligne in lignes.values("nature").annotate(n=Sum("montant_reel"))}
    assert reel["revenu"] - reel["depense"] == surplus["2023-2024"]
    externes = lignes.filter(nature="revenu", action_collective__isnull=False)
    assert externes.aggregate(n=Sum("montant_reel"), actions=Count("action_collective")) == {"n": 15000, "actions": 3}
    assert not externes.filter(gestionnaire="").exists()


def test_statuses_of_the_model_bilan(demo):
    par_statut = {
        ligne["statut"]: ligne["n"]
        for ligne in Cible.objects.filter(exercice=demo).order_by().values("statut").annotate(n=Count("pk"))
    }
    assert par_statut == {
        StatutCible.ATTEINTE: 23,
        StatutCible.DEPASSEE: 1,
        StatutCible.PARTIELLE: 8,
        StatutCible.NON_ATTEINTE: 2,
        StatutCible.MODIFIEE: 1,
        StatutCible.NON_APPLICABLE: 1,
        StatutCible.EN_COURS: 1,
    }


def test_every_concluded_cible_has_its_evidence(demo):
    sans = Cible.objects.exclude(statut__in=[StatutCible.EN_COURS, StatutCible.NON_APPLICABLE]).filter(resultats=None)
    assert not sans.exists()


def test_every_strategy_of_the_year_has_its_effect(demo):
    effets = EffetConstate.objects.filter(exercice=demo)
    assert effets.count() == 23
    identifies = effets.annotate(n=Count("resultats_transitoires"))
    assert {effet.n > 0 for effet in identifies.filter(nature=NatureEffet.IDENTIFIE)} == {True}
    assert {effet.n for effet in identifies.exclude(nature=NatureEffet.IDENTIFIE)} == {0}


def test_framework_and_its_resolution(demo):
    cadre = CadreReference.objects.get()
    assert (cadre.resolution.code, cadre.resolution.adoptee_le) == ("AP-2023-2024-001", datetime.date(2024, 5, 8))


@pytest.mark.regle("R16")
def test_the_two_values_of_one_figure_stay_for_the_verificateur(demo):
    abonnes = Mesure.objects.filter(indicateur__cle="abonnes-facebook", date__range=(demo.debut, demo.fin))
    assert list(abonnes.values_list("valeur", flat=True)) == [660, 686]


def test_three_instances_have_something_to_decide(demo):
    genres = DemandeFonds.objects.filter(etat=EtatDemande.SOUMISE).values_list(
        "instance_gouvernance__genre", flat=True
    )
    assert set(genres) == {GenreInstance.COORDINATION, GenreInstance.COMITE_PILOTAGE, GenreInstance.ASSEMBLEE}


@pytest.mark.regle("R7")
def test_register_is_whole_and_tells_the_decisions(demo):
    verification = verifier_registre()
    assert verification.ruptures == ()
    assert verification.nb_sans_sel == 0
    genres = set(EvenementRegistre.objects.values_list("genre", flat=True))
    assert genres >= {"ouverture", "vote", "recusation", "cloture", "resolution", "exercice_clos", "exercice_rouvert"}
    assert EvenementRegistre.objects.filter(genre="resolution").count() == Resolution.objects.count()


def test_register_of_the_sample_reads_in_the_order_of_time(demo):
    instants = list(EvenementRegistre.objects.order_by("numero").values_list("inscrit_le", flat=True))
    assert instants == sorted(instants)
