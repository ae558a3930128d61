"""Passkeys: allauth's two views that a refused key sent elsewhere stay on their page and keep the destination."""

from allauth.account.mixins import NextRedirectMixin
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from django import forms
from django.http import HttpResponse


class ConnexionParCle(NextRedirectMixin, LoginWebAuthnView):  # type: ignore[misc]
    """Sign in by a passkey; a refusal is said on the sign-in page."""

    template_name = "account/login.html"

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        contexte = self.get_context_data(form=form, refus=form.errors["credential"])
        return self.render_to_response(contexte)  # type: ignore[no-any-return]


class ReauthentificationParCle(ReauthenticateWebAuthnView):  # type: ignore[misc]
    """Prove again by a passkey who one is; a refusal is said on the same page."""

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        # allauth's context would read the form anew, and count the attempt twice.
        contexte = self.get_context_data() | {"form": form}
        return self.render_to_response(contexte)  # type: ignore[no-any-return]
