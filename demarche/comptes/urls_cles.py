"""Two addresses of allauth taken over, with their names: a refused passkey stays on its page."""

from django.urls import URLPattern, path

from .views.cles import ConnexionParCle, ReauthentificationParCle

urlpatterns: list[URLPattern] = [
    path("webauthn/login/", ConnexionParCle.as_view(), name="mfa_login_webauthn"),
    path("webauthn/reauthenticate/", ReauthentificationParCle.as_view(), name="mfa_reauthenticate_webauthn"),
]
