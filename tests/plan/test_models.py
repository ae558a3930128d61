"""What the database refuses."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from evaluation.plan.models import Cible, Orientation, Resultat
from tests.factories.evaluation import (
    CibleFactory,
    ContributionFactory,
    EffetConstateFactory,
    MesureFactory,
    MomentEvaluationFactory,
    NarratifFactory,
    ObjectifFactory,
    OrientationFactory,
    StrategieFactory,
)

pytestmark = pytest.mark.django_db


def refuse(creer):
    with pytest.raises(IntegrityError), transaction.atomic():
        creer()


def test_numbers_are_taken_once():
    orientation = OrientationFactory(numero=1)
    refuse(lambda: OrientationFactory(plan=orientation.plan, numero=1))
    objectif = ObjectifFactory(orientation=orientation, numero=2)
    refuse(lambda: ObjectifFactory(orientation=orientation, numero=2))
    strategie = StrategieFactory(objectif=objectif, numero=3)
    refuse(lambda: StrategieFactory(objectif=objectif, numero=3))
    assert strategie.code == "1.2.3"


def test_same_number_in_another_plan_is_free():
    OrientationFactory(numero=1)
    OrientationFactory(numero=1)
    assert Orientation.objects.count() == 2


def test_cible_number_is_unique_in_its_exercice():
    cible = CibleFactory(numero=1)
    refuse(lambda: CibleFactory(strategie=cible.strategie, exercice=cible.exercice, numero=1))
    CibleFactory(strategie=cible.strategie, exercice__annee=2024, numero=1)
    assert Cible.objects.count() == 2


def test_number_needs_its_unit():
    refuse(lambda: CibleFactory(valeur_visee=Decimal(15), unite=""))
    cible = CibleFactory(chiffree=True)
    refuse(lambda: Resultat.objects.create(cible=cible, texte="Fait", valeur=Decimal(3), unite=""))


def test_one_effect_one_text_one_contribution():
    effet = EffetConstateFactory()
    refuse(lambda: EffetConstateFactory(strategie=effet.strategie, exercice=effet.exercice))
    narratif = NarratifFactory()
    refuse(lambda: NarratifFactory(exercice=narratif.exercice, section=narratif.section))
    lien = ContributionFactory()
    refuse(lambda: ContributionFactory(strategie=lien.strategie, action_collective=lien.action_collective))


def test_dates_are_in_order():
    mesure = MesureFactory()
    refuse(lambda: MesureFactory(date=mesure.date, debut_periode=mesure.date.replace(year=2027)))
    moment = MomentEvaluationFactory()
    refuse(lambda: MomentEvaluationFactory(collecte_au=moment.collecte_du.replace(year=2020)))
