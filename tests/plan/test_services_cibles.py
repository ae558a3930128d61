"""R14: a status needs its evidence; R10: a closed exercice is read-only; two tabs."""

from decimal import Decimal

import pytest

from demarche.socle.erreurs import ErreurMetier
from evaluation.plan.enums import STATUTS_AVEC_PREUVE, StatutCible, SuiteCible
from evaluation.plan.models import Cible, Resultat
from evaluation.plan.services.cibles import (
    SaisieCible,
    ce_qui_manque,
    enregistrer_cibles,
    etablir_statut,
    modifier_cible,
)
from evaluation.plan.services.resultats import enregistrer_resultat, supprimer_resultat
from tests.factories.demarche import ExerciceFactory
from tests.factories.evaluation import CibleFactory, ResultatFactory, StrategieFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(personne_de):
    return personne_de("agent")


@pytest.mark.regle("R14")
@pytest.mark.parametrize("statut", StatutCible)
def test_status_without_evidence(statut, agent):
    cible = CibleFactory()
    if statut in STATUTS_AVEC_PREUVE:
        with pytest.raises(ErreurMetier, match="Il manque une preuve"):
            etablir_statut(cible, auteur=agent, statut=statut, suite="", version=1)
        attendu = StatutCible.EN_COURS
    else:
        etablir_statut(cible, auteur=agent, statut=statut, suite="", version=1)
        attendu = statut
    cible.refresh_from_db()
    assert cible.statut == attendu


@pytest.mark.regle("R14")
@pytest.mark.parametrize("statut", StatutCible)
def test_status_with_evidence(statut, agent):
    cible = ResultatFactory().cible
    etablir_statut(cible, auteur=agent, statut=statut, suite=SuiteCible.MODIFIER, version=1)
    cible.refresh_from_db()
    assert (cible.statut, cible.suite, cible.version) == (statut, SuiteCible.MODIFIER, 2)


def test_status_keeps_who_and_why(agent):
    cible = ResultatFactory().cible
    etablir_statut(cible, auteur=agent, statut=StatutCible.ATTEINTE, suite="", version=1, motif="Rencontre du 12 juin")
    trace = cible.history.first()
    assert (trace.history_user, trace.history_change_reason) == (agent, "Rencontre du 12 juin")


def test_same_status_twice_changes_nothing(agent):
    cible = CibleFactory()
    etablir_statut(cible, auteur=agent, statut=StatutCible.EN_COURS, suite="", version=1)
    cible.refresh_from_db()
    assert (cible.version, cible.history.count()) == (1, 1)


def test_unknown_status_is_refused(agent):
    with pytest.raises(ErreurMetier, match="dans les listes"):
        etablir_statut(CibleFactory(), auteur=agent, statut="parfaite", suite="", version=1)


def test_ce_qui_manque_asks_for_the_number_of_a_number():
    assert len(ce_qui_manque(CibleFactory())) == 1
    assert "adhésions formelles" in ce_qui_manque(CibleFactory(chiffree=True))[1]
    assert ce_qui_manque(ResultatFactory().cible) == []


def test_second_tab_is_told(agent):
    cible = CibleFactory()
    modifier_cible(cible, auteur=agent, version=1, enonce="La première", valeur_visee=None, unite="")
    with pytest.raises(ErreurMetier, match="pendant que vous l’aviez ouverte"):
        modifier_cible(cible, auteur=agent, version=1, enonce="La seconde", valeur_visee=None, unite="")
    cible.refresh_from_db()
    assert cible.enonce == "La première"


@pytest.mark.regle("R10")
def test_closed_exercice_is_read_only(agent):
    cible = CibleFactory(atteinte=True, exercice__clos=True)
    resultat = cible.resultats.get()
    gestes = [
        lambda: etablir_statut(cible, auteur=agent, statut=StatutCible.NON_ATTEINTE, suite="", version=1),
        lambda: modifier_cible(cible, auteur=agent, version=1, enonce="Autre", valeur_visee=None, unite=""),
        lambda: enregistrer_cibles(cible.strategie, cible.exercice, [], auteur=agent),
        lambda: enregistrer_resultat(Resultat(cible=cible, texte="Un autre"), auteur=agent),
        lambda: supprimer_resultat(resultat, auteur=agent),
    ]
    for geste in gestes:
        with pytest.raises(ErreurMetier, match="est clos"):
            geste()
    assert Resultat.objects.count() == 1


def test_number_without_unit_is_refused_in_french(agent):
    with pytest.raises(ErreurMetier, match="besoin de son unité"):
        modifier_cible(CibleFactory(), auteur=agent, version=1, enonce="X", valeur_visee=Decimal(3), unite="")


@pytest.mark.regle("R14")
def test_last_evidence_of_a_status_stays(agent):
    cible = CibleFactory(atteinte=True)
    premier = cible.resultats.get()
    with pytest.raises(ErreurMetier, match="sa seule preuve"):
        supprimer_resultat(premier, auteur=agent)
    ResultatFactory(cible=cible)
    supprimer_resultat(premier, auteur=agent)
    assert cible.resultats.count() == 1


def test_evidence_of_a_target_under_way_may_go(agent):
    resultat = ResultatFactory()
    supprimer_resultat(resultat, auteur=agent)
    assert not Resultat.objects.exists()


# Several at once.


def saisie(cible, **champs):
    return SaisieCible(
        **{"pk": cible.pk, "version": cible.version, "numero": cible.numero, "enonce": cible.enonce, **champs}
    )


@pytest.fixture
def deux(db):
    premiere = CibleFactory(numero=1, enonce="Un")
    return premiere, CibleFactory(strategie=premiere.strategie, exercice=premiere.exercice, numero=2, enonce="Deux")


def enonces(strategie):
    return list(strategie.cibles.order_by("numero").values_list("numero", "enonce"))


def test_cibles_are_added_with_the_next_numbers(agent):
    strategie, exercice = StrategieFactory(), ExerciceFactory()
    lignes = [SaisieCible(None, None, 4, "Quatre"), SaisieCible(None, None, None, "Suivante")]
    enregistrer_cibles(strategie, exercice, lignes, auteur=agent)
    assert enonces(strategie) == [(4, "Quatre"), (5, "Suivante")]


def test_cibles_may_exchange_their_numbers(deux, agent):
    un, autre = deux
    enregistrer_cibles(un.strategie, un.exercice, [saisie(un, numero=2), saisie(autre, numero=1)], auteur=agent)
    assert enonces(un.strategie) == [(1, "Deux"), (2, "Un")]
    assert un.history.count() == 2


def test_same_number_twice_is_refused(deux, agent):
    un, autre = deux
    with pytest.raises(ErreurMetier, match="même numéro"):
        enregistrer_cibles(un.strategie, un.exercice, [saisie(un, numero=2), saisie(autre)], auteur=agent)


def test_cible_untouched_keeps_its_version(deux, agent):
    un, autre = deux
    enregistrer_cibles(un.strategie, un.exercice, [saisie(un), saisie(autre, enonce="Changée")], auteur=agent)
    assert list(Cible.objects.order_by("numero").values_list("version", flat=True)) == [1, 2]


def test_cible_with_evidence_is_not_removed(deux, agent):
    un, autre = deux
    ResultatFactory(cible=un)
    with pytest.raises(ErreurMetier, match="ne se retire pas"):
        enregistrer_cibles(un.strategie, un.exercice, [saisie(un, a_retirer=True), saisie(autre)], auteur=agent)
    enregistrer_cibles(un.strategie, un.exercice, [saisie(un), saisie(autre, a_retirer=True)], auteur=agent)
    assert enonces(un.strategie) == [(1, "Un")]


def test_cible_of_another_strategy_is_refused(deux, agent):
    with pytest.raises(ErreurMetier, match="n’appartient pas"):
        enregistrer_cibles(StrategieFactory(), deux[0].exercice, [saisie(deux[0])], auteur=agent)


def test_all_or_nothing(deux, agent):
    un, autre = deux
    with pytest.raises(ErreurMetier):
        enregistrer_cibles(
            un.strategie, un.exercice, [saisie(un, enonce="Changée"), saisie(autre, version=7)], auteur=agent
        )
    un.refresh_from_db()
    assert un.enonce == "Un"
