"""Compose: read everything about one exercice and return the bilan as frozen dataclasses.

The number of queries does not depend on the rows. No HTML, no file is read.
"""

from demarche.gouvernance.models import Exercice
from demarche.gouvernance.queries.demarche import la_demarche
from demarche.socle.erreurs import ErreurMetier
from evaluation.bilan.document import (
    composition_gouvernance,
    composition_mobilisation,
    composition_resultats,
    donnees,
)
from evaluation.bilan.document.composition_actions import composer_actions
from evaluation.bilan.document.composition_annexes import composer_annexe_partenaires
from evaluation.bilan.queries.narratifs import sections_narratives


def composer_bilan(exercice: Exercice) -> donnees.BilanCompose:
    """Return what the bilan of the exercice says today.

    Errors: ErreurMetier when the démarche itself has no texts yet.
    Source: bilan 2023-2024, whole document; design, section 7.
    """
    demarche = la_demarche()
    if demarche is None:
        raise ErreurMetier("Remplissez d’abord les réglages de la démarche : son nom et sa mission ouvrent le bilan.")
    gouvernance, mobilisation, resultats = composition_gouvernance, composition_mobilisation, composition_resultats
    textes = {section.section: section.texte for section in sections_narratives(exercice)}
    presentation = gouvernance.composer_presentation(demarche, exercice)
    actions = composer_actions(exercice, texte=textes["actions"])
    partenariats = mobilisation.composer_partenariats(
        exercice, texte=textes["partenariats"], instances=presentation.instances
    )
    return donnees.BilanCompose(
        schema=donnees.SCHEMA,
        identite=donnees.copier(
            donnees.Identite, demarche, territoire=demarche.nom_territoire, courriel=demarche.courriel_contact
        ),
        exercice=donnees.copier(donnees.ExerciceBilan, exercice),
        presentation=presentation,
        contexte=donnees.Contexte(textes["contexte"], gouvernance.lire_equipe(exercice)),
        processus=gouvernance.composer_processus(exercice, texte=textes["processus"]),
        planification=gouvernance.composer_planification(exercice, texte=textes["planification"]),
        actions=actions,
        partenariats=partenariats,
        communications=mobilisation.composer_communications(exercice, texte=textes["communications"]),
        representations=mobilisation.composer_representations(exercice, texte=textes["representations"]),
        perspectives=donnees.Perspectives(
            textes["perspectives"],
            mobilisation.composer_previsions(exercice),
            tuple(chantier.nom for chantier in actions.chantiers if chantier.nom),
            partenariats.concertations,
        ),
        sommes=resultats.composer_sommes(exercice, texte=textes["sommes"]),
        synthese=resultats.composer_synthese(exercice, texte=textes["synthese"]),
        annexe_partenaires=composer_annexe_partenaires(exercice, assemblees=partenariats.assemblees),
        annexe_effets=resultats.composer_annexe_effets(),
        cloture=donnees.Cloture(demarche.remerciements, tuple(demarche.liste_partenaires_financiers)),
    )
