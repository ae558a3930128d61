"""One target: what it says, its evidence, its status."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from demarche.comptes.permissions import exiger
from demarche.comptes.views.acces import auteur_de
from demarche.socle.queries.historique import historique_de
from demarche.socle.views.formulaires import run_verb, save_form
from evaluation.plan import permissions
from evaluation.plan.forms.cibles import CibleForm, StatutForm
from evaluation.plan.forms.resultats import ResultatForm
from evaluation.plan.models import Cible, Resultat
from evaluation.plan.queries.plans import lire_cibles
from evaluation.plan.services.cibles import ce_qui_manque, etablir_statut, modifier_cible
from evaluation.plan.services.resultats import enregistrer_resultat, supprimer_resultat
from evaluation.plan.views.formulaires import Etapes, editer_element
from evaluation.plan.views.strategies import fil


def lire_cible(pk: int) -> Cible:
    return get_object_or_404(lire_cibles(), pk=pk)


def fil_cible(cible: Cible, *suite: str) -> Etapes:
    """Return the breadcrumb down to a target, and further."""
    debut = fil(cible.strategie, cible.exercice)
    return [*debut, (f"Cible {cible.numero}", cible.get_absolute_url()), *((libelle, "") for libelle in suite)]


def page(request: HttpRequest, cible: Cible, form: StatutForm) -> HttpResponse:
    peut_saisir = permissions.peut_saisir_resultats(request.user, cible.exercice)
    contexte = {
        "cible": cible,
        "manques": ce_qui_manque(cible) if peut_saisir else [],
        "form": form,
        "etapes": fil_cible(cible),
        "historique": historique_de(cible),
        "peut_saisir": peut_saisir,
        "voit_preuves": permissions.peut_voir_preuves(request.user),
    }
    return render(request, "plan/cible_detail.html", contexte)


@require_safe
def cible_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a target, what it obtained, and what its numbers say."""
    exiger(permissions.peut_voir_plan(request.user))
    cible = lire_cible(pk)
    return page(request, cible, StatutForm(cible=cible))


@require_POST
def cible_statuer(request: HttpRequest, pk: int) -> HttpResponse:
    """Establish the status of a target (R14)."""
    cible = lire_cible(pk)
    exiger(permissions.peut_saisir_resultats(request.user, cible.exercice))
    form = StatutForm(request.POST, cible=cible)

    reponse = save_form(
        request,
        form,
        lambda: etablir_statut(cible, auteur=auteur_de(request), **form.cleaned_data),
        message="Le statut est enregistré.",
        version=lambda: cible.version,
    )
    return reponse or page(request, cible, form)


@require_http_methods(["GET", "HEAD", "POST"])
def cible_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a target says and aims at."""
    cible = lire_cible(pk)
    exiger(permissions.peut_saisir_resultats(request.user, cible.exercice))
    form = CibleForm(request.POST or None, cible=cible)
    return editer_element(
        request,
        form,
        lambda: modifier_cible(cible, auteur=auteur_de(request), **form.cleaned_data),
        message="La cible est enregistrée.",
        version=lambda: cible.version,
        titre="Modifier la cible",
        surtitre=f"Stratégie {cible.strategie.code}, exercice {cible.exercice.code}",
        etapes=fil_cible(cible, "Modifier"),
        retour=cible.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def resultat_creer(request: HttpRequest, cible_pk: int) -> HttpResponse:
    """Add a piece of evidence to a target."""
    return _editer_resultat(request, Resultat(cible=lire_cible(cible_pk)), "Ajouter un résultat")


@require_http_methods(["GET", "HEAD", "POST"])
def resultat_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a piece of evidence."""
    return _editer_resultat(request, _lire_resultat(pk), "Modifier le résultat")


@require_POST
def resultat_supprimer(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a piece of evidence that the status does not rest on alone."""
    resultat = _lire_resultat(pk)
    cible = resultat.cible
    exiger(permissions.peut_saisir_resultats(request.user, cible.exercice))
    run_verb(
        request, lambda: supprimer_resultat(resultat, auteur=auteur_de(request)), message="Le résultat est retiré."
    )
    return redirect(cible)


def _lire_resultat(pk: int) -> Resultat:
    return get_object_or_404(
        Resultat.objects.select_related("cible__exercice", "cible__strategie__objectif__orientation", "document"),
        pk=pk,
    )


def _editer_resultat(request: HttpRequest, resultat: Resultat, titre: str) -> HttpResponse:
    cible = resultat.cible
    exiger(permissions.peut_saisir_resultats(request.user, cible.exercice))
    form = ResultatForm(request.POST or None, request.FILES or None, instance=resultat)
    return editer_element(
        request,
        form,
        lambda: enregistrer_resultat(form.instance, auteur=auteur_de(request), fichier=form.cleaned_data["fichier"]),
        to=cible,
        message="Le résultat est enregistré.",
        titre=titre,
        surtitre=f"Cible {cible.numero} de la stratégie {cible.strategie.code}",
        rappel=cible.enonce,
        etapes=fil_cible(cible, titre),
        retour=cible.get_absolute_url(),
    )
