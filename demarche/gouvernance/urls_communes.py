"""The doors that the pages of every room lead to: their names have no namespace."""

from django.urls import URLPattern, path

from .views import couleurs, pages, reglages

urlpatterns: list[URLPattern] = [
    path("", pages.accueil, name="accueil"),
    path("espace/", pages.espace, name="espace"),
    path("couleurs.css", couleurs.couleurs, name="couleurs"),
    path("reglages/", reglages.reglages, name="reglages"),
]
