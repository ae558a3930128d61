"""Addresses of the app `demarche` (its `urls.py` is the root)."""

from django.urls import path

from .views import pages

app_name = "demarche"

urlpatterns = [
    path("", pages.accueil, name="accueil"),
    path("espace/", pages.espace, name="espace"),
]
