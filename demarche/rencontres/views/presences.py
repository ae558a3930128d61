"""Presences at a meeting, seat by seat."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from demarche.comptes.views.acces import auteur_de
from demarche.rencontres.forms.rencontres import PresencesSiegesForm
from demarche.rencontres.services.presences import (
    empreinte_presences,
    enregistrer_presences,
    quorum_de,
    quorum_du_moment,
    sieges_du_jour,
)
from demarche.rencontres.views.rencontres import rencontre_a_changer
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.views.formulaires import show_refusal


@require_http_methods(["GET", "HEAD", "POST"])
def rencontre_presences(request: HttpRequest, pk: int) -> HttpResponse:
    """Note how each seat came; after saving, the page says where the quorum stands."""
    auteur = auteur_de(request)
    rencontre = rencontre_a_changer(request, pk)
    sieges = sieges_du_jour(rencontre)
    initial = {"empreinte": empreinte_presences(rencontre)}
    form = PresencesSiegesForm(request.POST or None, sieges=sieges, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            enregistrer_presences(rencontre, form.lignes, attendue=form.cleaned_data["empreinte"], auteur=auteur)
        except ErreurMetier as erreur:
            show_refusal(form, erreur, empreinte=empreinte_presences(rencontre))
        else:
            quorum = quorum_du_moment(rencontre, sieges_du_jour(rencontre))
            messages.success(request, f"Présences enregistrées. {quorum.phrase}." if quorum else "C’est enregistré.")
            return redirect(rencontre)
    quorum = quorum_du_moment(rencontre, sieges) or quorum_de(rencontre, sieges)
    contexte = {"form": form, "rencontre": rencontre, "quorum": quorum}
    return render(request, "rencontres/rencontre_presences.html", contexte)
