"""Compose: the figures, computed by hand."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chantiers.actions.enums import EtatAction
from chantiers.actions.models import ActionCollective
from demarche.socle.donnees_figees import vers_json
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.francais import typographier
from evaluation.bilan.document.composition import composer_bilan
from evaluation.bilan.document.donnees import empreinte_donnees
from evaluation.bilan.models import Narratif
from evaluation.plan.enums import Realite
from evaluation.plan.models import PlanEvaluation
from partenaires.models import Organisation
from tests.bilan.donnees_bilan import petit_exercice
from tests.factories import chantiers as c
from tests.factories import demarche as d
from tests.factories import evaluation as e


@pytest.fixture
def exercice(db):
    return petit_exercice()


@pytest.mark.regle("R16")
def test_totals_keep_the_exercice_and_the_public_actions(exercice):
    actions = composer_bilan(exercice).actions
    assert (actions.totaux.nb_activites, actions.totaux.nb_personnes, actions.totaux.nb_personnes_estimees) == (
        2,
        50,
        20,
    )
    assert (actions.totaux.heures_citoyennes, actions.totaux.heures_partenaires) == (Decimal("12.50"), Decimal(4))
    (chantier,) = actions.chantiers
    assert chantier.totaux == actions.totaux == chantier.actions[0].totaux
    assert [a.titre for a in actions.actions] == ["Clinique <b>du</b> bail"]
    assert actions.nb_reservees == 1


def test_money_from_outside_says_who_manages_it(exercice):
    (ligne,) = composer_bilan(exercice).actions.chantiers[0].financements
    assert (ligne.bailleur, ligne.gestionnaire, ligne.montant, ligne.est_prevu) == (
        "Fondation", "Fiducie", Decimal("90.50"), False,
    )  # fmt: skip


@pytest.mark.regle("R9")
def test_sommes_residuelles_are_computed(exercice):
    sommes = composer_bilan(exercice).sommes
    assert (sommes.solde_ouverture, sommes.total, sommes.total_affecte, sommes.reste) == (50, 1050, 400, 650)


def test_assemblees_grow(exercice):
    partenariats = composer_bilan(exercice).partenariats
    assert [a.nb_personnes for a in partenariats.assemblees] == [10, 14]
    assert (partenariats.ecart_personnes, partenariats.ecart_organisations) == (4, 0)
    assert partenariats.concertations == ("Table des aînés",)


@pytest.mark.regle("R13")
def test_partners_are_those_of_the_last_assemblee_and_named_with_consent(exercice):
    annexe = composer_bilan(exercice).annexe_partenaires
    assert annexe.jour == datetime.date(2026, 1, 10)
    assert [(g.titre, g.noms) for g in annexe.groupes] == [("Organismes communautaires", ("Maison ouverte",))]
    assert annexe.citoyens == ("Dominique Nommée",)
    assert (annexe.nb_citoyens_non_publies, annexe.total) == (1, 3)
    assert (annexe.nb_tacites, annexe.nb_formelles) == (1, 2)
    assert "Discrète" not in str(vers_json(composer_bilan(exercice)))


@pytest.mark.regle("R16")
def test_growth_and_statuses_are_computed(exercice):
    bilan = composer_bilan(exercice)
    (indicateur,) = bilan.communications.indicateurs
    assert (indicateur.ecart, indicateur.taux) == (Decimal(50), Decimal("0.5"))
    assert (bilan.synthese.total, bilan.synthese.nb_atteintes, bilan.synthese.nb_strategies) == (2, 1, 1)
    assert [(ligne.nombre, ligne.libelle) for ligne in bilan.processus.sieges] == [
        (1, "Citoyenne ou citoyen"),
        (2, "Organisme communautaire"),
    ]


@pytest.mark.regle("R16")
def test_two_measures_of_one_day_count_once(exercice):
    indicateur = e.IndicateurFactory()
    e.MesureFactory(indicateur=indicateur, valeur=Decimal(1))
    e.MesureFactory(indicateur=indicateur, valeur=Decimal(2))
    compose = composer_bilan(exercice).communications.indicateurs[-1]
    assert [m.valeur for m in compose.realisees] == [Decimal(2)]
    assert compose.ecart is None


def test_forecast_for_after_the_exercice_goes_to_perspectives(exercice):
    ete = exercice.fin + datetime.timedelta(days=60)
    e.MesureFactory(valeur=Decimal(1000), date=ete, realite=Realite.PREVUE)
    e.MesureFactory(valeur=Decimal(7), date=ete)  # realised later: another year's
    bilan = composer_bilan(exercice)
    assert [p.valeur for p in bilan.perspectives.previsions] == [Decimal(1000)]
    assert len(bilan.communications.indicateurs) == 1


def test_action_completed_later_was_still_under_way(exercice):
    c.ActionCollectiveFactory(etat=EtatAction.COMPLETEE, titre="Longue", fin=exercice.fin + datetime.timedelta(days=9))
    etats = {a.titre: a.etat for a in composer_bilan(exercice).actions.actions}
    assert etats["Longue"] == "En cours"


def test_action_without_chantier_comes_last(exercice):
    c.ActionCollectiveFactory(de_concertation=True, titre="Agenda")
    dernier = composer_bilan(exercice).actions.chantiers[-1]
    assert (dernier.nom, [a.titre for a in dernier.actions]) == ("", ["Agenda"])


def test_photo_needs_to_be_public_and_described(exercice):
    action = c.ActionCollectiveFactory(titre="Photos")
    for public, description in ((True, "Des gens au marché"), (False, "Cachée"), (True, "")):
        document = d.DocumentFactory(est_public=public, texte_alternatif=description, type_contenu="image/png")
        c.ActiviteFactory(action_collective=action, photo=document)
    photos = [p.texte_alternatif for chantier in composer_bilan(exercice).actions.chantiers for p in chantier.photos]
    assert photos == ["Des gens au marché"]


def test_empty_exercice_composes(db):
    d.DemarcheFactory()
    bilan = composer_bilan(d.ExerciceFactory())
    assert bilan.actions.actions == ()
    assert bilan.annexe_partenaires.total == 0


def test_without_demarche_the_message_says_what_to_do(db):
    with pytest.raises(ErreurMetier, match="réglages de la démarche"):
        composer_bilan(d.ExerciceFactory())


@pytest.mark.parametrize("ajouts", [1, 3])
def test_number_of_queries_does_not_depend_on_rows(exercice, ajouts):
    with CaptureQueriesContext(connection) as avant:
        composer_bilan(exercice)
    for _ in range(ajouts):
        action = c.ActionCollectiveFactory(partenaires=[Organisation.objects.first()])
        c.ActiviteFactory.create_batch(2, action_collective=action)
        e.ContributionFactory(action_collective=action)
        e.CibleFactory(exercice=exercice, atteinte=True)
        e.EffetConstateFactory(exercice=exercice)
        e.MesureFactory()
        e.MomentEvaluationFactory(plan=PlanEvaluation.objects.first())
    with CaptureQueriesContext(connection) as apres:
        composer_bilan(exercice)
    assert len(apres) == len(avant)


def test_digest_follows_the_data(exercice):
    une = empreinte_donnees(vers_json(composer_bilan(exercice)))
    assert une == empreinte_donnees(vers_json(composer_bilan(exercice)))
    narratif = Narratif.objects.get()
    narratif.texte = "Autre chose."
    narratif.save()
    assert une != empreinte_donnees(vers_json(composer_bilan(exercice)))


@pytest.mark.parametrize(
    ("brut", "ecrit"),
    [
        ("L'année : 15 000$", "L’année\xa0: 15\xa0000\xa0$"),
        ("« oui »", "«\xa0oui\xa0»"),
        ("«oui»", "«\xa0oui\xa0»"),
        ("Vraiment ?", "Vraiment\u202f?"),
        ("Vraiment?", "Vraiment?"),
        ("le 8 mai 2024, 4 400%", "le 8\xa0mai 2024, 4\xa0400\xa0%"),
        ("http://exemple.org:80/a", "http://exemple.org:80/a"),
        ("2023 2024", "2023 2024"),
    ],
)
def test_typographie(brut, ecrit):
    assert typographier(brut) == ecrit
    assert typographier(ecrit) == ecrit


def test_action_names_the_strategies_of_the_plan_of_the_year(exercice):
    action = ActionCollective.objects.get(titre="Clinique <b>du</b> bail")
    servie = e.CibleFactory(exercice=exercice).strategie
    plus_tard = e.PlanStrategiqueFactory(debut=datetime.date(2030, 7, 1), fin=datetime.date(2033, 6, 30))
    d_un_autre_plan = e.StrategieFactory(objectif__orientation__plan=plus_tard)
    for strategie in (servie, d_un_autre_plan):
        e.ContributionFactory(action_collective=action, strategie=strategie)
    assert composer_bilan(exercice).actions.actions[0].strategies == (servie.code,)


def test_chantier_without_anything_in_the_year_is_not_in_its_bilan(exercice):
    c.ChantierFactory(nom="Né plus tard")
    assert [chantier.nom for chantier in composer_bilan(exercice).actions.chantiers] == ["Logement"]
