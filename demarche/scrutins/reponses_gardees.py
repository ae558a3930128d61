"""The answer to a ballot that a session keeps while somebody signs in again (R5)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core import signing
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from demarche.comptes.allauth_internals import envoyer_code
from demarche.comptes.connexions import ConnexionRequise
from demarche.comptes.models import Utilisateur

CLE = "reponses_gardees"
SEL_FEUILLE = "demarche.feuille_de_vote"
LIMITE_GARDEE = 1000  # characters of a comment kept for somebody not signed in


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


def oublier_celles_d_un_autre(request: HttpRequest, utilisateur: Utilisateur) -> None:
    """Forget the answers that somebody else left in the session of who has just signed in."""
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


class ConnexionOuReponseGardee(ConnexionRequise):
    """Ask for sign-in everywhere; an answer to a ballot sent once the session has ended waits for it."""

    def garder(self, request: HttpRequest) -> bool:
        route = request.resolver_match
        if route is None or route.view_name != "scrutins:scrutin_voter":
            return super().garder(request)
        self._garder_reponse(request, route.kwargs["pk"])
        return True

    def _garder_reponse(self, request: HttpRequest, scrutin_pk: int) -> None:
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
