"""The convocation of a meeting, and its agenda to print."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.queries.demarche import la_demarche
from demarche.rencontres.forms.rencontres import ConvocationForm
from demarche.rencontres.permissions import peut_voir_ordre_du_jour
from demarche.rencontres.queries.rencontres import ce_qui_fige, points_de, proces_verbal_de
from demarche.rencontres.services.rencontres import convocation_perimee, convoquer, convoques_de
from demarche.rencontres.views.rencontres import rencontre_a_changer, rencontres_de
from demarche.socle.couleurs import jetons
from demarche.socle.pdf import render_pdf, reponse_pdf
from demarche.socle.views.formulaires import save_form


@require_safe
def ordre_du_jour_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the agenda to print: whole, or its public points only."""
    utilisateur = auteur_de(request)
    rencontre = get_object_or_404(rencontres_de(utilisateur), pk=pk)
    entier = peut_voir_ordre_du_jour(utilisateur, rencontre)
    points = [point for point in points_de(rencontre) if entier or point.est_public]
    demarche = la_demarche()
    contexte = {
        "rencontre": rencontre,
        "points": points,
        "demarche": demarche,
        "duree": sum(point.duree_minutes or 0 for point in points),
    }
    octets = render_pdf(
        render_to_string("pdf/ordre_du_jour.html", contexte),
        titre=f"Ordre du jour – {rencontre.titre}",
        auteur=demarche.nom if demarche else "",
        feuilles=("css/pdf.css", "css/pdf_ordre_du_jour.css"),
        jetons=jetons(demarche.couleur) if demarche else None,
    )
    nom = f"ordre-du-jour-{rencontre.date:%Y-%m-%d}-{slugify(rencontre.instance_gouvernance.prefixe)}.pdf"
    return reponse_pdf(octets, nom)


@require_http_methods(["GET", "HEAD", "POST"])
def rencontre_convoquer(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who receives the convocation and when it was last sent, then send it."""
    auteur = auteur_de(request)
    rencontre = rencontre_a_changer(request, pk)
    form = ConvocationForm(request.POST or None)

    def message(nb: int) -> str:
        return (
            "La convocation est partie à une personne." if nb == 1 else f"La convocation est partie à {nb} personnes."
        )

    reponse = save_form(
        request,
        form,
        lambda: convoquer(rencontre, auteur=auteur, courriels=form.cleaned_data["courriels"]),
        to=rencontre,
        message=message,
    )
    if reponse:
        return reponse
    points = list(rencontre.points.order_by("ordre", "pk"))
    contexte = {
        "form": form,
        "rencontre": rencontre,
        "points": points,
        "envoi": convoques_de(rencontre),
        "perimee": convocation_perimee(rencontre, points),
        "fige": ce_qui_fige(rencontre, proces_verbal_de(rencontre)),
    }
    return render(request, "rencontres/rencontre_convoquer.html", contexte)
