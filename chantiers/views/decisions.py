"""Deciding on a request: the decision sheet and its ballot, the coordination's decision, the assemblée's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_POST

from chantiers import permissions
from chantiers.forms.decisions import RECUSATION, AssembleeForm, BulletinForm
from chantiers.models import DemandeFonds
from chantiers.queries import participations, restes_apres, siege_en_cause, solde_de, soldes_utilisables
from chantiers.services.deliberations import inscrire_decision_rencontre
from chantiers.services.demandes import attribution_de
from demarche.enums import Choix
from demarche.erreurs import ErreurMetier
from demarche.models import Rencontre
from demarche.permissions import exiger
from demarche.registre import registre
from demarche.services.electeurs import electeur_de
from demarche.services.votes import recuser, voter
from demarche.services.votes_comptes import CompteSalle
from demarche.views.formulaires import recevoir
from demarche.views.pages import auteur_de

from .demandes import lire_demande


def fiche(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the decision sheet, and to whoever is called to the ballot, the four answers."""
    demande = lire_demande(request, pk)
    exiger(permissions.peut_voir_fiche(request.user, demande))
    return _fiche(request, demande, None)


def _fiche(request: HttpRequest, demande: DemandeFonds, form: BulletinForm | None) -> HttpResponse:
    scrutin = demande.scrutin
    if scrutin is None:
        return redirect(demande)
    visiteur = auteur_de(request)
    electeur = electeur_de(scrutin, visiteur)
    recuse = electeur is not None and hasattr(electeur, "recusation")
    vote = getattr(electeur, "vote", None)
    if electeur is None or recuse or not scrutin.est_ouvert:
        form = None
    elif form is None:
        form = BulletinForm(initial={"choix": vote.choix, "commentaire": vote.commentaire} if vote else None)
    contexte = {
        "demande": demande,
        "scrutin": scrutin,
        "attribution": attribution_de(demande),
        "solde": solde_de(demande),
        "postes": demande.postes.all(),
        "pieces": demande.pieces.select_related("document"),
        "participations": participations(scrutin),
        "electeur": electeur,
        "recuse": recuse,
        "vote": vote,
        "en_cause": siege_en_cause(demande, electeur.siege) if electeur and electeur.siege else None,
        "form": form,
        "sections": registre.onglets_de("chantiers.fiche", visiteur, demande.action_collective),
    }
    return render(request, "chantiers/demande_fiche.html", contexte)


@require_POST
def voter_demande(request: HttpRequest, pk: int) -> HttpResponse:
    """Receive a vote or a recusal; a refused one keeps what was typed."""
    demande = lire_demande(request, pk)
    exiger(permissions.peut_voir_fiche(request.user, demande))
    scrutin = demande.scrutin
    form = BulletinForm(request.POST)
    if scrutin is None or not form.is_valid():
        return _fiche(request, demande, form)
    choix, commentaire = form.cleaned_data["choix"], form.cleaned_data["commentaire"]
    try:
        if choix == RECUSATION:
            recuser(scrutin.pk, auteur=auteur_de(request), motif=commentaire[:250])
            messages.success(request, "Votre récusation est notée. Vous voyez encore le dossier, sans y voter.")
        else:
            voter(scrutin.pk, auteur=auteur_de(request), choix=Choix(choix), commentaire=commentaire)
            messages.success(request, "Votre vote est enregistré. Vous pouvez le changer jusqu’à la clôture.")
    except ErreurMetier as erreur:
        messages.error(request, erreur.messages[0])
        return _fiche(request, lire_demande(request, pk), form)
    return redirect("chantiers:demande_fiche", pk=demande.pk)


def inscrire_assemblee(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the assemblée's decision with its count."""
    demande = lire_demande(request, pk)
    exiger(permissions.peut_inscrire_assemblee(request.user, demande))
    rencontres = Rencontre.objects.filter(
        instance_gouvernance=demande.instance_gouvernance,
        date__range=(timezone.localdate(demande.soumise_le), timezone.localdate()),
    )
    form = AssembleeForm(request.POST or None, soldes=soldes_utilisables(), rencontres=rencontres)

    def enregistrer() -> str:
        valeurs = dict(form.cleaned_data)
        compte = CompteSalle(**{n: valeurs.pop(n) for n in ("nb_presents", "nb_pour", "nb_contre", "nb_abstentions")})
        inscrire_decision_rencontre(demande.pk, auteur=auteur_de(request), compte=compte, **valeurs)
        return resolve_url(demande)

    reponse = recevoir(request, form, enregistrer, message="La décision de l’assemblée est inscrite au registre.")
    if reponse:
        return reponse
    contexte = {
        "demande": demande,
        "form": form,
        "attribution": attribution_de(demande),
        "restes": restes_apres(demande),
        "sans_rencontre": not rencontres.exists(),
    }
    return render(request, "chantiers/demande_assemblee.html", contexte)
