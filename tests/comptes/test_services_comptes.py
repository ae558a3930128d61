"""Accounts: invitation, roles, closing; nobody locks everyone out."""

import datetime

import pytest
from allauth.account.models import EmailAddress

from demarche.comptes.enums import Role
from demarche.comptes.models import RoleAttribue, Utilisateur
from demarche.comptes.services import comptes
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.models import Courriel
from tests.factories import DEBUT_EXERCICE, JOUR
from tests.factories.demarche import MandatFactory, RoleAttribueFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db
HIER, DEMAIN = JOUR - datetime.timedelta(days=1), JOUR + datetime.timedelta(days=1)


@pytest.fixture
def auteur():
    return UtilisateurFactory(coordonnateur=True)


def test_invited_person_has_an_account_its_roles_and_a_message(auteur):
    compte = comptes.inviter_compte(
        email=" Lea@Exemple.test", prenom="Léa", nom="Roy", roles=[Role.AGENT], auteur=auteur
    )
    assert (compte.email, compte.roles, compte.has_usable_password()) == ("lea@exemple.test", {Role.AGENT}, False)
    courriel = Courriel.objects.get()
    assert courriel.destinataire == "lea@exemple.test"
    assert "http://testserver/compte/login/" in courriel.texte
    assert "lea@exemple.test" in courriel.texte


def test_second_account_with_the_same_address_is_refused(auteur):
    UtilisateurFactory(email="lea@exemple.test")
    with pytest.raises(ErreurMetier, match="Un compte existe déjà"):
        comptes.inviter_compte(email="LEA@exemple.test", prenom="Léa", nom="Roy", auteur=auteur)
    assert Courriel.objects.count() == 0


def test_message_shows_markup_as_text(auteur):
    comptes.inviter_compte(email="l@exemple.test", prenom="<b>L'O & Co</b>", nom="Roy", auteur=auteur)
    assert "Bonjour <b>L'O & Co</b>," in Courriel.objects.get().texte


def test_nobody_gives_a_role_to_themselves(auteur):
    with pytest.raises(ErreurMetier, match="à soi-même"):
        comptes.attribuer_role(auteur, role=Role.FIDUCIAIRE, du=JOUR, auteur=auteur)


@pytest.mark.parametrize(
    ("du", "au", "possible"),
    [
        (DEBUT_EXERCICE, None, False),
        (JOUR, JOUR, False),
        (DEMAIN, None, True),
        (datetime.date(2025, 1, 1), DEBUT_EXERCICE - datetime.timedelta(days=1), True),
        (datetime.date(2025, 1, 1), DEBUT_EXERCICE, False),
    ],
)
def test_role_does_not_overlap_itself(auteur, du, au, possible):
    compte = RoleAttribueFactory(role=Role.AGENT, du=DEBUT_EXERCICE, au=JOUR).utilisateur
    if possible:
        assert comptes.attribuer_role(compte, role=Role.AGENT, du=du, au=au, auteur=auteur)
    else:
        with pytest.raises(ErreurMetier, match="déjà ce rôle"):
            comptes.attribuer_role(compte, role=Role.AGENT, du=du, au=au, auteur=auteur)


def test_administration_technique_holds_nothing_else(auteur):
    technique = UtilisateurFactory(administrateur=True)
    with pytest.raises(ErreurMetier, match="aucun autre rôle"):
        comptes.attribuer_role(technique, role=Role.COORDONNATEUR, du=JOUR, auteur=auteur)
    for compte in (UtilisateurFactory(agent=True), MandatFactory().utilisateur):
        with pytest.raises(ErreurMetier, match="ne décide de rien"):
            comptes.attribuer_role(compte, role=Role.ADMINISTRATEUR, du=JOUR, auteur=auteur)


def test_inactive_account_receives_no_role(auteur):
    with pytest.raises(ErreurMetier, match="désactivé"):
        comptes.attribuer_role(UtilisateurFactory(is_active=False), role=Role.AGENT, du=JOUR, auteur=auteur)


def test_last_coordination_cannot_end(auteur):
    role = auteur.roles_attribues.get()
    admin = UtilisateurFactory(administrateur=True)
    with pytest.raises(ErreurMetier, match="seule à la coordination"):
        comptes.terminer_role(role, au=JOUR, auteur=admin)
    assert RoleAttribue.objects.get(pk=role.pk).au is None


@pytest.mark.parametrize(
    "etat",
    [
        {"role": Role.COORDONNATEUR, "utilisateur__is_active": False},
        {"role": Role.COORDONNATEUR, "du": DEMAIN},
        {"role": Role.COORDONNATEUR, "au": DEMAIN},
        {"role": Role.AGENT},
    ],
)
def test_somebody_else_must_really_coordinate(auteur, etat):
    RoleAttribueFactory(**etat)
    with pytest.raises(ErreurMetier, match="seule à la coordination"):
        comptes.terminer_role(auteur.roles_attribues.get(), au=JOUR, auteur=auteur)


def test_coordination_ends_when_another_remains(auteur):
    UtilisateurFactory(coordonnateur=True)
    assert comptes.terminer_role(auteur.roles_attribues.get(), au=JOUR, auteur=auteur).au == JOUR


def test_role_ends_on_its_last_day_and_says_so(auteur):
    attribue = RoleAttribueFactory(role=Role.AGENT)
    comptes.terminer_role(attribue, au=JOUR, auteur=auteur)
    compte = Utilisateur.objects.get(pk=attribue.utilisateur_id)
    assert compte.roles == {Role.AGENT}
    assert attribue.history.first().history_change_reason == "Fin du rôle"


def test_ending_twice_writes_once(auteur):
    attribue = RoleAttribueFactory(role=Role.AGENT)
    comptes.terminer_role(attribue, au=JOUR, auteur=auteur)
    comptes.terminer_role(attribue, au=JOUR, auteur=auteur)
    assert attribue.history.count() == 2


def test_role_given_today_by_mistake_is_withdrawn(auteur):
    attribue = RoleAttribueFactory(role=Role.AGENT, du=JOUR)
    assert comptes.terminer_role(attribue, au=HIER, auteur=auteur) is None
    assert not RoleAttribue.objects.filter(pk=attribue.pk).exists()


def test_role_does_not_end_before_it_began(auteur):
    with pytest.raises(ErreurMetier, match="ne peut pas finir avant"):
        comptes.terminer_role(RoleAttribueFactory(du=HIER), au=HIER - datetime.timedelta(days=1), auteur=auteur)


def test_closed_account_can_be_opened_again(auteur):
    compte = UtilisateurFactory(agent=True)
    assert not comptes.desactiver_compte(compte, auteur=auteur).is_active
    assert comptes.reactiver_compte(compte, auteur=auteur).is_active
    comptes.reactiver_compte(compte, auteur=auteur)
    raisons = list(compte.history.values_list("history_change_reason", flat=True))
    assert raisons == ["Compte réactivé", "Compte désactivé", None]


def test_who_cannot_be_closed(auteur):
    technique = UtilisateurFactory(administrateur=True)
    for compte, phrase, par in (
        (auteur, "son propre compte", auteur),
        (auteur, "seule à la coordination", technique),
        (MandatFactory().utilisateur, "terminez d’abord son mandat", auteur),
        (MandatFactory(du=DEMAIN).utilisateur, "terminez d’abord son mandat", auteur),
    ):
        with pytest.raises(ErreurMetier, match=phrase):
            comptes.desactiver_compte(compte, auteur=par)
        compte.refresh_from_db()
        assert compte.is_active


def test_changed_address_is_told_at_the_old_one_and_signs_in_no_more(auteur):
    compte = UtilisateurFactory(email="ancien@exemple.test")
    EmailAddress.objects.create(user=compte, email="ancien@exemple.test", verified=True, primary=True)
    comptes.modifier_compte(compte, email="Nouveau@exemple.test", prenom="Léa", nom="Roy", telephone="", auteur=auteur)
    assert Utilisateur.objects.get(pk=compte.pk).email == "nouveau@exemple.test"
    assert not EmailAddress.objects.exists()
    assert Courriel.objects.get().destinataire == "ancien@exemple.test"


def test_changed_name_tells_nobody(auteur):
    compte = UtilisateurFactory(email="lea@exemple.test")
    comptes.modifier_compte(compte, email=compte.email, prenom="Léa", nom="Roy", telephone="", auteur=auteur)
    assert not Courriel.objects.exists()


def test_address_of_another_account_is_refused(auteur):
    UtilisateurFactory(email="pris@exemple.test")
    compte = UtilisateurFactory()
    with pytest.raises(ErreurMetier, match="Un compte existe déjà"):
        comptes.modifier_compte(compte, email="PRIS@exemple.test", prenom="A", nom="B", telephone="", auteur=auteur)
