"""The rule of an instance in plain sentences, and what says that a value is ours."""

import itertools

import pytest

from demarche.gouvernance.enums import GenreInstance, ModeDecision, RegleMajorite, RegleQuorum, SuiteRecusations
from demarche.gouvernance.models import InstanceGouvernance
from demarche.gouvernance.phrases_regle import PAR_DEFAUT, ecrire_regle


def instance(**champs):
    return InstanceGouvernance(
        **{"nom": "Comité", "genre": "comite_pilotage", "mode_decision": ModeDecision.EN_LIGNE, **champs}
    )


def phrases(nb_voix=None, **champs):
    return {phrase.nom: phrase.texte for phrase in ecrire_regle(instance(**champs), nb_voix=nb_voix).phrases}


@pytest.mark.parametrize(
    ("champs", "nb_voix", "attendu"),
    [
        ({}, 6, "plus de la moitié des sièges pourvus et non récusés, soit 4 sur 6 aujourd’hui"),
        ({}, 7, "plus de la moitié des sièges pourvus et non récusés, soit 4 sur 7 aujourd’hui"),
        ({}, None, "plus de la moitié des sièges pourvus et non récusés"),
        ({}, 0, "plus de la moitié des sièges pourvus et non récusés"),
        (
            {"regle_quorum": RegleQuorum.MAJORITE_POURVUS},
            5,
            "plus de la moitié des sièges pourvus, récusés compris, soit 3 sur 5 aujourd’hui",
        ),
        ({"regle_quorum": RegleQuorum.NOMBRE, "quorum_nombre": 5}, 6, "au moins 5\u00a0voix, sur 6 aujourd’hui"),
        ({"regle_quorum": RegleQuorum.NOMBRE, "quorum_nombre": 1}, None, "au moins 1\u00a0voix"),
        ({"regle_quorum": RegleQuorum.TOUS}, 6, "tous les sièges pourvus et non récusés, soit 6 aujourd’hui"),
        ({"regle_quorum": RegleQuorum.AUCUN}, 6, "aucun, une seule voix suffit"),
        (
            {"mode_decision": ModeDecision.RESOLUTION_ECRITE},
            6,
            "tous les sièges pourvus et non récusés, soit 6 aujourd’hui",
        ),
        (
            {"genre": GenreInstance.ASSEMBLEE},
            21,
            "plus de la moitié des partenaires en règle et non récusés, soit 11 sur 21 aujourd’hui",
        ),
        (
            {"genre": GenreInstance.ASSEMBLEE, "mode_decision": ModeDecision.MAIN_LEVEE},
            21,
            "plus de la moitié des voix présentes",
        ),
    ],
)
def test_quorum_is_said_with_the_numbers_of_the_day(champs, nb_voix, attendu):
    assert phrases(nb_voix, **champs)["Quorum"] == attendu


def test_every_rule_has_its_sentences():
    for mode, quorum, majorite in itertools.product(ModeDecision, RegleQuorum, RegleMajorite):
        if mode == ModeDecision.UNE_PERSONNE:
            continue
        nombre = 3 if quorum == RegleQuorum.NOMBRE else None
        ecrites = phrases(6, mode_decision=mode, regle_quorum=quorum, regle_majorite=majorite, quorum_nombre=nombre)
        assert list(ecrites) == ["Mode", "Quorum", "Majorité", "Récusations", "Résolutions"], (mode, quorum, majorite)
        assert all(texte and not texte.endswith(".") for texte in ecrites.values()), (mode, quorum, majorite)


def test_written_resolution_says_that_everybody_signs():
    ecrites = phrases(mode_decision=ModeDecision.RESOLUTION_ECRITE, regle_majorite=RegleMajorite.SIMPLE)
    assert ecrites["Majorité"].startswith("chaque voix appelée est pour")


def test_coordination_has_no_quorum():
    regle = ecrire_regle(instance(genre="coordination", mode_decision=ModeDecision.UNE_PERSONNE, delai_jours=1))
    assert [phrase.texte for phrase in regle.phrases] == [
        "la personne qui coordonne décide seule, jamais de sa propre demande",
        "une réponse en 1\u00a0jour",
    ]


def test_nothing_stands_above_the_assemblee():
    monte = SuiteRecusations.INSTANCE_SUPERIEURE
    assert "au-dessus" in phrases(suite_recusations=monte)["Récusations"]
    assert "nouveau scrutin" in phrases(genre="assemblee", suite_recusations=monte)["Récusations"]
    assert "nouveau scrutin" in phrases(suite_recusations=SuiteRecusations.NOUVEAU_SCRUTIN)["Récusations"]


def test_rule_without_source_is_ours_and_says_so():
    assert ecrire_regle(instance()).mention == PAR_DEFAUT
    assert ecrire_regle(instance()).est_par_defaut
    sourcee = ecrire_regle(instance(source_regle="Cadre de référence, page 4"))
    assert (sourcee.mention, sourcee.est_par_defaut) == ("Source : Cadre de référence, page 4", False)
