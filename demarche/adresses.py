"""Addresses of the app `demarche` (its `urls.py` is the root)."""

from django.conf import settings
from django.urls import URLPattern, path

from .views import (
    composants,
    comptes,
    couleurs,
    demo,
    documents,
    gouvernance,
    pages,
    reglages,
    rencontres,
    resolutions,
    scrutins,
)

app_name = "demarche"

urlpatterns: list[URLPattern] = [
    path("", pages.accueil, name="accueil"),
    path("agenda/", pages.agenda, name="agenda"),
    path("espace/", pages.espace, name="espace"),
    path("couleurs.css", couleurs.couleurs, name="couleurs"),
    path("composants/", composants.composants, name="composants"),
    path("documents/<int:pk>/", documents.document, name="document"),
    # Rencontres et résolutions
    path("rencontres/", rencontres.rencontre_liste, name="rencontre_liste"),
    path("rencontres/nouvelle/", rencontres.rencontre_nouvelle, name="rencontre_nouvelle"),
    path("rencontres/<int:pk>/", rencontres.rencontre_detail, name="rencontre_detail"),
    path("rencontres/<int:pk>/modifier/", rencontres.rencontre_modifier, name="rencontre_modifier"),
    path("resolutions/", resolutions.resolution_liste, name="resolution_liste"),
    path("resolutions/<int:pk>/", resolutions.resolution_detail, name="resolution_detail"),
    path("scrutins/<int:pk>/", scrutins.scrutin_detail, name="scrutin_detail"),
    # Réglages
    path("reglages/", reglages.reglages, name="reglages"),
    path("reglages/demarche/", reglages.reglages_demarche, name="reglages_demarche"),
    path("reglages/exercices/", reglages.exercices, name="exercices"),
    path("reglages/territoires/", reglages.territoires, name="territoires"),
    path("reglages/territoires/<int:pk>/modifier/", reglages.territoire_modifier, name="territoire_modifier"),
    path("reglages/cadres/", reglages.cadres, name="cadres"),
    path("reglages/cadres/nouveau/", reglages.cadre_nouveau, name="cadre_nouveau"),
    path("reglages/instances/", gouvernance.instances, name="instances"),
    path("reglages/instances/nouvelle/", gouvernance.instance_nouvelle, name="instance_nouvelle"),
    path("reglages/instances/<int:pk>/modifier/", gouvernance.instance_modifier, name="instance_modifier"),
    path("reglages/instances/<int:pk>/sieges/nouveau/", gouvernance.siege_nouveau, name="siege_nouveau"),
    path("reglages/sieges/<int:pk>/modifier/", gouvernance.siege_modifier, name="siege_modifier"),
    path("reglages/sieges/<int:pk>/pourvoir/", gouvernance.siege_pourvoir, name="siege_pourvoir"),
    path("reglages/mandats/<int:pk>/terminer/", gouvernance.mandat_terminer, name="mandat_terminer"),
    path("instances/<int:pk>/", gouvernance.instance_detail, name="instance_detail"),
    path("reglages/comptes/", comptes.compte_liste, name="comptes"),
    path("reglages/comptes/inviter/", comptes.compte_inviter, name="compte_inviter"),
    path("reglages/comptes/<int:pk>/", comptes.compte_detail, name="compte_detail"),
    path("reglages/comptes/<int:pk>/modifier/", comptes.compte_modifier, name="compte_modifier"),
    path("reglages/comptes/<int:pk>/attribuer/", comptes.role_attribuer, name="role_attribuer"),
    path("reglages/comptes/<int:pk>/desactiver/", comptes.compte_desactiver, name="compte_desactiver"),
    path("reglages/comptes/<int:pk>/reactiver/", comptes.compte_reactiver, name="compte_reactiver"),
    path("reglages/comptes/<int:pk>/reinviter/", comptes.compte_reinviter, name="compte_reinviter"),
    path("compte/password/<path:reste>", comptes.sans_mot_de_passe, name="sans_mot_de_passe"),
    path("compte/email/", comptes.courriel_du_compte, name="courriel_du_compte"),
    path("reglages/roles/<int:pk>/terminer/", comptes.role_terminer, name="role_terminer"),
]

# The demonstration's one-click sign-in and mailbox: these routes do not exist in production.
adresses_demo: list[URLPattern] = [
    path("demonstration/", demo.demo_connexion, name="demo_connexion"),
    path("demonstration/<int:pk>/connecter/", demo.demo_connecter, name="demo_connecter"),
    path("demonstration/courriels/", demo.demo_courriels, name="demo_courriels"),
    path("demonstration/courriels/<int:pk>/", demo.demo_courriel, name="demo_courriel"),
]

if settings.DEMO:
    urlpatterns += adresses_demo
