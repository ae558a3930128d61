"""Every page of this wing, for every role and method."""

import pytest
from django.urls import reverse

from evaluation.bilan.enums import SectionNarrative
from tests.adresses import adresse_de
from tests.factories.chantiers import ActionCollectiveFactory
from tests.factories.evaluation import (
    EffetConstateFactory,
    MesureFactory,
    MomentEvaluationFactory,
    ResultatFactory,
)
from tests.factories.personas import TOUS

pytestmark = pytest.mark.django_db

EQUIPE = {"agent", "coordonnateur"}
TOUT_LE_MONDE = set(TOUS) - {"public"}
REGLAGES = {"coordonnateur", "administrateur"}

LECTURE = ["plan", "strategie_detail", "cible_detail", "indicateur_liste", "indicateur_detail", "plan_evaluation"]
SAISIE = [
    *("plan_structure", "plan_creer", "plan_modifier", "orientation_creer", "orientation_modifier"),
    *("objectif_creer", "objectif_modifier", "strategie_creer", "strategie_modifier", "cibles_modifier"),
    *("effets_modifier", "cible_modifier", "resultat_creer", "resultat_modifier", "action_strategies"),
    *("indicateur_creer", "indicateur_modifier", "mesure_creer", "mesure_modifier", "plan_evaluation_creer"),
    *("plan_evaluation_modifier", "narratif_liste", "narratif_modifier", "verifications"),
]
REFERENCE = ["transitoire_liste", "domaine_creer", "domaine_modifier", "transitoire_creer", "transitoire_modifier"]
GESTES = [
    *("cible_statuer", "resultat_supprimer", "mesure_supprimer", "plans_supprimer", "orientations_supprimer"),
    *("objectifs_supprimer", "strategies_supprimer"),
]
PAGES = (
    [(nom, TOUT_LE_MONDE) for nom in LECTURE]
    + [(nom, EQUIPE) for nom in SAISIE]
    + [(nom, REGLAGES) for nom in REFERENCE]
)


@pytest.fixture
def adresse():
    """Return the address of each page, on one row of everything."""
    resultat = ResultatFactory(cible__chiffree=True)
    strategie = resultat.cible.strategie
    objectif, orientation = strategie.objectif, strategie.objectif.orientation
    effet = EffetConstateFactory(strategie=strategie)
    transitoire = effet.resultats_transitoires.get()
    mesure = MesureFactory()
    moment = MomentEvaluationFactory()
    cles = {
        **dict.fromkeys(["plan_modifier", "orientation_creer", "plans_supprimer"], orientation.plan_id),
        **dict.fromkeys(["orientation_modifier", "objectif_creer", "orientations_supprimer"], orientation.pk),
        **dict.fromkeys(["objectif_modifier", "strategie_creer", "objectifs_supprimer"], objectif.pk),
        **dict.fromkeys(["strategie_modifier", "strategie_detail", "strategies_supprimer"], strategie.pk),
        **dict.fromkeys(["cibles_modifier", "effets_modifier"], strategie.pk),
        **dict.fromkeys(["cible_detail", "cible_modifier", "cible_statuer", "resultat_creer"], resultat.cible_id),
        **dict.fromkeys(["resultat_modifier", "resultat_supprimer"], resultat.pk),
        **dict.fromkeys(["indicateur_detail", "indicateur_modifier", "mesure_creer"], mesure.indicateur_id),
        **dict.fromkeys(["mesure_modifier", "mesure_supprimer"], mesure.pk),
        **dict.fromkeys(["domaine_modifier", "transitoire_creer"], transitoire.domaine_id),
        "transitoire_modifier": transitoire.pk,
        "plan_evaluation_modifier": moment.plan_id,
        "narratif_modifier": SectionNarrative.CONTEXTE.value,
        "action_strategies": ActionCollectiveFactory().pk,
    }
    return lambda nom: adresse_de(f"{nom}", args=[cles[nom]] if nom in cles else [])


@pytest.mark.parametrize(("nom", "permis"), PAGES, ids=[nom for nom, _ in PAGES])
def test_pages_open_for_their_roles(nom, permis, adresse, client_de):
    codes = {role: client_de(role).get(adresse(nom)).status_code for role in TOUS}
    assert codes == {role: 302 if role == "public" else 200 if role in permis else 403 for role in TOUS}


@pytest.mark.parametrize("nom", GESTES)
def test_verbs_are_posted_by_the_team(nom, adresse, client_de):
    url = adresse(nom)
    assert client_de("agent").get(url).status_code == 405
    codes = {role: client_de(role).post(url, {}).status_code for role in TOUS if role not in EQUIPE}
    assert codes == {role: 302 if role == "public" else 403 for role in codes}
    assert client_de("agent").post(url, {}).status_code in {200, 302}


@pytest.mark.parametrize("nom", ["strategie_detail", "cible_detail", "indicateur_detail", "mesure_modifier"])
def test_unknown_row_is_404(nom, client_de):
    assert client_de("agent").get(adresse_de(f"{nom}", args=[999])).status_code == 404


def test_unknown_exercice_and_section_are_404(adresse, client_de):
    agent = client_de("agent")
    assert agent.get(adresse("plan") + "?exercice=1999-2000").status_code == 404
    assert agent.get(reverse("bilan:narratif_modifier", args=["inconnue"])).status_code == 404


@pytest.mark.regle("R10")
@pytest.mark.parametrize(
    "nom",
    [
        "cibles_modifier",
        "effets_modifier",
        "cible_modifier",
        "resultat_creer",
        "resultat_modifier",
        "narratif_modifier",
    ],
)
def test_closed_exercice_cannot_be_written(nom, adresse, client_de):
    from demarche.gouvernance.models import Exercice

    url = adresse(nom)
    for exercice in Exercice.objects.all():
        exercice.est_clos = True
        exercice.save()
    assert client_de("coordonnateur").get(url).status_code == 403
    assert client_de("coordonnateur").get(adresse("cible_detail")).status_code == 200
