"""Addresses of the app `chantiers`."""

from django.urls import URLPattern, path

from .views import decisions, demandes

app_name = "chantiers"

urlpatterns: list[URLPattern] = []

# Requests and decisions.
urlpatterns += [
    path("demandes/", demandes.liste, name="demande_liste"),
    path("demandes/nouvelle/", demandes.nouvelle, name="demande_nouvelle"),
    path("demandes/<int:pk>/", demandes.detail, name="demande_detail"),
    path("demandes/<int:pk>/modifier/", demandes.modifier, name="demande_modifier"),
    path("demandes/<int:pk>/soumettre/", demandes.soumettre, name="demande_soumettre"),
    path("demandes/<int:pk>/retirer/", demandes.retirer, name="demande_retirer"),
    path("demandes/<int:pk>/pieces/joindre/", demandes.ajouter_piece, name="demande_joindre"),
    path("demandes/<int:pk>/pieces/<int:piece_pk>/enlever/", demandes.enlever_piece, name="demande_enlever"),
    path("demandes/<int:pk>/ouvrir/", decisions.ouvrir, name="demande_ouvrir"),
    path("demandes/<int:pk>/decider/", decisions.decider, name="demande_decider"),
    path("demandes/<int:pk>/assemblee/", decisions.inscrire_assemblee, name="demande_assemblee"),
    path("demandes/<int:pk>/fiche/", decisions.fiche, name="demande_fiche"),
    path("demandes/<int:pk>/voter/", decisions.voter_demande, name="demande_voter"),
]
