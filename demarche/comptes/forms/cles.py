"""Passkeys: what the browser's script sends for them, read with care; anything else is refused in plain French."""

from typing import Any

from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms

VIDE = "Rien n’est venu de votre clé d’accès. Appuyez de nouveau sur le bouton."
NON_RECONNUE = "Cette clé d’accès n’a pas été reconnue. Recommencez, ou choisissez une autre façon."
NON_AJOUTEE = "Cette clé d’accès n’a pas pu être ajoutée. Recommencez."


class CleField(forms.JSONField):
    """The answer of a passkey: an object that only the script writes; a refused one is never shown again."""

    widget = forms.HiddenInput
    default_error_messages = {"required": VIDE, "invalid": VIDE}

    def to_python(self, value: Any) -> Any:
        # Python refuses a number of thousands of digits, or thousands of brackets, by errors of its own.
        try:
            reponse = super().to_python(value)
        except (ValueError, RecursionError):
            reponse = None
        # allauth takes `0` for a key: it would record it, and no page of the account would open any more.
        return reponse if isinstance(reponse, dict) else None

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial


class PreuveParCle(forms.Form):
    """A passkey that proves who one is. allauth lets the errors of its decoder pass, and speaks of a « code »."""

    credential = CleField()

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except (KeyError, ValueError) as erreur:
            raise forms.ValidationError(NON_RECONNUE) from erreur
        except forms.ValidationError as refus:
            if refus.code == "incorrect_code":
                raise forms.ValidationError(NON_RECONNUE) from refus
            raise  # too many attempts


class ConnexionParCleForm(PreuveParCle, LoginWebAuthnForm):  # type: ignore[misc]
    """Sign-in by a passkey alone."""


class DeuxiemePreuveParCleForm(PreuveParCle, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """The second proof of a sign-in by a code."""


class ReauthentificationParCleForm(PreuveParCle, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """The proof asked again before a vote or a change of the account's security."""


class AjoutCleForm(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey added to the account."""

    credential = CleField()

    def clean(self) -> dict[str, Any]:
        try:
            super().clean()
        except (KeyError, ValueError, forms.ValidationError):
            self.add_error("credential", NON_AJOUTEE)
        return dict(self.cleaned_data)
