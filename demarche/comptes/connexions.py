"""How fresh the sign-in of a session is, and the answer it keeps while somebody signs in again (R5)."""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from demarche.comptes.allauth_internals import envoyer_code, noter_preuve
from demarche.comptes.models import Utilisateur

CLE = "reponses_gardees"
SEL_FEUILLE = "demarche.feuille_de_vote"
LIMITE_GARDEE = 1000  # characters of a comment kept for somebody not signed in


def connexion_recente(request: HttpRequest, utilisateur: Utilisateur) -> bool:
    """Return whether this session proved who it is less than `VOTE_CONNEXION_RECENTE` seconds ago."""
    instants = [preuve["at"] for preuve in get_authentication_records(request, utilisateur)]
    return bool(instants) and time.time() - max(instants) < settings.VOTE_CONNEXION_RECENTE


def noter_connexion(request: HttpRequest, utilisateur: Utilisateur) -> None:
    """Note the instant of a sign-in that allauth did not make: the demonstration's.

    An answer that somebody else left in the session is forgotten.
    """
    if not get_authentication_records(request, utilisateur):
        noter_preuve(request, utilisateur)
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
    envoyer_code(request, utilisateur)
    return redirect(f"{reverse('account_confirm_login_code')}?{retour}")


@dataclass(frozen=True)
class ReponseGardee:
    """An answer typed but not counted: a fresh sign-in was needed, or it was refused."""

    choix: str
    commentaire: str
    est_refusee: bool  # False: it only waits for a fresh sign-in


def _gardees(request: HttpRequest, utilisateur: Utilisateur) -> dict[str, Any]:
    """Return the answers kept for this person, never those that somebody else left in the session."""
    gardees: dict[str, Any] = request.session.get(CLE) or {}
    return gardees if gardees.get("utilisateur") == utilisateur.pk else {"utilisateur": utilisateur.pk}


def garder_reponse(request: HttpRequest, utilisateur: Utilisateur, scrutin_pk: int, reponse: ReponseGardee) -> None:
    """Keep in the session what this person answered to one ballot, for this person alone."""
    gardees = _gardees(request, utilisateur)
    gardees[str(scrutin_pk)] = [reponse.choix, reponse.commentaire, reponse.est_refusee]
    request.session[CLE] = gardees


def reponse_gardee(request: HttpRequest, utilisateur: Utilisateur, scrutin_pk: int) -> ReponseGardee | None:
    """Return the answer of this person to this ballot that is not counted yet."""
    gardee = _gardees(request, utilisateur).get(str(scrutin_pk))
    return ReponseGardee(*gardee) if gardee else None


def oublier_reponse(request: HttpRequest, scrutin_pk: int) -> None:
    """Forget the answer kept for this ballot: it has been counted."""
    gardees: dict[str, Any] = request.session.get(CLE) or {}
    if gardees.pop(str(scrutin_pk), None) is not None:
        request.session[CLE] = gardees


def signer_feuille(utilisateur: Utilisateur, scrutin_pk: int) -> str:
    """Return the signed note, kept in the form of an answer, of the person to whom the form was shown."""
    return signing.dumps([utilisateur.pk, scrutin_pk], salt=SEL_FEUILLE)


class ConnexionRequise(LoginRequiredMiddleware):
    """Ask for sign-in everywhere; an answer to a ballot sent once the session has ended waits for it (R5).

    Any other form sent then leads back to its page, with a warning that nothing was written.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        route = request.resolver_match
        if request.method == "POST" and route is not None and route.view_name == "scrutins:scrutin_voter":
            self._garder(request, route.kwargs["pk"])
        elif request.method == "POST":
            return self._retour_au_formulaire(request, view_func)
        return super().handle_no_permission(request, view_func)

    def _retour_au_formulaire(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        """Sign in, then back to the page the form was on: its own address only receives."""
        messages.info(request, "Votre session est finie : rien n’a été enregistré. Connectez-vous, puis recommencez.")
        venue = request.META.get("HTTP_REFERER", "")
        if not url_has_allowed_host_and_scheme(venue, allowed_hosts={request.get_host()}):
            venue = reverse("espace")
        morceaux = urlsplit(venue)
        suite = urlunsplit(("", "", morceaux.path, morceaux.query, ""))
        return redirect_to_login(suite, self.get_login_url(view_func), self.get_redirect_field_name(view_func))

    def _garder(self, request: HttpRequest, scrutin_pk: int) -> None:
        """Keep the answer for the person to whom its form was shown; another person who signs in does not read it."""
        try:
            pk, scrutin_montre = signing.loads(
                request.POST.get("feuille", ""), salt=SEL_FEUILLE, max_age=settings.SESSION_COOKIE_AGE
            )
        except signing.BadSignature:
            return
        utilisateur = Utilisateur.objects.filter(pk=pk, is_active=True).first()
        if utilisateur is not None and scrutin_montre == scrutin_pk:
            choix, commentaire = (request.POST.get(nom, "")[:LIMITE_GARDEE] for nom in ("choix", "commentaire"))
            garder_reponse(request, utilisateur, scrutin_pk, ReponseGardee(choix, commentaire, est_refusee=False))
            messages.info(request, "Votre session est finie : connectez-vous, votre réponse est gardée.")
