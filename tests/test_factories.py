"""Every model has a factory, and every factory and each of its traits makes a row that the model accepts."""

import inspect

import pytest
from django.apps import apps
from django.db import transaction
from factory.django import DjangoModelFactory

from tests.factories import chantiers, demarche, evaluation, partenaires
from tests.factories.partenaires import AdhesionFactory
from tests.factories.personas import PERSONAS
from tests.test_architecture import ORDRE

pytestmark = pytest.mark.base
MODULES = (demarche, partenaires, chantiers, evaluation)
FACTORIES = [
    classe
    for module in MODULES
    for _, classe in inspect.getmembers(module, inspect.isclass)
    if issubclass(classe, DjangoModelFactory) and classe.__module__ == module.__name__
]
# Not states: a value, or the shared part of several traits.
PARTIELS = {"annee", "avec_regle", "confirmee", "traitee"}


@pytest.mark.django_db
@pytest.mark.parametrize("classe", FACTORIES, ids=lambda classe: classe.__name__)
def test_factory_makes_a_valid_row_in_each_state(classe):
    for trait in (None, *(t for t in classe._meta.parameters if t not in PARTIELS)):
        with transaction.atomic():
            objet = classe(**({trait: True} if trait else {}))
            # An author who may be unknown (SET_NULL) is null in the database but asked of a form.
            vides = {c.name for c in objet._meta.fields if c.null and getattr(objet, c.attname) is None}
            objet.full_clean(exclude=vides)
            assert type(objet).objects.filter(pk=objet.pk).exists(), trait
            transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("etat", ["a_etudier", "acceptee", "refusee", "terminee"])
def test_adhesion_of_a_citizen_in_each_state(etat):
    assert AdhesionFactory(citoyenne=True, **{etat: True}).organisation is None


def test_every_model_has_a_factory():
    modeles = {m for app in ORDRE for m in apps.get_app_config(app).get_models()}
    assert {f._meta.model for f in FACTORIES} == {m for m in modeles if not m.__name__.startswith("Historical")}


@pytest.mark.django_db
def test_personas_sign_in(client_de, personne_de):
    for role in PERSONAS:
        assert int(client_de(role).session["_auth_user_id"]) == personne_de(role).pk
