import io

import pytest
from django.core.management import CommandError, call_command

from demarche.comptes.models import RoleAttribue, Utilisateur
from demarche.socle.models import Courriel
from tests.factories.demarche import UtilisateurFactory

pytestmark = pytest.mark.django_db


def creer(courriel="prenom.nom@exemple.test", prenom="Maude", nom="Gagnon"):
    sortie = io.StringIO()
    call_command("creer_coordonnateur", courriel=courriel, prenom=prenom, nom=nom, stdout=sortie)
    return sortie.getvalue()


def test_empty_database_gets_its_first_coordonnateur():
    assert creer() == "Le compte de Maude Gagnon est ouvert. L’invitation part à prenom.nom@exemple.test.\n"
    compte = Utilisateur.objects.get()
    assert (compte.est_coordonnateur, compte.is_active, compte.has_usable_password()) == (True, True, False)
    assert list(Courriel.objects.values_list("destinataire", flat=True)) == ["prenom.nom@exemple.test"]


def test_second_run_changes_nothing():
    creer()
    assert (
        creer(courriel="PRENOM.NOM@exemple.test") == "Maude Gagnon coordonne déjà la démarche : rien n’a été changé.\n"
    )
    assert (Utilisateur.objects.count(), RoleAttribue.objects.count(), Courriel.objects.count()) == (1, 1, 1)


def test_existing_account_receives_the_role():
    compte = UtilisateurFactory(agent=True, email="prenom.nom@exemple.test")
    assert creer() == f"{compte} avait un compte et coordonne maintenant la démarche.\n"
    assert Utilisateur.objects.get().roles == {"agent", "coordonnateur"}


@pytest.mark.parametrize(
    ("valeurs", "champ"),
    [({"courriel": "pas-une-adresse"}, "Courriel"), ({"nom": " "}, "Nom"), ({"prenom": ""}, "Prénom")],
)
def test_bad_value_is_told_in_french(valeurs, champ):
    with pytest.raises(CommandError, match=f"^{champ} : "):
        creer(**valeurs)
    assert not Utilisateur.objects.exists()


@pytest.mark.parametrize(
    ("trait", "phrase"), [({"is_active": False}, "désactivé"), ({"administrateur": True}, "aucun autre rôle")]
)
def test_account_that_may_not_coordinate_is_refused(trait, phrase):
    UtilisateurFactory(email="prenom.nom@exemple.test", **trait)
    with pytest.raises(CommandError, match=phrase):
        creer()
