"""Settings: the library of reasons that explain decisions."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from chantiers.demandes.enums import SensMotif
from chantiers.demandes.forms.motifs import MotifForm
from chantiers.demandes.models import MotifType
from chantiers.demandes.permissions import peut_gerer_motifs
from chantiers.demandes.services.motifs import ajouter_motifs_proposes, enregistrer_motif, monter_motif
from demarche.comptes.permissions import exiger
from demarche.comptes.views.acces import auteur_de
from demarche.socle.views.formulaires import donnees_de, run_verb, save_form


@require_safe
def motif_liste(request: HttpRequest) -> HttpResponse:
    """Show every reason, by what it explains, those no longer offered included."""
    exiger(peut_gerer_motifs(request.user))
    groupes = {sens: list(motifs) for sens, motifs in groupby(MotifType.objects.all(), key=lambda m: m.sens)}
    contexte = {"groupes": [(sens.label, groupes.get(sens.value, [])) for sens in SensMotif], "vide": not groupes}
    return render(request, "demandes/motif_liste.html", contexte)


def motif_creer(request: HttpRequest) -> HttpResponse:
    """Add one reason."""
    exiger(peut_gerer_motifs(request.user))
    return _formulaire(request, None)


def motif_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one reason, or stop offering it."""
    exiger(peut_gerer_motifs(request.user))
    return _formulaire(request, get_object_or_404(MotifType, pk=pk))


def _formulaire(request: HttpRequest, motif: MotifType | None) -> HttpResponse:
    form = MotifForm(request.POST or None, instance=motif, initial={} if motif else {"est_actif": True})

    reponse = save_form(
        request,
        form,
        lambda: enregistrer_motif(motif, donnees=donnees_de(form), auteur=auteur_de(request)),
        to=reverse("demandes:motif_liste"),
        message="Le motif est enregistré.",
    )
    if reponse:
        return reponse
    return render(request, "demandes/motif_formulaire.html", {"form": form, "motif": motif})


@require_POST
def motif_monter(request: HttpRequest, pk: int) -> HttpResponse:
    """Move one reason up in its list."""
    exiger(peut_gerer_motifs(request.user))
    motif = get_object_or_404(MotifType, pk=pk)
    run_verb(request, lambda: monter_motif(motif.pk, auteur=auteur_de(request)), message="L’ordre est enregistré.")
    return redirect("demandes:motif_liste")


@require_POST
def motif_proposer(request: HttpRequest) -> HttpResponse:
    """Add the reasons that the software proposes."""
    exiger(peut_gerer_motifs(request.user))
    run_verb(
        request,
        lambda: ajouter_motifs_proposes(auteur=auteur_de(request)),
        message="Les motifs proposés sont dans la liste : changez ou retirez ceux qui ne vous conviennent pas.",
    )
    return redirect("demandes:motif_liste")
