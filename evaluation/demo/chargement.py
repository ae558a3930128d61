"""The order in which the sample démarche is written; everything or nothing."""

import datetime

from django.db import transaction

from . import (
    actions,
    adhesions,
    annee_courante,
    argent,
    assemblees,
    corrections,
    demandes,
    exercices,
    fondations,
    illustrations,
    milieu,
    proces_verbaux,
    rencontres,
    resultats,
    scrutins,
    suite,
)
from .ecriture import Demo


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
    exercices.clore_le_premier(demo)
    suite.charger_suite(demo)
    corrections.corriger_le_cadre(demo)
    transitoires = resultats.charger_transitoires(demo)
    resultats.charger_strategies(demo, transitoires)
    resultats.charger_contributions(demo)
    resultats.charger_evaluation(demo)
    resultats.charger_narratifs(demo)
    annee_courante.charger_actions_courantes(demo)
    annee_courante.charger_budget_courant(demo)
    annee_courante.charger_rencontres_courantes(demo)
    annee_courante.charger_plan_courant(demo, transitoires)
    rencontres.charger_seances(demo)
    # From here on, roughly in the order of the calendar: the register keeps the order of writing.
    enveloppes = annee_courante.charger_enveloppes(demo)
    demandes.charger_demandes(demo, enveloppes)
    scrutins.charger_question_close(demo)
    proces_verbaux.charger_proces_verbaux(demo)
    argent.charger_paiements(demo)
    scrutins.charger_question_ouverte(demo)
    demandes.charger_deliberations(demo, enveloppes)
    adhesions.charger_adhesions(demo)
    rencontres.porter_les_demandes(demo)
    scrutins.charger_scrutin_assemblee(demo)
    illustrations.charger_illustrations(demo)
    return demo
