"""An exercice that closes while one writes in it: one side or the other, never between (R7, R10)."""

import contextlib
import datetime
from pathlib import Path
from unittest import mock

import pytest

from chantiers.actions.models import ActionCollective, Activite
from chantiers.actions.services import activites
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Exercice, InstanceGouvernance, Resolution
from demarche.gouvernance.services import exercices
from demarche.gouvernance.services.exercices import clore_exercice
from demarche.registre.enums import GenreEvenement
from demarche.registre.models import EvenementRegistre
from demarche.registre.services.verification import verifier_registre
from demarche.scrutins.services.resolutions import inscrire_resolution
from tests.concurrence.test_temoins import PATIENCE, attendre, sans_verrou
from tests.factories.chantiers import ActionCollectiveFactory, ResultatFinancierFactory
from tests.factories.demarche import (
    ExerciceFactory,
    InstanceGouvernanceFactory,
    TeteRegistreFactory,
    UtilisateurFactory,
)


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


@pytest.mark.regle("R10")
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


def noter_ou_clore(geste, dossier, verrous, exercice_pk, action_pk, auteur_pk):
    """Note an activity, kept waiting once it has read that the exercice is open; close the exercice meanwhile."""
    lu, fini = Path(dossier) / "lu", Path(dossier) / "fini"
    exiger = activites.exiger_jour_ouvert

    def exiger_puis_attendre(*valeurs, **options):
        rendu = exiger(*valeurs, **options)
        lu.touch()
        attendre(fini, PATIENCE if verrous else 60)
        return rendu

    lire = Exercice.objects.get
    with contextlib.ExitStack() as scene:
        if not verrous:
            scene.enter_context(sans_verrou())
            scene.enter_context(mock.patch.object(exercices, "retenir_exercice", lambda pk: lire(pk=pk)))
        if geste == "clore":
            attendre(lu, 60)
            exercices.clore_exercice(exercice_pk, auteur=None)
            deja = Activite.objects.count()  # when it closed: the other goes on as soon as it is told
            fini.touch()
            return deja
        scene.enter_context(mock.patch.object(activites, "exiger_jour_ouvert", exiger_puis_attendre))
        activites.noter_activite(
            ActionCollective.objects.get(pk=action_pk),
            auteur=Utilisateur.objects.get(pk=auteur_pk),
            donnees={"date": datetime.date(2024, 1, 15), "titre": "Soupe populaire"},
        )
    return None


@pytest.mark.regle("R10")
@pytest.mark.parametrize("verrous", [True, False])
def test_nothing_slips_in_while_an_exercice_closes(base_concurrente, tmp_path, verrous):
    exercice, action, auteur = ExerciceFactory(annee=2023), ActionCollectiveFactory(), UtilisateurFactory()
    ResultatFinancierFactory(exercice=exercice)
    TeteRegistreFactory()
    suite = (str(tmp_path), verrous, exercice.pk, action.pk, auteur.pk)
    _, cloture = base_concurrente.lancer(noter_ou_clore, [("noter", *suite), ("clore", *suite)])
    assert (cloture.erreur, Exercice.objects.get().est_clos, Activite.objects.count()) == ("", True, 1)
    # The closing waited for the activity; the control, without lock, closed before it was written.
    assert cloture.valeur == (1 if verrous else 0)
