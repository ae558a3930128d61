import datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from evaluation.bilan.enums import SectionNarrative
from evaluation.bilan.models import Bilan, Narratif
from evaluation.plan.enums import NatureEffet, StatutCible
from evaluation.plan.models import (
    Cible,
    Contribution,
    DomaineAction,
    EffetConstate,
    Indicateur,
    Mesure,
    MomentEvaluation,
    Objectif,
    Orientation,
    PlanEvaluation,
    PlanStrategique,
    Resultat,
    ResultatTransitoire,
    Strategie,
)
from tests.factories import DEBUT_EXERCICE, JOUR
from tests.factories.chantiers import ActionCollectiveFactory
from tests.factories.demarche import ExerciceFactory


class PlanStrategiqueFactory(DjangoModelFactory):
    class Meta:
        model = PlanStrategique

    titre = factory.Sequence(lambda n: f"Plan stratégique {n}")
    debut = DEBUT_EXERCICE
    fin = datetime.date(2028, 6, 30)


class OrientationFactory(DjangoModelFactory):
    class Meta:
        model = Orientation

    plan = factory.SubFactory(PlanStrategiqueFactory)
    numero = factory.Sequence(lambda n: n % 30_000 + 1)
    titre = "Agir ensemble"


class ObjectifFactory(DjangoModelFactory):
    class Meta:
        model = Objectif

    orientation = factory.SubFactory(OrientationFactory)
    numero = factory.Sequence(lambda n: n % 30_000 + 1)
    titre = "Élargir la participation"


class StrategieFactory(DjangoModelFactory):
    class Meta:
        model = Strategie

    objectif = factory.SubFactory(ObjectifFactory)
    numero = factory.Sequence(lambda n: n % 30_000 + 1)
    enonce = factory.Sequence(lambda n: f"Stratégie {n}")


class ContributionFactory(DjangoModelFactory):
    class Meta:
        model = Contribution

    strategie = factory.SubFactory(StrategieFactory)
    action_collective = factory.SubFactory(ActionCollectiveFactory)


class CibleFactory(DjangoModelFactory):
    """A target under way; `chiffree` aims at ten; `atteinte` carries its evidence (R14)."""

    class Meta:
        model = Cible
        skip_postgeneration_save = True

    class Params:
        chiffree = factory.Trait(valeur_visee=Decimal(10), unite="adhésions formelles")
        atteinte = factory.Trait(
            statut=StatutCible.ATTEINTE,
            preuve=factory.RelatedFactory("tests.factories.evaluation.ResultatFactory", "cible"),
        )

    strategie = factory.SubFactory(StrategieFactory)
    exercice = factory.SubFactory(ExerciceFactory)
    numero = factory.Sequence(lambda n: n % 30_000 + 1)
    enonce = factory.Sequence(lambda n: f"Cible {n}")


class ResultatFactory(DjangoModelFactory):
    class Meta:
        model = Resultat

    cible = factory.SubFactory(CibleFactory)
    texte = "Dix organismes ont signé le formulaire."


class DomaineActionFactory(DjangoModelFactory):
    class Meta:
        model = DomaineAction

    numero = factory.Sequence(lambda n: n % 30_000 + 1)
    nom = factory.Sequence(lambda n: f"Domaine {n}")


class ResultatTransitoireFactory(DjangoModelFactory):
    class Meta:
        model = ResultatTransitoire

    domaine = factory.SubFactory(DomaineActionFactory)
    numero = factory.Sequence(lambda n: n % 30_000 + 1)
    nom = factory.Sequence(lambda n: f"Résultat transitoire {n}")
    definition = "Un pas observable vers le changement."


class EffetConstateFactory(DjangoModelFactory):
    class Meta:
        model = EffetConstate
        skip_postgeneration_save = True

    strategie = factory.SubFactory(StrategieFactory)
    exercice = factory.SubFactory(ExerciceFactory)
    nature = NatureEffet.IDENTIFIE

    @factory.post_generation
    def resultats_transitoires(self, create, extracted, **_):
        if create:
            self.resultats_transitoires.set(extracted or [ResultatTransitoireFactory()])


class IndicateurFactory(DjangoModelFactory):
    class Meta:
        model = Indicateur

    cle = factory.Sequence(lambda n: f"indicateur-{n}")
    nom = factory.Sequence(lambda n: f"Indicateur {n}")
    unite = "abonnés"


class MesureFactory(DjangoModelFactory):
    class Meta:
        model = Mesure

    indicateur = factory.SubFactory(IndicateurFactory)
    valeur = Decimal(12)
    date = JOUR
    source = "Registre de l’équipe"


class PlanEvaluationFactory(DjangoModelFactory):
    class Meta:
        model = PlanEvaluation

    titre = factory.Sequence(lambda n: f"Plan d’évaluation {n}")
    debut = DEBUT_EXERCICE
    fin = datetime.date(2028, 6, 30)


class MomentEvaluationFactory(DjangoModelFactory):
    class Meta:
        model = MomentEvaluation

    plan = factory.SubFactory(PlanEvaluationFactory)
    dimension = "Satisfaction des partenaires"
    frequence = "Chaque année"
    collecte_du = JOUR
    collecte_au = JOUR


class NarratifFactory(DjangoModelFactory):
    class Meta:
        model = Narratif

    exercice = factory.SubFactory(ExerciceFactory)
    section = SectionNarrative.CONTEXTE
    texte = "L’année a commencé avec une équipe complète."


class BilanFactory(DjangoModelFactory):
    class Meta:
        model = Bilan

    exercice = factory.SubFactory(ExerciceFactory)
    numero = factory.Sequence(lambda n: n % 30_000 + 1)
    donnees = factory.LazyFunction(lambda: {"schema": 1})
    pdf = factory.django.FileField(data=b"%PDF-1.4\n%%EOF\n", filename="bilan.pdf")
    empreinte = "0" * 64
