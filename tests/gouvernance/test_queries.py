"""What every page reads."""

import datetime

import pytest
from django.utils import timezone

from demarche.gouvernance.enums import ModeDecision
from demarche.gouvernance.protocoles import REGLES, EtapeInstallation, Regles
from demarche.gouvernance.queries import demarche as queries
from demarche.socle.queries.historique import historique_de
from tests.factories import JOUR
from tests.factories.demarche import (
    DemarcheFactory,
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    RencontreFactory,
    RoleAttribueFactory,
    UtilisateurFactory,
)

pytestmark = pytest.mark.django_db


def test_exercice_courant_is_that_of_today_else_the_last():
    assert queries.exercice_courant() is None
    ancien = ExerciceFactory(annee=2020)
    assert queries.exercice_courant() == ancien
    courant = ExerciceFactory()
    ExerciceFactory(annee=2026)
    assert queries.exercice_courant() == courant
    assert queries.exercice_choisi("2020-2021") == ancien
    assert queries.exercice_choisi("n’importe quoi") == courant


def test_historique_says_what_changed_in_french(horloge, django_assert_num_queries):
    haut = InstanceGouvernanceFactory(nom="Assemblée")
    instance = InstanceGouvernanceFactory(nom="Comité")
    auteur = UtilisateurFactory()
    horloge.shift(60)
    instance.parent, instance.mode_decision, instance.est_active = haut, ModeDecision.EN_LIGNE, False
    instance.role, instance.version = "Long. " * 30, 2
    instance._change_reason, instance._history_user = "Assemblée de mai", auteur
    instance.save()
    with django_assert_num_queries(2):
        apres, avant = historique_de(instance)
    assert apres.resume == (
        "relève de\u00a0: vide → Assemblée",
        "rôle\u00a0: texte modifié",
        "mode de décision\u00a0: Vote compté en rencontre → Scrutin en ligne",
        "active\u00a0: oui → non",
    )
    assert (apres.history_user, apres.history_change_reason) == (auteur, "Assemblée de mai")
    assert (avant.history_type, avant.resume) == ("+", ())


def test_historique_writes_dates_and_keeps_the_last_ones(horloge):
    rencontre = RencontreFactory(date=JOUR)
    for jour in range(1, 4):
        horloge.shift(60)
        rencontre.date = JOUR + datetime.timedelta(days=jour)
        rencontre.save()
    lignes = historique_de(rencontre, nb=2)
    assert [ligne.resume for ligne in lignes] == [
        ("date\u00a0: 16\u00a0janvier\u00a02026 → 17\u00a0janvier\u00a02026",),
        ("date\u00a0: 15\u00a0janvier\u00a02026 → 16\u00a0janvier\u00a02026",),
    ]
    assert lignes[0].history_date == timezone.now()


def test_relation_gone_since_is_said_removed(horloge):
    disparu, instance = InstanceGouvernanceFactory(), InstanceGouvernanceFactory()
    for parent in (disparu, None):
        horloge.shift(60)
        instance.parent = parent
        instance.save()
    disparu.delete()
    assert historique_de(instance)[0].resume == ("relève de\u00a0: retiré → vide",)


def test_setting_up_is_done_step_by_step(personne_de, monkeypatch):
    monkeypatch.setattr(REGLES, "_toutes", list(REGLES)[:1])  # those of the governance

    def faites():
        return [etape.est_faite for etape in queries.etapes_installation(administration)]

    administration = personne_de("administrateur")
    assert faites() == [False] * 5
    DemarcheFactory()
    ExerciceFactory()
    InstanceGouvernanceFactory()
    assert faites() == [True, True, True, False, False]
    RoleAttribueFactory()
    MandatFactory()
    assert faites() == [True] * 5


def test_apps_above_add_their_steps_at_the_end(personne_de, monkeypatch):
    etape = EtapeInstallation("Une étape", "Son utilité.", "/ailleurs/", False)

    class ReglesAuDessus(Regles):
        def etapes(self, utilisateur):
            return [etape]

    monkeypatch.setattr(REGLES, "_toutes", [*list(REGLES)[:1], ReglesAuDessus()])
    assert queries.etapes_installation(personne_de("coordonnateur"))[5:] == [etape]
