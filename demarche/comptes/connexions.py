"""How fresh the sign-in of a session is, and what happens to a form sent once it has ended (R5)."""

import time
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from demarche.comptes.allauth_internals import noter_preuve
from demarche.comptes.models import Utilisateur


def connexion_recente(request: HttpRequest, utilisateur: Utilisateur) -> bool:
    """Return whether this session proved who it is less than `VOTE_CONNEXION_RECENTE` seconds ago."""
    instants = [preuve["at"] for preuve in get_authentication_records(request, utilisateur)]
    return bool(instants) and time.time() - max(instants) < settings.VOTE_CONNEXION_RECENTE


def noter_connexion(request: HttpRequest, utilisateur: Utilisateur) -> None:
    """Note the instant of a sign-in that allauth did not make: the demonstration's."""
    if not get_authentication_records(request, utilisateur):
        noter_preuve(request, utilisateur)


class ConnexionRequise(LoginRequiredMiddleware):
    """Ask for sign-in everywhere; a form sent once the session has ended leads back to its page, with a warning."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        if request.method == "POST" and not self.garder(request):
            return self._retour_au_formulaire(request, view_func)
        return super().handle_no_permission(request, view_func)

    def garder(self, request: HttpRequest) -> bool:
        """Return whether a room above takes care of what was sent: after sign-in, its own address is asked again."""
        return False

    def _retour_au_formulaire(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        """Sign in, then back to the page the form was on: its own address only receives."""
        messages.info(request, "Votre session est finie : rien n’a été enregistré. Connectez-vous, puis recommencez.")
        venue = request.META.get("HTTP_REFERER", "")
        if not url_has_allowed_host_and_scheme(venue, allowed_hosts={request.get_host()}):
            venue = reverse("espace")
        morceaux = urlsplit(venue)
        suite = urlunsplit(("", "", morceaux.path, morceaux.query, ""))
        return redirect_to_login(suite, self.get_login_url(view_func), self.get_redirect_field_name(view_func))
