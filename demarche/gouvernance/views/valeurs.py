"""The page « Valeurs par défaut »: what is to confirm, what the tool fixes, what is confirmed; where one confirms."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from demarche.comptes.permissions import exiger, peut_gerer_reglages
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.forms.reglages import ReglageForm
from demarche.gouvernance.models import Reglage
from demarche.gouvernance.permissions import peut_regler_decisions
from demarche.gouvernance.phrases_regle import PAR_DEFAUT
from demarche.gouvernance.protocoles import REGLES, ValeurReglee
from demarche.gouvernance.services.reglages import regler_valeur
from demarche.socle.queries.historique import historique_de
from demarche.socle.views.formulaires import save_form


@dataclass(frozen=True)
class LigneValeurs:
    """The values that say the same: those of eleven instances that decide alike are one line."""

    groupe: str
    valeurs: tuple[ValeurReglee, ...]

    @property
    def texte(self) -> str:
        return self.valeurs[0].texte

    @property
    def source(self) -> str:
        return self.valeurs[0].source


def lignes_de(valeurs: Iterable[ValeurReglee]) -> list[LigneValeurs]:
    """Return these values, a group after the other, those that say the same on one line."""

    def cle(valeur: ValeurReglee) -> tuple[str, str, str]:
        return valeur.groupe, valeur.texte, valeur.source

    rangs = {groupe: rang for rang, groupe in enumerate(dict.fromkeys(valeur.groupe for valeur in valeurs))}
    ranges = sorted(valeurs, key=lambda valeur: rangs[valeur.groupe])
    return [LigneValeurs(groupe, tuple(lot)) for (groupe, _, _), lot in groupby(ranges, key=cle)]


@require_safe
def valeur_liste(request: HttpRequest) -> HttpResponse:
    """Show every rule, threshold and delay: those of ours first, then those that the texts of the démarche give."""
    utilisateur = auteur_de(request)
    exiger(peut_gerer_reglages(utilisateur))
    toutes = [valeur for regles in REGLES for valeur in regles.valeurs()]
    a_confirmer = [valeur for valeur in toutes if valeur.url and not valeur.source]
    contexte = {
        "a_confirmer": lignes_de(a_confirmer),
        "nb_a_confirmer": len(a_confirmer),
        "fixees": lignes_de([valeur for valeur in toutes if not valeur.url]),
        "confirmees": lignes_de([valeur for valeur in toutes if valeur.url and valeur.source]),
        "peut_regler": peut_regler_decisions(utilisateur),
        "par_defaut": PAR_DEFAUT,
    }
    return render(request, "gouvernance/valeur_liste.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def valeur_regler(request: HttpRequest, cle: str) -> HttpResponse:
    """Let the coordination confirm or change one number of ours, with the text that gives it."""
    auteur = auteur_de(request)
    exiger(peut_regler_decisions(auteur))
    defaut = REGLES.defauts_reglables().get(cle)
    if defaut is None:
        raise Http404
    reglage = Reglage.objects.filter(cle=cle).first()
    form = ReglageForm(request.POST or None, defaut=defaut, reglage=reglage)

    def version() -> int:
        return Reglage.objects.filter(cle=cle).values_list("version", flat=True).first() or 0

    reponse = save_form(
        request,
        form,
        lambda: regler_valeur(defaut, auteur=auteur, **form.cleaned_data),
        to="gouvernance:valeur_liste",
        message="La valeur est confirmée, avec sa source.",
        version=version,
    )
    if reponse:
        return reponse
    contexte = {"form": form, "defaut": defaut, "historique": historique_de(reglage) if reglage else []}
    return render(request, "gouvernance/valeur_formulaire.html", contexte)
