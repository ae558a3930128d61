"""The one door to what allauth keeps private: it may move at any version, and only this module would follow."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from django.http import HttpRequest

from demarche.comptes.models import Utilisateur


def noter_preuve(request: HttpRequest, utilisateur: Utilisateur) -> None:
    """Write in the session that this person has just proved who they are, as allauth does after its own sign-in."""
    record_authentication(request, utilisateur, method="session")


def envoyer_code(request: HttpRequest, utilisateur: Utilisateur) -> None:
    """Send a sign-in code by e-mail; the session then waits for it at `account_confirm_login_code`."""
    LoginCodeVerificationProcess.initiate(request=request, user=utilisateur, email=utilisateur.email)
