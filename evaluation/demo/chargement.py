"""The order in which the sample démarche is written; everything or nothing."""

import datetime

from django.db import transaction

from evaluation.demo import (
    actions,
    adhesions,
    annee_courante,
    argent,
    assemblees,
    demandes,
    fondations,
    illustrations,
    milieu,
    proces_verbaux,
    rencontres,
    resultats,
    scrutins,
    suite,
)
from evaluation.demo.ecriture import Demo
from evaluation.demo.temps import jouer


@transaction.atomic
def charger(jour: datetime.date) -> Demo:
    """Write the whole sample démarche as it stands on that day, and return its rows by key."""
    demo = Demo(jour)
    fondations.charger_demarche(demo)
    fondations.charger_comptes(demo)
    fondations.charger_gouvernance(demo)
    milieu.charger_organisations(demo)
    milieu.charger_representations(demo)
    milieu.charger_collaborations(demo)
    assemblees.charger_assemblees(demo)
    assemblees.charger_rencontres(demo)
    actions.charger_chantiers(demo)
    actions.charger_actions(demo)
    actions.charger_budget(demo)
    suite.clore_le_premier(demo)
    suite.charger_suite(demo)
    suite.corriger_le_cadre(demo)
    transitoires = resultats.charger_transitoires(demo)
    resultats.charger_strategies(demo, transitoires)
    resultats.charger_contributions(demo)
    resultats.charger_evaluation(demo)
    resultats.charger_narratifs(demo)
    annee_courante.charger_actions_courantes(demo)
    annee_courante.charger_budget_courant(demo)
    annee_courante.charger_rencontres_courantes(demo)
    annee_courante.charger_plan_courant(demo, transitoires)
    enveloppes = annee_courante.charger_enveloppes(demo)
    jouer(
        *rencontres.histoires_seances(demo),
        *demandes.histoires_demandes(demo, enveloppes),
        *argent.histoires_paiements(demo),
        proces_verbaux.histoire_proces_verbaux(demo),
        proces_verbaux.histoire_proces_verbal_assemblee(demo),
        scrutins.histoire_question_close(demo),
        scrutins.histoire_question_ouverte(demo),
        scrutins.histoire_scrutin_assemblee(demo),
    )
    argent.relier_au_budget(demo)
    adhesions.charger_adhesions(demo)
    rencontres.porter_les_demandes(demo)
    illustrations.charger_illustrations(demo)
    return demo
