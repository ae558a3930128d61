"""The vérificateur: what does not add up or is missing, before the bilan is published."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from demarche.models import Exercice
from demarche.permissions import exiger
from evaluation import permissions
from evaluation.queries import rapport_de_verification

from .formulaires import exercice_exige


def rapport(request: HttpRequest) -> HttpResponse:
    """Run every check over the exercice and show what was found, the gravest first."""
    exiger(permissions.peut_preparer_bilan(request.user))
    exercice = exercice_exige(request)
    contexte = {
        "exercice": exercice,
        "exercices": Exercice.objects.all(),
        "rapport": rapport_de_verification(exercice),
    }
    return render(request, "evaluation/verification_rapport.html", contexte)
