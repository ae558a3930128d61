"""Addresses of the room `evaluation.plan`."""

from django.urls import URLPattern, path

from .views import cibles, mesures, plans, plans_evaluation, strategies, transitoires

app_name = "plan"

urlpatterns: list[URLPattern] = [
    path("plan/", plans.plan, name="plan"),
    path("plan/structure/", plans.plan_structure, name="plan_structure"),
    path("plan/nouveau/", plans.plan_creer, name="plan_creer"),
    path("plan/<int:pk>/modifier/", plans.plan_modifier, name="plan_modifier"),
    path("plan/<int:plan_pk>/orientations/nouvelle/", plans.orientation_creer, name="orientation_creer"),
    path("plan/orientations/<int:pk>/modifier/", plans.orientation_modifier, name="orientation_modifier"),
    path("plan/orientations/<int:orientation_pk>/objectifs/nouveau/", plans.objectif_creer, name="objectif_creer"),
    path("plan/objectifs/<int:pk>/modifier/", plans.objectif_modifier, name="objectif_modifier"),
    path("plan/objectifs/<int:objectif_pk>/strategies/nouvelle/", plans.strategie_creer, name="strategie_creer"),
    path("plan/strategies/<int:pk>/", strategies.strategie_detail, name="strategie_detail"),
    path("plan/strategies/<int:pk>/modifier/", plans.strategie_modifier, name="strategie_modifier"),
    path("plan/strategies/<int:pk>/cibles/", strategies.cibles_modifier, name="cibles_modifier"),
    path("plan/strategies/<int:pk>/effets/", strategies.effets_modifier, name="effets_modifier"),
    path("plan/cibles/<int:pk>/", cibles.cible_detail, name="cible_detail"),
    path("plan/cibles/<int:pk>/modifier/", cibles.cible_modifier, name="cible_modifier"),
    path("plan/cibles/<int:pk>/statuer/", cibles.cible_statuer, name="cible_statuer"),
    path("plan/cibles/<int:cible_pk>/resultats/nouveau/", cibles.resultat_creer, name="resultat_creer"),
    path("plan/resultats/<int:pk>/modifier/", cibles.resultat_modifier, name="resultat_modifier"),
    path("plan/resultats/<int:pk>/supprimer/", cibles.resultat_supprimer, name="resultat_supprimer"),
    path("actions/<int:pk>/strategies/", strategies.action_strategies, name="action_strategies"),
    path("indicateurs/", mesures.indicateur_liste, name="indicateur_liste"),
    path("indicateurs/nouveau/", mesures.indicateur_creer, name="indicateur_creer"),
    path("indicateurs/<int:pk>/", mesures.indicateur_detail, name="indicateur_detail"),
    path("indicateurs/<int:pk>/modifier/", mesures.indicateur_modifier, name="indicateur_modifier"),
    path("indicateurs/<int:indicateur_pk>/mesures/nouvelle/", mesures.mesure_creer, name="mesure_creer"),
    path("mesures/<int:pk>/modifier/", mesures.mesure_modifier, name="mesure_modifier"),
    path("mesures/<int:pk>/supprimer/", mesures.mesure_supprimer, name="mesure_supprimer"),
    path("plan-evaluation/", plans_evaluation.plan_evaluation, name="plan_evaluation"),
    path("plan-evaluation/nouveau/", plans_evaluation.plan_evaluation_creer, name="plan_evaluation_creer"),
    path(
        "plan-evaluation/<int:pk>/modifier/",
        plans_evaluation.plan_evaluation_modifier,
        name="plan_evaluation_modifier",
    ),
    path("reglages/resultats-transitoires/", transitoires.transitoire_liste, name="transitoire_liste"),
    path("reglages/domaines/nouveau/", transitoires.domaine_creer, name="domaine_creer"),
    path("reglages/domaines/<int:pk>/modifier/", transitoires.domaine_modifier, name="domaine_modifier"),
    path(
        "reglages/domaines/<int:domaine_pk>/resultats/nouveau/",
        transitoires.transitoire_creer,
        name="transitoire_creer",
    ),
    path(
        "reglages/resultats-transitoires/<int:pk>/modifier/",
        transitoires.transitoire_modifier,
        name="transitoire_modifier",
    ),
    *(
        path(f"plan/{genre}/<int:pk>/supprimer/", plans.element_supprimer, {"genre": genre}, name=f"{genre}_supprimer")
        for genre in plans.MODELES
    ),
]
