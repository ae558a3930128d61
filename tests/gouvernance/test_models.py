"""What the database itself refuses, on both sides of each limit."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from demarche.comptes.enums import Role
from demarche.comptes.models import RoleAttribue, Utilisateur
from demarche.gouvernance.enums import GenreInstance, GenreTerritoire
from demarche.gouvernance.models import Demarche, Exercice, Mandat, Rencontre, Territoire
from demarche.rencontres.queries.rencontres import accessibles_a
from tests.factories import JOUR
from tests.factories.demarche import (
    DemarcheFactory,
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    RencontreFactory,
    ResolutionFactory,
    RoleAttribueFactory,
    SiegeFactory,
    TerritoireFactory,
    UtilisateurFactory,
)

pytestmark = pytest.mark.django_db
HIER, DEMAIN = JOUR - datetime.timedelta(days=1), JOUR + datetime.timedelta(days=1)


def refuse(creer):
    with pytest.raises(IntegrityError), transaction.atomic():
        creer()


def test_demarche_is_alone():
    DemarcheFactory()
    refuse(lambda: Demarche.objects.create(pk=2, nom="Autre", nom_territoire="x", mission="y"))


def test_demarche_lists_its_lines():
    demarche = DemarcheFactory(objectifs_generaux="Un\n\n  Deux \n")
    assert demarche.liste_objectifs == ["Un", "Deux"]


def test_exercice_ends_after_it_starts():
    refuse(lambda: Exercice.objects.create(code="2030-2030", debut=JOUR, fin=JOUR))
    assert Exercice.objects.create(code="2030-2031", debut=JOUR, fin=DEMAIN)


def test_exercice_contains_both_its_ends():
    exercice = ExerciceFactory()
    assert exercice.contient(exercice.debut)
    assert exercice.contient(exercice.fin)
    assert not exercice.contient(exercice.fin + datetime.timedelta(days=1))
    assert list(Exercice.objects.contenant(exercice.fin)) == [exercice]


def test_territoire_is_named_once_under_one_parent():
    region = TerritoireFactory(nom="Région", genre=GenreTerritoire.REGION)
    TerritoireFactory(nom="Centre", parent=region)
    refuse(lambda: Territoire.objects.create(nom="Centre", genre="quartier", parent=region))
    refuse(lambda: Territoire.objects.create(nom="Région", genre="region"))
    assert TerritoireFactory(nom="Centre").parent is None


def test_deciding_instance_is_unique_while_active():
    InstanceGouvernanceFactory(comite=True)
    refuse(lambda: InstanceGouvernanceFactory(genre=GenreInstance.COMITE_PILOTAGE, nom="Deuxième"))
    assert InstanceGouvernanceFactory(genre=GenreInstance.COMITE_PILOTAGE, nom="Ancien", est_active=False)
    assert InstanceGouvernanceFactory(genre=GenreInstance.CERCLE)
    assert InstanceGouvernanceFactory(genre=GenreInstance.CERCLE)


def test_siege_number_is_unique_in_its_instance():
    siege = SiegeFactory(numero=1)
    refuse(lambda: SiegeFactory(numero=1))
    assert SiegeFactory(numero=1, instance_gouvernance__comite=False).numero == siege.numero


def test_siege_has_one_open_mandat():
    mandat = MandatFactory()
    refuse(lambda: MandatFactory(siege=mandat.siege))
    mandat.au = HIER
    mandat.save()
    assert MandatFactory(siege=mandat.siege, du=JOUR)


def test_period_may_last_one_day_but_not_less():
    siege = SiegeFactory()
    assert MandatFactory(siege=siege, du=JOUR, au=JOUR)
    refuse(lambda: MandatFactory(siege=siege, du=JOUR, au=HIER))


def test_period_holds_on_both_its_ends():
    mandat = MandatFactory(du=HIER, au=JOUR)
    assert [mandat.en_vigueur(jour) for jour in (HIER, JOUR, DEMAIN)] == [True, True, False]
    assert [Mandat.objects.en_vigueur(jour).count() for jour in (HIER, JOUR, DEMAIN)] == [1, 1, 0]


def test_role_is_held_once_at_a_time():
    attribue = RoleAttribueFactory()
    refuse(lambda: RoleAttribue.objects.create(utilisateur=attribue.utilisateur, role=attribue.role, du=JOUR))
    assert RoleAttribueFactory(utilisateur=attribue.utilisateur, role=Role.FIDUCIAIRE)


def test_roles_are_those_of_today():
    compte = UtilisateurFactory()
    RoleAttribueFactory(utilisateur=compte, role=Role.AGENT, au=HIER)
    RoleAttribueFactory(utilisateur=compte, role=Role.FIDUCIAIRE, du=DEMAIN)
    RoleAttribueFactory(utilisateur=compte, role=Role.COORDONNATEUR, au=JOUR)
    assert compte.roles == {Role.COORDONNATEUR}
    assert compte.est_equipe


def test_account_address_is_unique_and_lower_case():
    assert Utilisateur.objects.create_user("Ana@Exemple.test", prenom="Ana", nom="Roy").email == "ana@exemple.test"
    refuse(lambda: Utilisateur.objects.create_user("ANA@exemple.test", prenom="Ana", nom="Roy"))


def test_account_has_no_password_and_keeps_names_out_of_history():
    compte = UtilisateurFactory()
    assert not compte.has_usable_password()
    suivis = {champ.name for champ in Utilisateur.history.model.tracked_fields}
    assert suivis.isdisjoint({"nom", "prenom", "email", "telephone", "password"})


def test_resolution_number_is_unique_in_its_register():
    resolution = ResolutionFactory()
    refuse(lambda: ResolutionFactory(numero=resolution.numero, code="autre"))
    assert ResolutionFactory(numero=resolution.numero, exercice__annee=2024)


def test_constraint_speaks_french():
    mandat = MandatFactory()
    with pytest.raises(ValidationError, match="Ce siège a déjà un titulaire"):
        Mandat(siege=mandat.siege, utilisateur=UtilisateurFactory(), du=JOUR).full_clean()


def test_rencontres_by_time_and_by_reader():
    public = RencontreFactory(date=JOUR, est_publique=True)
    interne = RencontreFactory(date=HIER)
    ailleurs = RencontreFactory(date=HIER, instance_gouvernance__comite=False)
    assert list(Rencontre.objects.a_venir(JOUR)) == [public]
    assert set(Rencontre.objects.passees(JOUR)) == {interne, ailleurs}
    assert list(Rencontre.objects.publiques()) == [public]
    assert list(accessibles_a(Rencontre.objects.all(), UtilisateurFactory())) == [public]
    membre = MandatFactory(siege__instance_gouvernance=interne.instance_gouvernance).utilisateur
    assert set(accessibles_a(Rencontre.objects.all(), membre)) == {public, interne}


def test_rencontres_of_an_exercice():
    exercice = ExerciceFactory()
    premier, dernier = RencontreFactory(date=exercice.debut), RencontreFactory(date=exercice.fin)
    RencontreFactory(date=exercice.debut - datetime.timedelta(days=1))
    assert set(Rencontre.objects.de_l_exercice(exercice)) == {premier, dernier}
