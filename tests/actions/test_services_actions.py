import datetime

import pytest
from django.core.exceptions import ValidationError

from chantiers.actions.enums import OrigineAction, TypeAction
from chantiers.actions.models import ActionCollective, Activite, Chantier, ObjectifChantier
from chantiers.actions.services.actions import creer_action, modifier_action
from chantiers.actions.services.activites import modifier_activite, noter_activite, supprimer_activite
from chantiers.actions.services.chantiers import creer_chantier, enregistrer_objectifs, modifier_chantier
from demarche.socle.concurrence import empreinte
from demarche.socle.erreurs import ErreurMetier
from tests.factories import JOUR
from tests.factories.chantiers import (
    ActionCollectiveFactory,
    ActiviteFactory,
    ChantierFactory,
    DemandeFondsFactory,
    LigneBudgetaireFactory,
    ObjectifChantierFactory,
)
from tests.factories.demarche import ExerciceFactory, UtilisateurFactory
from tests.factories.partenaires import OrganisationFactory

pytestmark = pytest.mark.django_db
D = datetime.date


def faits(**autres):
    return {
        "titre": "Marché solidaire",
        "resume": "Des légumes à bas prix.",
        "type_action": TypeAction.STRUCTURANTE,
        "origine": OrigineAction.CHANTIER,
        "chantier": autres.pop("chantier", None) or ChantierFactory(),
        "debut": D(2025, 9, 1),
        "partenaires": [],
        **autres,
    }


def test_creation_keeps_author_and_partners():
    auteur, organisation = UtilisateurFactory(), OrganisationFactory()
    action = creer_action(auteur=auteur, donnees=faits(partenaires=[organisation]))
    assert list(action.partenaires.all()) == [organisation]
    assert action.history.earliest().history_user == auteur
    assert list(action.history.latest().partenaires.values_list("organisation", flat=True)) == [organisation.pk]


@pytest.mark.regle("R2")
def test_creation_refuses_an_incomplete_origin():
    with pytest.raises(ValidationError) as erreur:
        creer_action(auteur=UtilisateurFactory(), donnees=faits(origine=OrigineAction.COMITE_PILOTAGE))
    assert list(erreur.value.message_dict) == ["justification"]
    assert not ActionCollective.objects.exists()


def test_second_tab_is_told_and_nothing_is_overwritten():
    action = ActionCollectiveFactory()
    modifier_action(action.pk, version=1, auteur=UtilisateurFactory(), donnees=faits(titre="Le premier"))
    with pytest.raises(ErreurMetier) as erreur:
        modifier_action(action.pk, version=1, auteur=UtilisateurFactory(), donnees=faits(titre="Le second"))
    assert erreur.value.code == "conflit"
    action.refresh_from_db()
    assert (action.titre, action.version) == ("Le premier", 2)


def test_same_form_twice_is_no_conflict_and_leaves_one_trace():
    action = ActionCollectiveFactory()
    donnees = faits(titre="Une fois", partenaires=[OrganisationFactory()])
    for _ in range(2):
        modifier_action(action.pk, version=1, auteur=UtilisateurFactory(), donnees=donnees)
    action.refresh_from_db()
    assert action.version == 2
    assert list(action.partenaires.all()) == donnees["partenaires"]


def test_partners_alone_are_a_change():
    action = ActionCollectiveFactory()
    donnees = {"titre": action.titre, "partenaires": [OrganisationFactory()]}
    modifier_action(action.pk, version=1, auteur=UtilisateurFactory(), donnees=donnees)
    action.refresh_from_db()
    assert action.version == 2
    with pytest.raises(ErreurMetier):
        modifier_action(action.pk, version=1, auteur=UtilisateurFactory(), donnees={**donnees, "partenaires": []})


def noter(action=None, **autres):
    return noter_activite(
        action or ActionCollectiveFactory(),
        auteur=UtilisateurFactory(),
        donnees={"date": JOUR, "titre": "Soupe d’idées", **autres},
    )


def test_activity_of_today_is_noted():
    ExerciceFactory()
    assert noter(nb_personnes=18).nb_personnes == 18


@pytest.mark.parametrize(
    ("jour", "code"),
    [
        (JOUR + datetime.timedelta(days=1), "avenir"),
        (D(1999, 1, 1), "sans_exercice"),
        (D(2025, 6, 30), "clos"),
    ],
)
def test_activity_on_a_wrong_day_is_refused_beside_the_date(jour, code):
    ExerciceFactory()
    ExerciceFactory(annee=2024, clos=True)
    with pytest.raises(ErreurMetier) as erreur:
        noter(date=jour)
    assert list(erreur.value.message_dict) == ["date"]
    assert erreur.value.error_dict["date"][0].code in (code, None)
    assert not Activite.objects.exists()


@pytest.mark.regle("R10")
def test_r10_activity_of_a_closed_exercice_does_not_move():
    ExerciceFactory()
    ExerciceFactory(annee=2024, clos=True)
    activite = ActiviteFactory(date=D(2025, 6, 30), titre="Bilan")
    with pytest.raises(ErreurMetier):
        modifier_activite(activite.pk, version=1, auteur=UtilisateurFactory(), donnees={"titre": "Autre"})
    with pytest.raises(ErreurMetier):
        modifier_activite(activite.pk, version=1, auteur=UtilisateurFactory(), donnees={"date": JOUR})
    with pytest.raises(ErreurMetier):
        supprimer_activite(activite.pk, auteur=UtilisateurFactory())
    activite.refresh_from_db()
    assert (activite.titre, activite.date, activite.version) == ("Bilan", D(2025, 6, 30), 1)


def test_activity_conflict():
    ExerciceFactory()
    activite = ActiviteFactory()
    modifier_activite(activite.pk, version=1, auteur=UtilisateurFactory(), donnees={"titre": "Un"})
    with pytest.raises(ErreurMetier):
        modifier_activite(activite.pk, version=1, auteur=UtilisateurFactory(), donnees={"titre": "Deux"})
    activite.refresh_from_db()
    assert activite.titre == "Un"


def test_activity_taken_away_stays_in_history_and_twice_is_nothing():
    ExerciceFactory()
    activite = ActiviteFactory()
    for _ in range(2):
        supprimer_activite(activite.pk, auteur=UtilisateurFactory())
    trace = Activite.history.filter(id=activite.pk).latest()
    assert (trace.history_type, trace.history_change_reason) == ("-", "Activité retirée du journal")


def test_chantier_created_last_and_changed():
    ChantierFactory(ordre=4)
    auteur = UtilisateurFactory()
    chantier = creer_chantier(auteur=auteur, donnees={"nom": "Logement"})
    assert chantier.ordre == 5
    modifier_chantier(chantier.pk, version=1, auteur=auteur, donnees={"nom": "Habitation"})
    with pytest.raises(ErreurMetier):
        modifier_chantier(chantier.pk, version=1, auteur=auteur, donnees={"nom": "Toit"})
    assert Chantier.objects.get(pk=chantier.pk).nom == "Habitation"


def test_objectives_close_their_ranks():
    exercice, chantier = ExerciceFactory(), ChantierFactory()
    un, deux, trois = (
        ObjectifChantierFactory(chantier=chantier, exercice=exercice, numero=n, texte=str(n)) for n in (1, 2, 3)
    )
    trois.texte = "trois"
    nouveau = ObjectifChantier(texte="quatre")
    enregistrer_objectifs(
        chantier.pk,
        exercice=exercice,
        empreinte=empreinte(chantier.objectifs.all()),
        lignes=[trois, nouveau],
        retirees=[un],
        auteur=UtilisateurFactory(),
    )
    assert list(chantier.objectifs.values_list("numero", "texte").order_by("numero")) == [
        (1, "2"),
        (2, "trois"),
        (3, "quatre"),
    ]
    assert deux.pk


@pytest.mark.regle("R10")
@pytest.mark.parametrize("clos", [True, False])
@pytest.mark.parametrize(
    "chiffre",
    [
        lambda a, e: ActiviteFactory(action_collective=a, date=e.fin),
        lambda a, e: LigneBudgetaireFactory(action_collective=a, exercice=e),
        lambda a, e: DemandeFondsFactory(accordee=True, action_collective=a, exercice=e),
    ],
)
def test_r10_action_takes_no_figure_of_a_closed_exercice_to_another_chantier(chiffre, clos):
    ExerciceFactory()
    action, autre, auteur = ActionCollectiveFactory(), ChantierFactory(), UtilisateurFactory()
    chiffre(action, ExerciceFactory(annee=2024, clos=clos))
    donnees = {"titre": "Autre titre", "chantier": autre}
    if clos:
        with pytest.raises(ErreurMetier) as refus:
            modifier_action(action.pk, version=1, auteur=auteur, donnees=donnees)
        assert list(refus.value.message_dict) == ["chantier"]
        del donnees["chantier"]
    assert modifier_action(action.pk, version=1, auteur=auteur, donnees=donnees).titre == "Autre titre"


@pytest.mark.regle("R10")
def test_r10_objectives_of_a_closed_exercice_are_refused():
    exercice, chantier = ExerciceFactory(clos=True), ChantierFactory()
    with pytest.raises(ErreurMetier):
        enregistrer_objectifs(
            chantier.pk,
            exercice=exercice,
            empreinte=empreinte([]),
            lignes=[ObjectifChantier(texte="x")],
            retirees=[],
            auteur=UtilisateurFactory(),
        )
