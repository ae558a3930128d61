"""Addresses of the room `chantiers.actions`."""

from django.urls import URLPattern, path

from .views import actions, activites, chantiers

app_name = "actions"

urlpatterns: list[URLPattern] = [
    path("chantiers/", chantiers.chantier_liste, name="chantier_liste"),
    path("chantiers/nouveau/", chantiers.chantier_creer, name="chantier_creer"),
    path("chantiers/<int:pk>/", chantiers.chantier_detail, name="chantier_detail"),
    path("chantiers/<int:pk>/modifier/", chantiers.chantier_modifier, name="chantier_modifier"),
    path("chantiers/<int:pk>/objectifs/", chantiers.chantier_objectifs, name="chantier_objectifs"),
    path("actions/", actions.action_liste, name="action_liste"),
    path("actions/nouvelle/", actions.action_creer, name="action_creer"),
    path("actions/<int:pk>/", actions.action_detail, name="action_detail"),
    path("actions/<int:pk>/modifier/", actions.action_modifier, name="action_modifier"),
    path("actions/<int:pk>/activites/noter/", activites.activite_creer, name="activite_creer"),
    path("activites/", activites.activite_liste, name="activite_liste"),
    path("activites/noter/", activites.activite_creer, name="activite_noter"),
    path("activites/exporter.<str:extension>", activites.activite_exporter, name="activite_exporter"),
    path("activites/<int:pk>/modifier/", activites.activite_modifier, name="activite_modifier"),
    path("activites/<int:pk>/supprimer/", activites.activite_supprimer, name="activite_supprimer"),
]
