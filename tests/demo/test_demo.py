"""The sample démarche: the facts of the model bilan, a living exercice whatever the day, nothing written twice."""

import datetime
import io
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.core.serializers import serialize

from chantiers.actions.models import Activite
from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.models import DemandeFonds
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Rencontre, Resolution
from demarche.gouvernance.queries.demarche import exercice_courant
from demarche.registre.services.verification import verifier_registre
from demarche.scrutins.enums import EtatScrutin
from demarche.scrutins.models import Scrutin
from evaluation.demo.fondations import personas
from evaluation.demo.lecture import typographier
from evaluation.plan.enums import StatutCible
from evaluation.plan.models import Cible
from partenaires.enums import EtatAdhesion
from partenaires.models import Adhesion
from tests.factories.demarche import DemarcheFactory, UtilisateurFactory
from tests.test_architecture import ORDRE

pytestmark = pytest.mark.base
QUEBEC = ZoneInfo("America/Toronto")
JOURS = (datetime.date(2026, 7, 1), datetime.date(2027, 6, 30))


@pytest.fixture
def charger(db, settings):
    settings.DEMO = True

    def executer():
        sortie = io.StringIO()
        call_command("charger_demo", stdout=sortie)
        return sortie.getvalue()

    return executer


def tout():
    """Return every row of the four apps, histories included, as text."""
    modeles = [modele for label in ORDRE for modele in apps.get_app_config(label).get_models()]
    return {modele._meta.label: serialize("json", modele._default_manager.order_by("pk")) for modele in modeles}


def test_second_run_changes_nothing_and_prints_the_personas_in_the_order_of_the_accounts(demo, charger):
    avant = tout()
    sortie = charger()
    assert "rien n’a été changé" in sortie
    assert tout() == avant
    courriels = list(Utilisateur.objects.order_by("pk").values_list("email", flat=True))
    assert [courriel for _, _, courriel in personas()] == courriels
    positions = [sortie.index(courriel) for courriel in (f"({c})" for c in courriels)]
    assert all(une < autre for une, autre in pairwise(positions))


def test_refused_outside_the_demonstration(charger, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="démonstration"):
        charger()
    assert not Utilisateur.objects.exists()


def test_refused_on_another_demarche(charger):
    DemarcheFactory(nom="Une autre démarche")
    with pytest.raises(CommandError, match="autre démarche"):
        charger()
    assert Utilisateur.objects.count() == 0


def test_refused_when_there_are_accounts(charger):
    UtilisateurFactory()
    with pytest.raises(CommandError, match="déjà des données"):
        charger()


def test_failure_leaves_nothing(charger, monkeypatch):
    def echouer(demo):
        assert Utilisateur.objects.exists()
        raise RuntimeError

    monkeypatch.setattr("evaluation.demo.milieu.charger_organisations", echouer)
    with pytest.raises(RuntimeError):
        charger()
    assert not Utilisateur.objects.exists()


@pytest.mark.parametrize("jour", JOURS)
def test_living_exercice_whatever_the_day(charger, horloge, jour):
    horloge.move_to(datetime.datetime.combine(jour, datetime.time(10), QUEBEC))
    charger()
    exercice = exercice_courant()
    assert exercice.contient(jour)
    etats = set(DemandeFonds.objects.filter(exercice=exercice).values_list("etat", flat=True))
    assert etats == set(EtatDemande.values)
    scrutin = Scrutin.objects.get(etat=EtatScrutin.OUVERT, deliberation__isnull=False)
    assert not scrutin.est_echu(datetime.datetime.combine(jour, datetime.time(10), QUEBEC))
    assert (scrutin.electeurs.filter(vote__isnull=False).count(), scrutin.electeurs.count()) == (2, 6)
    assert scrutin.electeurs.filter(recusation__isnull=False).count() == 1
    en_attente = Adhesion.objects.filter(etat__in=[EtatAdhesion.A_CONFIRMER, EtatAdhesion.A_ETUDIER])
    assert en_attente.count() == 3
    assert Rencontre.objects.publiques().a_venir(jour).count() >= 4
    assert Cible.objects.filter(exercice=exercice, statut=StatutCible.EN_COURS).exists()
    assert not Activite.objects.filter(date__gt=jour).exists()
    assert verifier_registre().ruptures == ()
    for prefixe in ("CP", "CO"):
        numeros = Resolution.objects.filter(exercice=exercice, instance_gouvernance__prefixe=prefixe)
        assert sorted(numeros.values_list("numero", flat=True)) == list(range(1, numeros.count() + 1)) != []


@pytest.mark.parametrize(
    ("tape", "attendu"),
    [
        ("l'été : 15 000 $", "l’été\u00a0: 15\u00a0000\u00a0$"),
        ("« Soupe d'idées »", "«\u00a0Soupe d’idées\u00a0»"),
        ("Trajectoires 16-35 et 2023-2024", "Trajectoires 16-35 et 2023-2024"),
    ],
)
def test_typography(tape, attendu):
    assert typographier(tape) == attendu
