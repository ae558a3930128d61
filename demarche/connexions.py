"""How fresh the sign-in of a session is, and the answer it keeps while somebody signs in again (R5)."""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from .models import Utilisateur

CLE = "reponses_gardees"


def connexion_recente(request: HttpRequest, utilisateur: Utilisateur) -> bool:
    """Return whether this session proved who it is less than `VOTE_CONNEXION_RECENTE` seconds ago."""
    instants = [preuve["at"] for preuve in get_authentication_records(request, utilisateur)]
    return bool(instants) and time.time() - max(instants) < settings.VOTE_CONNEXION_RECENTE


def noter_connexion(request: HttpRequest, utilisateur: Utilisateur) -> None:
    """Note the instant of a sign-in that allauth did not make: the demonstration's.

    An answer that somebody else left in the session is forgotten.
    """
    if not get_authentication_records(request, utilisateur):
        record_authentication(request, utilisateur, method="session")
    if request.session.get(CLE, {}).get("utilisateur") != utilisateur.pk:
        request.session.pop(CLE, None)


def redemander_connexion(request: HttpRequest, utilisateur: Utilisateur, *, suite: str) -> HttpResponseRedirect:
    """Ask who it is again and come back to `suite`; the answers kept in the session survive.

    With a passkey or an application: that proof, without signing out. Else: signed out, with a code sent by e-mail.
    """
    retour = urlencode({"next": suite})
    preuves = get_adapter().get_reauthentication_methods(utilisateur)
    if preuves:
        return redirect(f"{preuves[0]['url']}?{retour}")
    gardees = request.session.get(CLE)
    logout(request)
    request.session[CLE] = gardees
    LoginCodeVerificationProcess.initiate(request=request, user=utilisateur, email=utilisateur.email)
    return redirect(f"{reverse('account_confirm_login_code')}?{retour}")


@dataclass(frozen=True)
class ReponseGardee:
    """An answer typed but not counted: a fresh sign-in was needed, or it was refused."""

    choix: str
    commentaire: str
    est_refusee: bool  # False: it only waits for a fresh sign-in


def garder_reponse(request: HttpRequest, utilisateur: Utilisateur, scrutin_pk: int, reponse: ReponseGardee) -> None:
    """Keep in the session what this person answered to one ballot, for this person alone."""
    gardees: dict[str, Any] = request.session.get(CLE) or {}
    if gardees.get("utilisateur") != utilisateur.pk:
        gardees = {"utilisateur": utilisateur.pk}
    gardees[str(scrutin_pk)] = [reponse.choix, reponse.commentaire, reponse.est_refusee]
    request.session[CLE] = gardees


def reponse_gardee(request: HttpRequest, utilisateur: Utilisateur, scrutin_pk: int) -> ReponseGardee | None:
    """Return what this person answered to this ballot without its being counted; never what somebody else left."""
    gardees: dict[str, Any] = request.session.get(CLE) or {}
    if gardees.get("utilisateur") != utilisateur.pk or str(scrutin_pk) not in gardees:
        return None
    return ReponseGardee(*gardees[str(scrutin_pk)])


def oublier_reponse(request: HttpRequest, scrutin_pk: int) -> None:
    """Forget the answer kept for this ballot: it has been counted."""
    gardees: dict[str, Any] = request.session.get(CLE) or {}
    if gardees.pop(str(scrutin_pk), None) is not None:
        request.session[CLE] = gardees
