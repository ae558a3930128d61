"""Addresses of the room `demarche.gouvernance`."""

from django.urls import URLPattern, path

from .views import (
    cadres,
    composants,
    exercices,
    gouvernance,
    instances,
    registre,
    reglages,
    sieges,
    valeurs,
)

app_name = "gouvernance"

urlpatterns: list[URLPattern] = [
    path("composants/", composants.composants, name="composants"),
    path("registre/", registre.registre_liste, name="registre_liste"),
    path("registre/verifier/", registre.registre_verifier, name="registre_verifier"),
    path("reglages/demarche/", reglages.demarche_modifier, name="demarche_modifier"),
    path("reglages/exercices/", reglages.exercice_liste, name="exercice_liste"),
    path("reglages/exercices/<int:pk>/cloture/", exercices.exercice_cloture, name="exercice_cloture"),
    path("reglages/exercices/<int:pk>/clore/", exercices.exercice_clore, name="exercice_clore"),
    path("reglages/exercices/<int:pk>/rouvrir/", exercices.exercice_rouvrir, name="exercice_rouvrir"),
    path("reglages/territoires/", reglages.territoire_liste, name="territoire_liste"),
    path("reglages/territoires/<int:pk>/modifier/", reglages.territoire_modifier, name="territoire_modifier"),
    path("reglages/cadres/", cadres.cadre_liste, name="cadre_liste"),
    path("reglages/cadres/nouveau/", cadres.cadre_creer, name="cadre_creer"),
    path("reglages/cadres/<int:pk>/modifier/", cadres.cadre_modifier, name="cadre_modifier"),
    path("reglages/valeurs/", valeurs.valeur_liste, name="valeur_liste"),
    path("reglages/valeurs/<slug:cle>/", valeurs.valeur_regler, name="valeur_regler"),
    path("reglages/instances/", instances.instance_liste, name="instance_liste"),
    path("reglages/instances/nouvelle/", instances.instance_creer, name="instance_creer"),
    path("reglages/instances/<int:pk>/modifier/", instances.instance_modifier, name="instance_modifier"),
    path("reglages/instances/<int:pk>/regle/", instances.instance_regle, name="instance_regle"),
    path("reglages/instances/<int:pk>/regle/apercu/", instances.instance_regle_apercu, name="instance_regle_apercu"),
    path("reglages/instances/<int:pk>/sieges/nouveau/", sieges.siege_creer, name="siege_creer"),
    path("reglages/sieges/<int:pk>/modifier/", sieges.siege_modifier, name="siege_modifier"),
    path("reglages/sieges/<int:pk>/pourvoir/", sieges.siege_pourvoir, name="siege_pourvoir"),
    path("reglages/mandats/<int:pk>/terminer/", sieges.mandat_terminer, name="mandat_terminer"),
    path("gouvernance/", gouvernance.gouvernance, name="gouvernance"),
    path("instances/<int:pk>/", instances.instance_detail, name="instance_detail"),
    path("cadres/<int:pk>/", cadres.cadre_detail, name="cadre_detail"),
    path("sieges/<int:pk>/", sieges.siege_detail, name="siege_detail"),
]
