import datetime

import pytest
from django.utils import timezone

from demarche.gouvernance.enums import Choix, ModeDecision
from demarche.gouvernance.models import Resolution
from demarche.scrutins.services.questions import ouvrir_question
from demarche.scrutins.services.resolutions import inscrire_resolution
from demarche.scrutins.services.votes import voter
from demarche.socle.erreurs import ErreurMetier
from tests.factories.demarche import ExerciceFactory, InstanceGouvernanceFactory, MandatFactory, UtilisateurFactory

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


@pytest.mark.regle("R7")
def test_numbers_follow_by_instance_and_exercice():
    comite, assemblee = InstanceGouvernanceFactory(comite=True), InstanceGouvernanceFactory(assemblee=True)
    un, autre = ExerciceFactory(annee=2023), ExerciceFactory(annee=2024)
    codes = [inscrire(comite, un), inscrire(comite, un), inscrire(assemblee, un), inscrire(comite, autre)]
    assert codes == ["CP-2023-2024-001", "CP-2023-2024-002", "AP-2023-2024-001", "CP-2024-2025-001"]


@pytest.mark.parametrize(
    ("exercice", "possible"),
    [(None, False), ({"debut": datetime.date(2026, 1, 16)}, False), ({}, True)],
    ids=["aucun", "à partir de demain", "courant"],
)
def test_free_ballot_opens_in_an_exercice_since_its_last_vote_may_close_it_today(exercice, possible):
    comite = InstanceGouvernanceFactory(comite=True, mode_decision=ModeDecision.EN_LIGNE)
    mandat = MandatFactory(siege__instance_gouvernance=comite)
    if exercice is not None:
        ExerciceFactory(**exercice)
    question = {
        "instance_gouvernance": comite,
        "question": "La fête?",
        "texte": "Oui.",
        "auteur": UtilisateurFactory(),
    }
    echeance = timezone.now() + datetime.timedelta(days=7)
    if not possible:
        with pytest.raises(ErreurMetier, match="aucun exercice"):
            ouvrir_question(**question, echeance=echeance)
        return
    scrutin = ouvrir_question(**question, echeance=echeance)
    voter(scrutin.pk, auteur=mandat.utilisateur, choix=Choix.POUR)
    assert Resolution.objects.get().scrutin == scrutin
