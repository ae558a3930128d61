"""Who may what (design, section 5)."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from demarche.comptes.permissions import (
    est_coordonnateur,
    est_equipe,
    est_fiduciaire,
    exiger,
    peut_gerer_reglages,
    peut_saisir,
)
from demarche.gouvernance.extensions import DocumentsGouvernance
from demarche.gouvernance.permissions import (
    est_membre_comite,
    peut_voir_decisions,
    peut_voir_instance,
)
from demarche.rencontres.permissions import peut_voir_rencontre
from tests.factories import JOUR
from tests.factories.demarche import CadreReferenceFactory, DocumentFactory, MandatFactory, UtilisateurFactory
from tests.factories.personas import PERSONAS, TOUS

EQUIPE = {"agent", "coordonnateur"}
DECISIONS = EQUIPE | {"membre_comite", "fiduciaire"}
REGLAGES = {"coordonnateur", "administrateur"}
QUI = {
    est_equipe: EQUIPE,
    est_coordonnateur: {"coordonnateur"},
    est_fiduciaire: {"fiduciaire"},
    est_membre_comite: {"membre_comite", "fiduciaire"},
    peut_gerer_reglages: REGLAGES,
    peut_saisir: EQUIPE,
    peut_voir_decisions: DECISIONS,
    peut_voir_rencontre: DECISIONS,
    peut_voir_instance: DECISIONS | REGLAGES,
}


def test_predicates_by_role(personne_de):
    visiteurs = {role: AnonymousUser() if role == "public" else personne_de(role) for role in TOUS}
    assert {predicat: {role for role, visiteur in visiteurs.items() if predicat(visiteur)} for predicat in QUI} == QUI


@pytest.mark.django_db
def test_seat_of_yesterday_gives_nothing():
    mandat = MandatFactory(au=JOUR - datetime.timedelta(days=1))
    assert not est_membre_comite(mandat.utilisateur)


@pytest.mark.django_db
def test_seat_elsewhere_is_not_the_comite():
    mandat = MandatFactory(siege__instance_gouvernance__comite=False)
    assert not est_membre_comite(mandat.utilisateur)


def test_exiger_stops():
    exiger(True)
    with pytest.raises(PermissionDenied):
        exiger(False)


@pytest.mark.django_db
def test_document_of_the_cadre_is_read_by_whoever_signs_in():
    cadre = CadreReferenceFactory(document=DocumentFactory())
    assert DocumentsGouvernance().lisible(UtilisateurFactory(), cadre.document)
    assert not DocumentsGouvernance().lisible(UtilisateurFactory(), DocumentFactory())
    assert not DocumentsGouvernance().lisible(None, cadre.document)


def test_personas_are_those_of_the_design():
    assert set(PERSONAS) == {"partenaire"} | DECISIONS | REGLAGES
