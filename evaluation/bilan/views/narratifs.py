"""The narrative texts of the bilan: which are written, and one page to write each."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from demarche.comptes.permissions import exiger
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.models import Exercice
from demarche.socle.views.formulaires import save_form
from evaluation.bilan import permissions
from evaluation.bilan.enums import SectionNarrative
from evaluation.bilan.forms.narratifs import NarratifForm
from evaluation.bilan.models import Narratif
from evaluation.bilan.queries.narratifs import sections_narratives
from evaluation.bilan.services.narratifs import ecrire_narratif
from evaluation.bilan.textes import paragraphes
from evaluation.plan.permissions import peut_saisir_resultats
from evaluation.plan.views.formulaires import Etapes, exercice_exige


@require_safe
def narratif_liste(request: HttpRequest) -> HttpResponse:
    """Show the sections of the bilan, written or not yet."""
    exiger(permissions.peut_preparer_bilan(request.user))
    exercice = exercice_exige(request)
    sections = sections_narratives(exercice)
    nb_ecrites = sum(section.est_ecrite for section in sections)
    contexte = {
        "exercice": exercice,
        "exercices": Exercice.objects.all(),
        "sections": sections,
        "nb_ecrites": nb_ecrites,
        "avancement": f"{nb_ecrites} sur {len(sections)}",
        "peut_saisir": peut_saisir_resultats(request.user, exercice),
    }
    return render(request, "bilan/narratif_liste.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def narratif_modifier(request: HttpRequest, section: str) -> HttpResponse:
    """Write one section; « Aperçu » shows it set, without saving."""
    if section not in SectionNarrative.values:
        raise Http404("section inconnue")
    exercice = exercice_exige(request)
    exiger(peut_saisir_resultats(request.user, exercice))
    narratif = Narratif.objects.filter(exercice=exercice, section=section).first()
    form = NarratifForm(request.POST or None, narratif=narratif)
    retour = f"{reverse('bilan:narratif_liste')}?exercice={exercice.code}"

    def version_actuelle() -> int:
        actuel = Narratif.objects.filter(exercice=exercice, section=section).first()
        return actuel.version if actuel else 0

    if "apercu" not in request.POST:
        reponse = save_form(
            request,
            form,
            lambda: ecrire_narratif(exercice, section, auteur=auteur_de(request), **form.cleaned_data),
            to=retour,
            message="Le texte est enregistré.",
            version=version_actuelle,
        )
        if reponse is not None:
            return reponse
    libelle = str(SectionNarrative(section).label)
    etapes: Etapes = [("Textes du bilan", retour), (libelle, "")]
    contexte = {
        "form": form,
        "libelle": libelle,
        "exercice": exercice,
        "blocs": paragraphes(form["texte"].value() or ""),
        "narratif": narratif,
        "etapes": etapes,
        "retour": retour,
    }
    return render(request, "bilan/narratif_formulaire.html", contexte)
