"""The demonstration only: sign in as somebody in one click, read the e-mails that would have left."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from demarche.comptes.enums import Role
from demarche.comptes.models import Utilisateur
from demarche.comptes.protocoles import PAGES
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.queries.gouvernance import mandats_du_jour
from demarche.socle.models import Courriel
from demarche.socle.views.pagination import page_de

SUFFIXE = "@demo.example"
MOTEUR = "allauth.account.auth_backends.AuthenticationBackend"
LIEN = re.compile(r"https?://[^\s<>«»\"]+")
PONCTUATION = ".,;:!?)"

CAPACITES = {
    Role.COORDONNATEUR: "Anime tout : actions, budgets, scrutins, adhésions, bilan, réglages.",
    Role.AGENT: "Saisit les actions, les activités, les rencontres et les résultats.",
    Role.FIDUCIAIRE: "Inscrit les paiements; voit les demandes, les décisions, le budget et les enveloppes.",
    Role.ADMINISTRATEUR: "Gère les comptes et les réglages; ne décide de rien.",
}


@dataclass(frozen=True)
class Persona:
    """One account of the sample démarche: who it is, what it can do."""

    compte: Utilisateur
    titres: tuple[str, ...]
    capacite: str


def personas() -> "QuerySet[Utilisateur]":
    return Utilisateur.objects.filter(email__endswith=SUFFIXE, is_active=True).order_by("pk")


def decrire(compte: Utilisateur) -> Persona | None:
    """Return what one account is, or None when it is nothing but an account."""
    roles = [Role(role) for role in Role.values if role in compte.roles]
    mandats = mandats_du_jour(compte)
    qualites = PAGES.qualites_de(compte)
    titres = [
        *(str(role.label) for role in roles),
        *(f"{mandat.siege.instance_gouvernance}, {mandat.siege.libelle}" for mandat in mandats),
        *qualites,
    ]
    if not titres:
        return None
    phrases = [CAPACITES[role] for role in roles]
    if any(mandat.siege.instance_gouvernance.genre == GenreInstance.COMITE_PILOTAGE for mandat in mandats):
        phrases.append("Vote sur les demandes de fonds.")
    if qualites and not phrases:
        phrases.append("Demande des fonds, répond à une question, imprime sa lettre, vote à l’assemblée en ligne.")
    return Persona(compte, tuple(titres), " ".join(phrases))


def exiger_demo() -> None:
    """Answer 404 outside the demonstration, even if a route were left by mistake."""
    if not settings.DEMO:
        raise Http404


@login_not_required
@require_safe
def demo_connexion(request: HttpRequest) -> HttpResponse:
    """Show one button a persona."""
    exiger_demo()
    choix = [persona for compte in personas() if (persona := decrire(compte))]
    return render(request, "demo/demo_connexion.html", {"personas": choix, "suite": request.GET.get("next", "")})


@login_not_required
@require_POST
def demo_connecter(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign in as one persona."""
    exiger_demo()
    compte = get_object_or_404(personas(), pk=pk)
    login(request, compte, backend=MOTEUR)
    UserSession.objects.create_from_request(request)  # as a sign-in by code does
    messages.success(request, f"Vous voici dans l’espace de {compte}.")
    suite = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(suite, allowed_hosts={request.get_host()}):
        return redirect(suite)
    return redirect("espace")


@login_not_required
@require_safe
def demo_courriels(request: HttpRequest) -> HttpResponse:
    """Show the outbox."""
    exiger_demo()
    page, parametres = page_de(request, Courriel.objects.all())
    return render(request, "demo/demo_courriels.html", {"page": page, "parametres": parametres})


@login_not_required
@require_safe
def demo_courriel(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one message, with its links to this site made clickable."""
    exiger_demo()
    courriel = get_object_or_404(Courriel, pk=pk)
    hotes = {request.get_host(), urlsplit(settings.ADRESSE_PUBLIQUE).netloc}
    return render(
        request, "demo/demo_courriel.html", {"courriel": courriel, "morceaux": morceaux(courriel.texte, hotes)}
    )


def morceaux(texte: str, hotes: set[str]) -> list[tuple[str, str]]:
    """Return the text cut into (what to write, where it leads or ""); only links to these hosts lead somewhere."""
    coupes: list[tuple[str, str]] = []
    fin = 0
    for trouve in LIEN.finditer(texte):
        adresse = trouve[0].rstrip(PONCTUATION)
        partie = urlsplit(adresse)
        if partie.netloc not in hotes:
            continue
        coupes.append((texte[fin : trouve.start()], ""))
        coupes.append((adresse, "/" + partie.path.lstrip("/") + (f"?{partie.query}" if partie.query else "")))
        fin = trouve.start() + len(adresse)
    return [*coupes, (texte[fin:], "")]
