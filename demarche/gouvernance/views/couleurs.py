"""The small stylesheet that carries the colour of the démarche, kept legible."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from demarche.gouvernance.queries.demarche import la_demarche
from demarche.socle.couleurs import COULEUR_PAR_DEFAUT, couleur_lisible, ecrire_couleur, melanger, pale


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def couleurs(request: HttpRequest) -> HttpResponse:
    """Answer the stylesheet that sets the colour of the démarche; its address changes with the colour."""
    demarche = la_demarche()
    rvb = couleur_lisible(demarche.couleur if demarche else COULEUR_PAR_DEFAUT)
    jetons = {
        "--couleur-demarche": ecrire_couleur(rvb),
        "--couleur-demarche-foncee": ecrire_couleur(melanger(rvb, (0, 0, 0), 0.28)),
        "--couleur-demarche-pale": ecrire_couleur(pale(rvb)),
        "--sur-couleur-demarche": "#ffffff",
    }
    regles = " ".join(f"{nom}: {valeur};" for nom, valeur in jetons.items())
    return HttpResponse(f":root {{ {regles} }}\n", content_type="text/css; charset=utf-8")
