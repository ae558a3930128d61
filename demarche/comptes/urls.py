"""Addresses of the room `demarche.comptes`."""

from django.urls import URLPattern, path

from .views import comptes, documents

app_name = "comptes"

urlpatterns: list[URLPattern] = [
    path("documents/<int:pk>/", documents.document_detail, name="document_detail"),
    path("reglages/comptes/", comptes.compte_liste, name="compte_liste"),
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
