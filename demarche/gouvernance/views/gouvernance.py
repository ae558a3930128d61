"""The page « Gouvernance »: who decides on what, drawn from the instances and their seats."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from demarche.comptes.permissions import exiger, peut_gerer_reglages
from demarche.comptes.protocoles import PAGES
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.diagrammes import DiagrammeImpossible, schema_gouvernance
from demarche.gouvernance.models import CadreReference
from demarche.gouvernance.permissions import peut_voir_instance
from demarche.gouvernance.phrases_regle import ecrire_regle
from demarche.gouvernance.queries.demarche import la_demarche
from demarche.gouvernance.queries.gouvernance import LigneInstance, arbre_instances
from demarche.socle.couleurs import COULEUR_PAR_DEFAUT
from demarche.socle.francais import compter


@require_safe
def gouvernance(request: HttpRequest) -> HttpResponse:
    """Show the tree of instances, its diagram, how money is allocated, the cadre de référence in force."""
    utilisateur, jour = auteur_de(request), timezone.localdate()
    exiger(peut_voir_instance(utilisateur))
    lignes, demarche = arbre_instances(jour, actives=True), la_demarche()
    regles = [ecrire_regle(ligne.instance_gouvernance, nb_voix=ligne.nb_pourvus) for ligne in lignes]
    couleur = (demarche and demarche.couleur) or COULEUR_PAR_DEFAUT
    notes = {ligne.instance_gouvernance.pk: notes_de(ligne) for ligne in lignes}
    schema, sans_schema = None, ""
    try:
        schema = schema_gouvernance([ligne.instance_gouvernance for ligne in lignes], notes=notes, couleur=couleur)
    except DiagrammeImpossible as erreur:
        sans_schema = str(erreur)
    contexte = {
        "lignes": list(zip(lignes, regles, strict=True)),
        "nb_par_defaut": sum(1 for regle in regles if regle.est_par_defaut),
        "schema": schema,
        "sans_schema": sans_schema,
        "cadre": CadreReference.objects.select_related("resolution").en_vigueur(jour),
        "sections": PAGES.sections_de("gouvernance.gouvernance", utilisateur, demarche) if demarche else [],
        "peut_gerer": peut_gerer_reglages(utilisateur),
    }
    return render(request, "gouvernance/gouvernance.html", contexte)


def notes_de(ligne: LigneInstance) -> tuple[str, ...]:
    """Return the small lines of one box: the role in short, how it decides, its seats."""
    une = ligne.instance_gouvernance
    sieges = ""
    if ligne.nb_sieges:
        vacants = f", {compter(ligne.nb_vacants, 'vacant')}" if ligne.nb_vacants else ""
        sieges = f"{compter(ligne.nb_pourvus, 'siège')} sur {ligne.nb_sieges}{vacants}"
    return tuple(note for note in (en_bref(une.role), une.get_mode_decision_display(), sieges) if note)


def en_bref(role: str, *, minimum: int = 25, maximum: int = 90) -> str:
    """Return the first sentence of a role; a long one stops where it pauses, else is left out."""
    phrase = role.strip().split("\n")[0].split(". ")[0].rstrip(".")
    if len(phrase) <= maximum:
        return phrase
    debut = phrase[: maximum + 1]
    pause = max(debut.rfind(signe) for signe in ",;:")
    return debut[:pause].rstrip() + "…" if pause >= minimum else ""
