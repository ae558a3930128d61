"""Root table of contents: the only place, with the settings, where the four apps are named together."""

from django.urls import include, path

from demarche.views.cles import ConnexionParCle, ReauthentificationParCle

handler500 = "demarche.views.erreurs.erreur_du_serveur"

urlpatterns = [
    path("", include("demarche.adresses")),
    path("", include("partenaires.urls")),
    path("", include("chantiers.urls")),
    path("", include("evaluation.urls")),
    path("compte/", include("allauth.account.urls")),
    # Before those of allauth, whose addresses and names they take.
    path("compte/securite/webauthn/login/", ConnexionParCle.as_view(), name="mfa_login_webauthn"),
    path(
        "compte/securite/webauthn/reauthenticate/",
        ReauthentificationParCle.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("compte/securite/", include("allauth.mfa.urls")),
    path("compte/sessions/", include("allauth.usersessions.urls")),
]
