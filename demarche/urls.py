"""Root table of contents: the only place, with the settings, where the four apps are named together."""

from django.urls import include, path

handler500 = "demarche.views.erreurs.erreur_du_serveur"

urlpatterns = [
    path("", include("demarche.adresses")),
    path("", include("partenaires.urls")),
    path("", include("chantiers.urls")),
    path("", include("evaluation.urls")),
    path("compte/", include("allauth.account.urls")),
    path("compte/securite/", include("allauth.mfa.urls")),
    path("compte/sessions/", include("allauth.usersessions.urls")),
]
