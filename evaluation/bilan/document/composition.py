"""Compose: read everything about one exercice and return the bilan as frozen dataclasses.

The number of queries does not depend on the rows. No HTML, no file is read.
"""

from demarche.gouvernance.models import Demarche, Exercice
from demarche.gouvernance.queries.demarche import la_demarche
from demarche.socle.erreurs import ErreurMetier
from evaluation.bilan.document.composition_actions import composer_actions
from evaluation.bilan.document.composition_annexes import composer_annexe_effets, composer_annexe_partenaires
from evaluation.bilan.document.composition_gouvernance import (
    composer_planification,
    composer_presentation,
    composer_processus,
    lire_equipe,
)
from evaluation.bilan.document.composition_mobilisation import (
    composer_communications,
    composer_partenariats,
    composer_previsions,
    composer_representations,
)
from evaluation.bilan.document.composition_resultats import composer_sommes, composer_synthese
from evaluation.bilan.document.donnees import (
    SCHEMA,
    BilanCompose,
    Cloture,
    Contexte,
    ExerciceBilan,
    Identite,
    Perspectives,
)
from evaluation.bilan.enums import SectionNarrative
from evaluation.bilan.models import Narratif


def composer_bilan(exercice: Exercice) -> BilanCompose:
    """Return what the bilan of the exercice says today.

    Errors: ErreurMetier when the démarche itself has no texts yet.
    Source: bilan 2023-2024, whole document; design, section 7.
    """
    demarche = la_demarche()
    if demarche is None:
        raise ErreurMetier("Remplissez d’abord les réglages de la démarche : son nom et sa mission ouvrent le bilan.")
    textes = lire_textes(exercice)
    presentation = composer_presentation(demarche, exercice)
    actions = composer_actions(exercice, texte=textes[SectionNarrative.ACTIONS])
    partenariats = composer_partenariats(
        exercice, texte=textes[SectionNarrative.PARTENARIATS], instances=presentation.instances
    )
    return BilanCompose(
        schema=SCHEMA,
        identite=_identite(demarche),
        exercice=ExerciceBilan(exercice.code, exercice.debut, exercice.fin),
        presentation=presentation,
        contexte=Contexte(textes[SectionNarrative.CONTEXTE], lire_equipe(exercice)),
        processus=composer_processus(exercice, texte=textes[SectionNarrative.PROCESSUS]),
        planification=composer_planification(exercice, texte=textes[SectionNarrative.PLANIFICATION]),
        actions=actions,
        partenariats=partenariats,
        communications=composer_communications(exercice, texte=textes[SectionNarrative.COMMUNICATIONS]),
        representations=composer_representations(exercice, texte=textes[SectionNarrative.REPRESENTATIONS]),
        perspectives=Perspectives(
            textes[SectionNarrative.PERSPECTIVES],
            composer_previsions(exercice),
            tuple(chantier.nom for chantier in actions.chantiers if chantier.nom),
            partenariats.concertations,
        ),
        sommes=composer_sommes(exercice, texte=textes[SectionNarrative.SOMMES]),
        synthese=composer_synthese(exercice, texte=textes[SectionNarrative.SYNTHESE]),
        annexe_partenaires=composer_annexe_partenaires(exercice, assemblees=partenariats.assemblees),
        annexe_effets=composer_annexe_effets(),
        cloture=Cloture(demarche.remerciements, tuple(demarche.liste_partenaires_financiers)),
    )


def lire_textes(exercice: Exercice) -> dict[str, str]:
    """Return the narrative text of every section, empty when it is not written; one query."""
    ecrits = dict(Narratif.objects.filter(exercice=exercice).values_list("section", "texte"))
    return {section: ecrits.get(section.value, "") for section in SectionNarrative}


def _identite(demarche: Demarche) -> Identite:
    return Identite(
        nom=demarche.nom,
        sigle=demarche.sigle,
        territoire=demarche.nom_territoire,
        annee_fondation=demarche.annee_fondation,
        couleur=demarche.couleur,
        fiduciaire=demarche.fiduciaire,
        courriel=demarche.courriel_contact,
    )
