"""Pages of the money of an exercice: the budget, its lines, the page where an action's budget is written."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from chantiers.actions.forms.chantiers import EmpreinteForm
from chantiers.actions.models import ActionCollective
from chantiers.actions.permissions import peut_voir_budget
from chantiers.actions.protocoles import AUCUN_BUDGET
from chantiers.actions.queries.suivi import suivi_par_chantier
from chantiers.actions.views.exercices import exercice_de
from chantiers.budget.enums import NatureLigne
from chantiers.budget.forms.budget import LigneFormSet
from chantiers.budget.models import LigneBudgetaire
from chantiers.finances.exports import feuilles_du_budget
from chantiers.finances.queries import budget as queries_budget
from chantiers.finances.queries import lignes as queries_lignes
from chantiers.finances.services.budget import enregistrer_budget
from demarche.comptes.permissions import exiger, peut_saisir
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.models import Exercice
from demarche.socle.classeurs import reponse_feuilles
from demarche.socle.concurrence import empreinte
from demarche.socle.views.formulaires import show_refusal
from demarche.socle.views.pagination import page_de

PAR_PAGE = 100
TITRES = ((NatureLigne.REVENU, "Revenus"), (NatureLigne.DEPENSE, "Dépenses"))


@require_safe
def budget(request: HttpRequest) -> HttpResponse:
    """Show the budget of the exercice: by chantier, by action, then what the démarche spends itself."""
    exiger(peut_voir_budget(request.user))
    exercice = exercice_de(request)
    contexte = {
        "exercice": exercice,
        "exercices": Exercice.objects.all(),
        "groupes": [groupe for groupe in suivi_par_chantier(exercice, request.user) if groupe.actions],
        "demarche_budget": queries_budget.budget_par_action(exercice).get(None, AUCUN_BUDGET),
        "total": queries_budget.budget_exercice(exercice),
        "paye_pour_un_autre": queries_budget.paye_pour_un_autre(exercice),
        "apports": queries_lignes.apports_des_demandes(queries_budget.demandes_accordees(exercice)),
        "peut_saisir": peut_saisir(request.user) and not exercice.est_clos,
    }
    return render(request, "finances/budget.html", contexte)


@require_safe
def budget_lignes(request: HttpRequest) -> HttpResponse:
    """Show the lines that make up a total: `?de=` chantier-3, action-5, demarche or nothing; `?nature=`."""
    exiger(peut_voir_budget(request.user))
    exercice = exercice_de(request)
    de, nature = request.GET.get("de", ""), request.GET.get("nature", "")
    portee = queries_lignes.portee_du_total(exercice, de=de, nature=nature)
    page, _ = page_de(request, portee.lignes, PAR_PAGE)
    contexte = {
        "exercice": exercice,
        "de": de,
        "modifier": _adresse_du_formulaire(exercice, de) if peut_saisir(request.user) else "",
        "nature": dict(NatureLigne.choices).get(nature, ""),
        "portee": portee.texte,
        "total": queries_budget.totaux_budget(portee.lignes, portee.demandes),
        "page": page,
        "lignes": queries_lignes.suivre_lignes(page),
        "sans_ligne": queries_lignes.suivre_sans_ligne(portee.sans_ligne, exercice),
        "demandes": page_de(request, portee.sans_ligne, PAR_PAGE)[0],
        "apports": queries_lignes.apports_des_demandes(portee.demandes),
        "parametres": urlencode({"exercice": exercice.code, "de": de, "nature": nature}),
    }
    return render(request, "finances/budget_lignes.html", contexte)


def _adresse_du_formulaire(exercice: Exercice, de: str) -> str:
    """Return where the lines of one action, or of the démarche itself, are written; nothing once closed."""
    genre, _, cle = de.partition("-")
    if exercice.est_clos or not (de == "demarche" or (genre == "action" and cle.isdecimal())):
        return ""
    page = reverse("finances:action_budget", args=[int(cle)]) if cle else reverse("finances:budget_demarche")
    return f"{page}?exercice={exercice.code}"


@require_safe
def budget_exporter(request: HttpRequest, extension: str) -> HttpResponse:
    """Download the lines that a page of lines shows."""
    exiger(peut_voir_budget(request.user))
    exercice = exercice_de(request)
    portee = queries_lignes.portee_du_total(
        exercice, de=request.GET.get("de", ""), nature=request.GET.get("nature", "")
    )
    suivis = [
        *queries_lignes.suivre_lignes(portee.lignes),
        *queries_lignes.suivre_sans_ligne(portee.sans_ligne, exercice),
    ]
    total = queries_budget.totaux_budget(portee.lignes, portee.demandes)
    feuilles = feuilles_du_budget(f"Budget {exercice.code}", suivis, total)
    return reponse_feuilles(extension, nom=f"budget-{exercice.code}", feuilles=feuilles)


@require_http_methods(["GET", "HEAD", "POST"])
def action_budget(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the budget of one action for the exercice."""
    action = get_object_or_404(ActionCollective.objects.select_related("chantier"), pk=pk)
    return _ecrire(request, action)


@require_http_methods(["GET", "HEAD", "POST"])
def budget_demarche(request: HttpRequest) -> HttpResponse:
    """Write the démarche's own budget for the exercice."""
    return _ecrire(request, None)


def _ecrire(request: HttpRequest, action: ActionCollective | None) -> HttpResponse:
    exiger(peut_voir_budget(request.user) if request.method == "GET" else peut_saisir(request.user))
    exercice = exercice_de(request)
    actuelles = queries_lignes.avec_demandes_reliees(
        LigneBudgetaire.objects.filter(exercice=exercice, action_collective=action)
    )
    adresse = action.get_absolute_url() if action else reverse("finances:budget")
    contexte: dict[str, Any] = {
        "action": action,
        "exercice": exercice,
        "exercices": Exercice.objects.all(),
        "retour": f"{adresse}?exercice={exercice.code}",
    }
    if request.method == "GET" and (exercice.est_clos or not peut_saisir(request.user)):
        return _lire(request, action, exercice, contexte)
    page = EmpreinteForm(request.POST or None, initial={"empreinte": empreinte(actuelles)})
    lots = [
        (
            titre,
            LigneFormSet(
                request.POST or None,
                queryset=actuelles.filter(nature=nature),
                prefix=str(nature),
                form_kwargs={"nature": nature},
            ),
        )
        for nature, titre in TITRES
    ]
    if request.method == "POST" and all([page.is_valid(), *(lot.is_valid() for _, lot in lots)]):
        try:
            enregistrer_budget(
                action,
                exercice=exercice,
                empreinte=page.cleaned_data["empreinte"],
                lignes=[ligne for _, lot in lots for ligne in lot.lignes()],
                retirees=[ligne for _, lot in lots for ligne in lot.retirees()],
                auteur=auteur_de(request),
            )
        except ValidationError as erreur:
            show_refusal(page, erreur, empreinte=empreinte(actuelles.all()))
        else:
            messages.success(request, "Le budget est enregistré.")
            return redirect(contexte["retour"])
    portee = portee_de(exercice, action)
    sans_ligne = queries_lignes.suivre_sans_ligne(portee.sans_ligne, exercice)
    suite = {
        "page": page,
        "refus": request.method == "POST" and not page.non_field_errors(),
        "sans_ligne": sans_ligne,
        "demandes": portee.sans_ligne,
    }
    totaux = totaux_saisis(lots, sans_ligne)
    return render(request, "finances/budget_formulaire.html", {**contexte, **suite, **totaux})


def portee_de(exercice: Exercice, action: ActionCollective | None) -> queries_lignes.PorteeTotal:
    """Return what the budget of one action, or of the démarche itself, adds up."""
    return queries_lignes.portee_du_total(exercice, de=f"action-{action.pk}" if action else "demarche")


def _lire(
    request: HttpRequest, action: ActionCollective | None, exercice: Exercice, contexte: dict[str, Any]
) -> HttpResponse:
    portee = portee_de(exercice, action)
    suivis = queries_lignes.suivre_lignes(portee.lignes.order_by("pk"))
    lecture = {
        "groupes": [(titre, [s for s in suivis if s.nature == nature.label]) for nature, titre in TITRES],
        "sans_ligne": queries_lignes.suivre_sans_ligne(portee.sans_ligne, exercice),
        "demandes": portee.sans_ligne,
        "total": queries_budget.totaux_budget(portee.lignes, portee.demandes),
    }
    return render(request, "finances/budget_lecture.html", {**contexte, **lecture})


def _reel(lot: Any) -> Decimal:
    """Return the real amounts as they are typed, and the payments of the lines that requests pay."""
    payes = (form.instance.paye for form in lot.forms if form.est_suivie)
    reel: Decimal = lot.total("montant_reel") + sum(payes, Decimal(0))
    return reel


def totaux_saisis(lots: list[tuple[str, Any]], sans_ligne: list[queries_lignes.SuiviLigne]) -> dict[str, Any]:
    """Return the groups of rows with their totals as they are typed: what the page shows before any script runs.

    What grants tied to no line were paid is spent as well, and is in the total of the expenses.
    """
    groupes = [
        {"titre": titre, "lot": lot, "prevu": lot.total("montant_prevu"), "reel": _reel(lot)} for titre, lot in lots
    ]
    revenus, depenses = groupes
    depenses["reel"] += sum((suivi.depense or Decimal(0) for suivi in sans_ligne), Decimal(0))
    return {
        "groupes": groupes,
        "solde_prevu": revenus["prevu"] - depenses["prevu"],
        "solde_reel": revenus["reel"] - depenses["reel"],
    }
