"""One way to write a row: checked, signed, only when it changed, refused in French."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from demarche.gouvernance.models import InstanceGouvernance, Territoire
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.ecriture import a_change, ecrire, enregistrer, modifier, supprimer
from tests.factories.demarche import InstanceGouvernanceFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db


def test_new_row_is_saved_with_its_author_and_reason():
    auteur = UtilisateurFactory()
    territoire = enregistrer(Territoire(nom="Bas-du-Fleuve", genre="region"), auteur=auteur, motif="Carte de 2024")
    trace = territoire.history.get()
    assert (trace.history_user, trace.history_change_reason) == (auteur, "Carte de 2024")


def test_unchanged_row_leaves_no_trace():
    instance = InstanceGouvernanceFactory()
    traces = instance.history.count()
    assert not a_change(instance)
    with CaptureQueriesContext(connection) as requetes:
        enregistrer(instance, auteur=UtilisateurFactory())
    assert instance.history.count() == traces
    assert not [r for r in requetes.captured_queries if r["sql"].startswith("UPDATE")]


def test_reason_of_one_change_does_not_stay_for_the_next():
    instance = InstanceGouvernanceFactory()
    instance.nom = "Premier nom"
    enregistrer(instance, auteur=None, motif="Assemblée de mai")
    instance.nom = "Second nom"
    enregistrer(instance, auteur=None)
    assert [t.history_change_reason for t in instance.history.all()[:2]] == [None, "Assemblée de mai"]


def test_row_that_the_model_refuses_is_told_in_french():
    instance = InstanceGouvernanceFactory()
    instance.nom = ""
    with pytest.raises(ErreurMetier, match="obligatoire|vide"):
        enregistrer(instance, auteur=None)


def test_row_taken_by_another_process_is_told_in_french():
    instance = InstanceGouvernanceFactory()
    copie = InstanceGouvernance(pk=None, nom=None, genre=instance.genre)
    with pytest.raises(ErreurMetier, match="Quelqu’un vient d’enregistrer la même chose"):
        ecrire(copie, auteur=None)
    assert InstanceGouvernance.objects.get() == instance  # the transaction goes on


def test_change_twice_received_is_written_once():
    instance, auteur = InstanceGouvernanceFactory(), UtilisateurFactory()
    version, traces = instance.version, instance.history.count()
    for _ in range(2):
        ecrite = modifier(
            InstanceGouvernance, instance.pk, version=version, donnees={"nom": "Comité élargi"}, auteur=auteur
        )
    assert (ecrite.nom, ecrite.version, ecrite.history.count()) == ("Comité élargi", version + 1, traces + 1)


def test_change_on_an_older_version_is_refused():
    instance, auteur = InstanceGouvernanceFactory(), UtilisateurFactory()
    version = instance.version
    modifier(InstanceGouvernance, instance.pk, version=version, donnees={"nom": "Un nom"}, auteur=auteur)
    with pytest.raises(ErreurMetier) as refus:
        modifier(InstanceGouvernance, instance.pk, version=version, donnees={"nom": "Un autre"}, auteur=auteur)
    assert refus.value.code == "conflit"


def test_refused_change_stands_beside_its_field():
    instance = InstanceGouvernanceFactory()
    with pytest.raises(ErreurMetier) as refus:
        modifier(
            InstanceGouvernance,
            instance.pk,
            version=instance.version,
            donnees={"nom": ""},
            auteur=UtilisateurFactory(),
        )
    assert list(refus.value.message_dict) == ["nom"]


def test_deleted_row_keeps_its_author_and_reason():
    auteur, instance = UtilisateurFactory(), InstanceGouvernanceFactory()
    pk = instance.pk
    supprimer(instance, auteur=auteur, motif="Inscrite par erreur")
    trace = InstanceGouvernance.history.filter(id=pk).first()
    assert (trace.history_type, trace.history_user, trace.history_change_reason) == (
        "-",
        auteur,
        "Inscrite par erreur",
    )
