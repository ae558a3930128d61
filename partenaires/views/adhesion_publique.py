"""Joining: the public form, its link by e-mail, the sheet to print."""

import uuid
from contextlib import suppress

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from demarche.gouvernance.models import Demarche
from demarche.gouvernance.queries.demarche import la_demarche
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.jetons import adresse_deja_recue, une_seule_fois
from demarche.socle.services.limites import limiter
from partenaires.forms.adhesions import AdhesionForm
from partenaires.models import Adhesion
from partenaires.models.adhesions import DELAI_REPONSE
from partenaires.queries.adhesions import etapes_adhesion
from partenaires.services.adhesions import confirmer_adhesion, deposer_adhesion

HEURE = 3600
TROP = (
    "Trop de formulaires ont été envoyés d’ici en peu de temps. Votre saisie est gardée ci-dessous : "
    "attendez une heure, puis envoyez de nouveau."
)


def textes(demarche: Demarche | None) -> dict[str, str]:
    """Return what the form shows of the démarche."""
    return {
        "mission": demarche.mission if demarche else "",
        "territoire": demarche.nom_territoire if demarche else "",
    }


def depot_permis(request: HttpRequest, courriel: str) -> bool:
    """Return whether one more form may be sent from this connection to this e-mail.

    A whole assemblée may share one connection, but a mailbox receives only a few links a day.
    """
    ip = get_adapter().get_client_ip(request)
    par_connexion = limiter(f"adhesion-ip-{ip}", nb=60, secondes=HEURE)
    return par_connexion and limiter(f"adhesion-courriel-{courriel.lower()}", nb=5, secondes=24 * HEURE)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def adhesion_demander(request: HttpRequest) -> HttpResponse:
    """Show and receive the adhesion form; a person already known reads the same answer (R12)."""
    demarche = la_demarche()
    statut = 200
    if request.method == "POST":
        form = AdhesionForm(request.POST, **textes(demarche))
        merci = reverse("partenaires:adhesion_merci")
        if form.est_un_robot or adresse_deja_recue(request.POST.get("jeton")):
            return redirect(merci)
        if not depot_permis(request, str(request.POST.get("courriel", ""))):
            form.is_valid()
            form.add_error(None, TROP)
            statut = 429
        elif form.is_valid():

            def creer() -> str:
                deposer_adhesion(form.cleaned_data, accords=form.accords)
                return merci

            try:
                return redirect(une_seule_fois(form.cleaned_data["jeton"], creer))
            except ErreurMetier as erreur:
                form.add_error(None, erreur)
    else:
        form = AdhesionForm(**textes(demarche))
    return render(request, "partenaires/adhesion_formulaire.html", {"form": form}, status=statut)


@login_not_required
@require_safe
def adhesion_merci(request: HttpRequest) -> HttpResponse:
    """Say to look in one's mailbox."""
    return render(request, "partenaires/adhesion_merci.html", {"delai_jours": DELAI_REPONSE.days})


@login_not_required
@require_safe
def adhesion_papier(request: HttpRequest) -> HttpResponse:
    """Show the sheet to print, made from the same form."""
    form = AdhesionForm(**textes(la_demarche()))
    return render(request, "partenaires/adhesion_papier.html", {"form": form})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def adhesion_confirmer(request: HttpRequest, jeton: uuid.UUID) -> HttpResponse:
    """Show where a request stands; the button confirms it. Opening the link writes nothing: mail scanners open links.

    Posted twice, after the answer or too late, the page says where things stand.
    """
    trouvee = get_object_or_404(Adhesion.objects.select_related("organisation", "personne"), jeton=jeton)
    if request.method == "POST":
        with suppress(ErreurMetier):  # the page shows the state, which is the answer
            confirmer_adhesion(trouvee)
        return redirect("partenaires:adhesion_confirmer", jeton=jeton)
    contexte = {
        "adhesion": trouvee,
        "etapes": etapes_adhesion(trouvee),
        "est_expiree": trouvee.lien_est_expire(timezone.now()),
    }
    reponse = render(request, "partenaires/adhesion_confirmer.html", contexte)
    # The address is the key: no other site may see it. « no-referrer » would make browsers post « Origin: null ».
    reponse["Referrer-Policy"] = "same-origin"
    return reponse
