import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from chantiers.actions.enums import OrigineAction, TypeAction
from chantiers.actions.models import ActionCollective, Activite, Chantier
from chantiers.actions.models.actions import dure_un_an
from chantiers.budget.models import LigneBudgetaire
from tests.factories.chantiers import (
    ActionCollectiveFactory,
    ActiviteFactory,
    ChantierFactory,
    LigneBudgetaireFactory,
    ObjectifChantierFactory,
)
from tests.factories.demarche import ExerciceFactory, InstanceGouvernanceFactory

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.mark.regle("R17")
@pytest.mark.parametrize(
    ("debut", "fin", "attendu"),
    [
        (D(2023, 7, 1), D(2024, 6, 29), False),
        (D(2023, 7, 1), D(2024, 6, 30), True),
        (D(2024, 2, 29), D(2025, 2, 27), False),
        (D(2024, 2, 29), D(2025, 2, 28), True),
        (D(2023, 7, 1), D(2023, 7, 1), False),
    ],
)
def test_r17_a_year_counts_both_days(debut, fin, attendu):
    assert dure_un_an(debut, fin) is attendu


@pytest.mark.regle("R17")
def test_r17_ponctuelle_under_a_year():
    action = ActionCollectiveFactory.build(
        chantier=ChantierFactory(), debut=D(2025, 7, 1), fin=D(2026, 6, 29), type_action=TypeAction.PONCTUELLE
    )
    action.full_clean()
    action.fin = D(2026, 6, 30)
    with pytest.raises(ValidationError) as erreur:
        action.full_clean()
    assert list(erreur.value.message_dict) == ["fin"]
    action.type_action = TypeAction.STRUCTURANTE
    action.full_clean()


@pytest.mark.regle("R2")
@pytest.mark.parametrize(
    ("origine", "champ"),
    [
        (OrigineAction.CHANTIER, "chantier"),
        (OrigineAction.CONCERTATION, "concertation"),
        (OrigineAction.COMITE_PILOTAGE, "justification"),
    ],
)
def test_r2_origin_incomplete_is_refused_beside_its_field_and_by_the_database(origine, champ):
    action = ActionCollectiveFactory.build(chantier=None, origine=origine)
    with pytest.raises(ValidationError) as erreur:
        action.full_clean()
    assert list(erreur.value.message_dict) == [champ]
    with pytest.raises(IntegrityError), transaction.atomic():
        action.save()


@pytest.mark.regle("R2")
@pytest.mark.parametrize("trait", [{}, {"de_concertation": True}, {"du_comite": True}])
def test_r2_origin_complete_is_accepted(trait):
    ActionCollectiveFactory(**trait).full_clean()


@pytest.mark.regle("R2")
def test_r2_chantier_may_host_what_a_concertation_proposed():
    concertation = InstanceGouvernanceFactory(concertation=True)
    action = ActionCollectiveFactory(origine=OrigineAction.CONCERTATION, concertation=concertation)
    action.full_clean()
    assert str(concertation) in action.phrase_origine


def test_action_ends_on_its_first_day_at_the_earliest():
    ActionCollectiveFactory(debut=D(2025, 9, 1), fin=D(2025, 9, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        ActionCollectiveFactory(debut=D(2025, 9, 1), fin=D(2025, 8, 31))


def test_activite_hours_are_never_negative():
    ActiviteFactory(heures_citoyennes=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        ActiviteFactory(heures_citoyennes=-1)


def test_ligne_amounts_are_never_negative():
    LigneBudgetaireFactory(montant_prevu=0, montant_reel=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        LigneBudgetaireFactory(montant_reel=-1)


def test_ligne_of_a_bailleur_names_its_gestionnaire():
    ligne = LigneBudgetaireFactory(bailleur="Fondation", gestionnaire="CDC")
    ligne.full_clean()
    ligne.gestionnaire = ""
    with pytest.raises(ValidationError) as erreur:
        ligne.full_clean()
    assert list(erreur.value.message_dict) == ["gestionnaire"]


def test_objectif_number_is_taken_once_a_year():
    premier = ObjectifChantierFactory(numero=1)
    ObjectifChantierFactory(numero=1, chantier=premier.chantier, exercice=ExerciceFactory(annee=2024))
    with pytest.raises(IntegrityError), transaction.atomic():
        ObjectifChantierFactory(numero=1, chantier=premier.chantier, exercice=premier.exercice)


def test_actions_of_an_exercice_touch_its_days():
    exercice = ExerciceFactory()
    avant = ActionCollectiveFactory(debut=D(2025, 1, 1), fin=D(2025, 6, 30))
    bord = ActionCollectiveFactory(debut=D(2025, 1, 1), fin=D(2025, 7, 1))
    dernier = ActionCollectiveFactory(debut=D(2026, 6, 30))
    ActionCollectiveFactory(debut=D(2026, 7, 1))
    assert set(ActionCollective.objects.de_l_exercice(exercice)) == {bord, dernier}
    assert avant.pk


def test_activities_of_an_exercice_include_its_first_and_last_day():
    exercice = ExerciceFactory()
    dedans = [ActiviteFactory(date=D(2025, 7, 1)), ActiviteFactory(date=D(2026, 6, 30))]
    ActiviteFactory(date=D(2025, 6, 30))
    ActiviteFactory(date=D(2026, 7, 1))
    assert list(Activite.objects.de_l_exercice(exercice)) == dedans


@pytest.mark.parametrize("modele", [ActionCollective, Activite, Chantier, LigneBudgetaire])
def test_history_is_kept(modele):
    assert hasattr(modele, "history")
