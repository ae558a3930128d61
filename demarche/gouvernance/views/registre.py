"""The chained register: its lines, its head, whose hash this is, and its verification."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from demarche.comptes.permissions import exiger
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.permissions import peut_verifier_registre, peut_voir_decisions
from demarche.registre.forms import EmpreinteForm
from demarche.registre.models import EvenementRegistre
from demarche.registre.queries import decrire_lignes, ligne_de_l_empreinte
from demarche.registre.services.lignes import tete_du_registre
from demarche.registre.services.verification import derniere_verification, verifier_et_retenir
from demarche.socle.views.pagination import page_de


@require_safe
def registre_liste(request: HttpRequest) -> HttpResponse:
    """Show the register, the last line first; `?objet=scrutin 4` keeps the lines about one thing."""
    utilisateur = auteur_de(request)
    exiger(peut_voir_decisions(utilisateur))
    objet = request.GET.get("objet", "")
    evenements = EvenementRegistre.objects.order_by("-numero")
    if objet:
        evenements = evenements.filter(objet=objet)
    page, parametres = page_de(request, evenements)
    form = EmpreinteForm(request.GET if "empreinte" in request.GET else None)
    cherchee = form.cleaned_data["empreinte"] if form.is_bound and form.is_valid() else ""
    trouvee = ligne_de_l_empreinte(cherchee) if cherchee else None
    decrites = decrire_lignes([*page.object_list, *([trouvee] if trouvee else [])])
    contexte = {
        "page": page,
        "parametres": parametres,
        "lignes": decrites[: len(page.object_list)],
        "objet": objet,
        "tete": tete_du_registre(),
        "form": form,
        "cherchee": cherchee,
        "trouvee": decrites[-1] if trouvee else None,
        "verification": derniere_verification(),
        "peut_verifier": peut_verifier_registre(utilisateur),
    }
    return render(request, "gouvernance/registre_liste.html", contexte)


@require_POST
def registre_verifier(request: HttpRequest) -> HttpResponse:
    """Verify the whole register now, and show what it gave."""
    exiger(peut_verifier_registre(auteur_de(request)))
    verification = verifier_et_retenir()
    dire = messages.success if verification.est_entier else messages.error
    dire(request, verification.resume)
    return redirect("gouvernance:registre_liste")
