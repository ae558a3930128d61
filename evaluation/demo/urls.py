"""Addresses of the room `evaluation.demo`."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("demonstration/", views.demo_connexion, name="demo_connexion"),
    path("demonstration/<int:pk>/connecter/", views.demo_connecter, name="demo_connecter"),
    path("demonstration/courriels/", views.demo_courriels, name="demo_courriels"),
    path("demonstration/courriels/<int:pk>/", views.demo_courriel, name="demo_courriel"),
]
