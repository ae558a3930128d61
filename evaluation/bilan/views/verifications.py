"""The vérificateur: what does not add up or is missing, before the bilan is published."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from demarche.comptes.permissions import exiger
from demarche.gouvernance.models import Exercice
from evaluation.bilan import permissions
from evaluation.bilan.queries.verifications import rapport_de_verification
from evaluation.plan.views.formulaires import exercice_exige


def verifications(request: HttpRequest) -> HttpResponse:
    """Run every check over the exercice and show what was found, the gravest first."""
    exiger(permissions.peut_preparer_bilan(request.user))
    exercice = exercice_exige(request)
    contexte = {
        "exercice": exercice,
        "exercices": Exercice.objects.all(),
        "rapport": rapport_de_verification(exercice),
    }
    return render(request, "bilan/verification_rapport.html", contexte)
