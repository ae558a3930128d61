import datetime

import pytest

from demarche.services.resolutions import inscrire_resolution
from tests.factories.demarche import ExerciceFactory, InstanceGouvernanceFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db


def inscrire(instance, exercice):
    return inscrire_resolution(
        instance_gouvernance=instance,
        exercice=exercice,
        titre="Titre",
        texte="Texte",
        adoptee_le=datetime.date(2026, 1, 15),
        auteur=UtilisateurFactory(),
    ).code


def test_numbers_follow_by_instance_and_exercice():
    comite, assemblee = InstanceGouvernanceFactory(comite=True), InstanceGouvernanceFactory(assemblee=True)
    un, autre = ExerciceFactory(annee=2023), ExerciceFactory(annee=2024)
    codes = [inscrire(comite, un), inscrire(comite, un), inscrire(assemblee, un), inscrire(comite, autre)]
    assert codes == ["CP-2023-2024-001", "CP-2023-2024-002", "AP-2023-2024-001", "CP-2024-2025-001"]
