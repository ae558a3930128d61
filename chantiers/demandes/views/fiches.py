"""The decision sheet of a request: one page, made for a phone, where whoever is called reads and answers."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from chantiers.demandes.models import Deliberation, DemandeFonds
from chantiers.demandes.permissions import a_depose, peut_voir_demande, peut_voir_fiche
from chantiers.demandes.queries.apports import ventilation_de
from chantiers.demandes.queries.demandes import total_du_jour, voix_en_cause
from chantiers.demandes.queries.engagements import solde_de
from chantiers.demandes.queries.porteurs import cumuls_de
from chantiers.demandes.views.demandes import attribution_lisible
from demarche.comptes.permissions import exiger
from demarche.comptes.protocoles import PAGES
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.enums import Issue
from demarche.scrutins.models import Electeur
from demarche.scrutins.services.electeurs import electeur_de
from demarche.scrutins.views.scrutins import contexte_du_scrutin

DECIDE = frozenset({Issue.ADOPTEE, Issue.REJETEE})


def lire_fiche(request: HttpRequest, pk: int) -> tuple[DemandeFonds, Deliberation | None, Electeur | None]:
    """Return a request whose sheet this person may read, its last ballot, and the voice this person has there.

    Those who see the decisions, and whoever is called to the ballot: a partner, at the assemblée (R6).
    """
    demande = get_object_or_404(
        DemandeFonds.objects.select_related(
            "action_collective", "organisation", "demandeur", "instance_gouvernance", "exercice", "regle", "enveloppe"
        ),
        pk=pk,
    )
    deliberation = demande.deliberations.select_related(
        "scrutin__instance_gouvernance", "scrutin__rencontre", "scrutin__ouvert_par"
    ).last()
    electeur = electeur_de(deliberation.scrutin, auteur_de(request)) if deliberation else None
    appele = electeur is not None
    if not appele and not peut_voir_demande(request.user, demande):
        raise Http404
    exiger(appele or peut_voir_fiche(request.user, demande))
    return demande, deliberation, electeur


@require_safe
def demande_fiche(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the decision sheet, and to whoever is called to the ballot, the answers."""
    demande, deliberation, electeur = lire_fiche(request, pk)
    if deliberation is None:
        return redirect(demande)
    visiteur = auteur_de(request)
    contexte = contexte_du_scrutin(request, deliberation.scrutin, electeur)
    voit_tout = contexte["voit_decisions"]
    contexte |= {
        "demande": demande,
        "deliberation": deliberation,
        "a_change": not (deliberation.scrutin.est_ouvert or deliberation.scrutin.issue in DECIDE),
        "attribution": attribution_lisible(demande, voit_tout=voit_tout),
        "total_du_jour": total_du_jour(demande),
        "cumul": cumuls_de([demande]).get(demande.pk) if voit_tout else None,
        "solde": solde_de(demande),
        "ventilation": ventilation_de(demande),
        "pieces": demande.pieces.select_related("document"),
        "en_cause": voix_en_cause(demande, electeur, visiteur) if electeur else None,
        "sections": PAGES.sections_de("demandes.fiche", visiteur, demande.action_collective),
        "voit_demandeur": voit_tout or a_depose(visiteur, demande),
        "voit_demande": peut_voir_demande(visiteur, demande),
    }
    return render(request, "demandes/demande_fiche.html", contexte)
