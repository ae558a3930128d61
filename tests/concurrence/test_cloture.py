"""An exercice that closes while decisions are written: one side or the other, never between (R7, R10)."""

import datetime

from demarche.enums import GenreEvenement
from demarche.models import EvenementRegistre, Exercice, InstanceGouvernance, Resolution
from demarche.services.exercices import clore_exercice
from demarche.services.resolutions import inscrire_resolution
from demarche.services.verification_registre import verifier_registre
from tests.factories.chantiers import ResultatFinancierFactory
from tests.factories.demarche import ExerciceFactory, InstanceGouvernanceFactory


def clore_ou_inscrire(geste, exercice_pk, instance_pk):
    if geste == "clore":
        return clore_exercice(exercice_pk, auteur=None).est_clos
    return inscrire_resolution(
        instance_gouvernance=InstanceGouvernance.objects.get(pk=instance_pk),
        exercice=Exercice.objects.get(pk=exercice_pk),
        titre="Titre",
        texte="Texte",
        adoptee_le=datetime.date(2024, 1, 15),
        auteur=None,
    ).numero


def test_no_resolution_after_the_closing(base_concurrente):
    exercice, instance = ExerciceFactory(annee=2023), InstanceGouvernanceFactory(comite=True)
    ResultatFinancierFactory(exercice=exercice)
    gestes = ["inscrire", "clore"] * 6
    rendus = base_concurrente.lancer(clore_ou_inscrire, [(geste, exercice.pk, instance.pk) for geste in gestes])
    assert {rendu.erreur for rendu in rendus[1::2]} == {""}
    assert {rendu.erreur for rendu in rendus[::2]} <= {"", "ErreurMetier"}
    lignes = EvenementRegistre.objects.order_by("numero").values_list("genre", flat=True)
    assert list(lignes)[-1] == GenreEvenement.EXERCICE_CLOS
    assert list(lignes).count(GenreEvenement.EXERCICE_CLOS) == 1
    assert Resolution.objects.count() == len(lignes) - 1 == sum(rendu.erreur == "" for rendu in rendus[::2])
    assert verifier_registre().est_entier
