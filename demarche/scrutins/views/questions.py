"""What the team does with ballots: open a free question, record a phone answer, cancel."""

import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import est_coordonnateur, exiger
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.enums import MODES_A_DISTANCE
from demarche.gouvernance.models import InstanceGouvernance, Resolution
from demarche.gouvernance.phrases_regle import ecrire_regle
from demarche.scrutins.forms.scrutins import AnnulationForm, QuestionForm, TelephoneForm
from demarche.scrutins.models import Scrutin
from demarche.scrutins.permissions import peut_annuler_scrutin, peut_inscrire_au_telephone
from demarche.scrutins.protocoles import OBJETS
from demarche.scrutins.queries import qui_bloque
from demarche.scrutins.services.electeurs import electeur_de
from demarche.scrutins.services.questions import appeles_de, ouvrir_question
from demarche.scrutins.services.scrutins import annuler_scrutin
from demarche.scrutins.services.votes import inscrire_vote_telephone
from demarche.scrutins.views.scrutins import annoncer_ouverture, lire_scrutin
from demarche.socle.views.formulaires import save_form

INSCRITE = "La réponse est inscrite. La personne en reçoit la confirmation par courriel."
INSCRITE_SANS_ADRESSE = (
    "La réponse est inscrite. Nous n’avons pas de courriel pour cette personne : dites-lui vous-même ce que vous avez "
    "inscrit."
)


@require_http_methods(["GET", "HEAD", "POST"])
def scrutin_creer(request: HttpRequest) -> HttpResponse:
    """Open a free question: the instance first, then the text, beside the rule to be frozen and who will be called."""
    auteur = auteur_de(request)
    exiger(est_coordonnateur(auteur))
    corrige = resolution_a_corriger(request)
    instances = InstanceGouvernance.objects.filter(est_active=True, mode_decision__in=MODES_A_DISTANCE)
    if corrige is not None:
        instances = instances.filter(pk=corrige.instance_gouvernance_id)
    instance = instance_choisie(request, list(instances))
    if instance is None:
        return render(request, "scrutins/scrutin_instance.html", {"instances": instances, "corrige": corrige})
    initial = {
        "dernier_jour": timezone.localdate() + datetime.timedelta(days=instance.delai_jours),
        "question": f"Correction de la résolution {corrige.code}" if corrige else "",
    }
    form = QuestionForm(request.POST or None, initial=initial)
    reponse = save_form(
        request,
        form,
        lambda: ouvrir_question(**form.valeurs, instance_gouvernance=instance, corrige=corrige, auteur=auteur),
        to=OBJETS.page_du_scrutin,
        message=annoncer_ouverture,
    )
    if reponse:
        return reponse
    appeles = appeles_de(instance)
    contexte = {
        "form": form,
        "instance_gouvernance": instance,
        "corrige": corrige,
        "appeles": appeles,
        "regle": ecrire_regle(instance, nb_voix=len(appeles)),
    }
    return render(request, "scrutins/scrutin_formulaire.html", contexte)


def resolution_a_corriger(request: HttpRequest) -> Resolution | None:
    """Return the resolution of `?corrige=pk`; None without it, 404 when there is no such resolution."""
    pk = request.GET.get("corrige", "")
    if not pk:
        return None
    return get_object_or_404(
        Resolution.objects.select_related("instance_gouvernance"), pk=int(pk) if pk.isdecimal() else 0
    )


def instance_choisie(request: HttpRequest, instances: list[InstanceGouvernance]) -> InstanceGouvernance | None:
    """Return the instance of `?instance=pk` among these, the only one when there is one; None to let choose."""
    if len(instances) == 1:
        return instances[0]
    return next((i for i in instances if str(i.pk) == request.GET.get("instance")), None)


@require_http_methods(["GET", "HEAD", "POST"])
def scrutin_telephone(request: HttpRequest, pk: int) -> HttpResponse:
    """Record, for the team, an answer given by phone."""
    auteur = auteur_de(request)
    scrutin = lire_scrutin(request, pk)
    exiger(peut_inscrire_au_telephone(auteur, scrutin))
    page = OBJETS.page_du_scrutin(scrutin)
    if not scrutin.est_recevable:
        messages.error(request, "Ce scrutin ne reçoit plus de réponse.")
        return redirect(page)
    form = TelephoneForm(
        request.POST or None,
        scrutin=scrutin,
        voix=voix_au_telephone(scrutin, auteur),
        initial={"electeur": request.GET.get("electeur")},
    )
    reponse = save_form(
        request,
        form,
        lambda: inscrire_vote_telephone(scrutin.pk, **form.valeurs, auteur=auteur),
        to=page,
        message=lambda adresse: INSCRITE if adresse else INSCRITE_SANS_ADRESSE,
    )
    return reponse or render(
        request, "scrutins/scrutin_telephone.html", {"scrutin": scrutin, "form": form, "page": page}
    )


def voix_au_telephone(scrutin: Scrutin, auteur: Utilisateur) -> list[tuple[int, str]]:
    """Return the voices that may answer by phone, those still waited for first; not one's own, not those aside."""
    suivi, mienne = qui_bloque(scrutin), electeur_de(scrutin, auteur)
    restantes = [*suivi.sans_ouvrir, *suivi.sans_voter, *suivi.ont_vote]
    return [
        (ligne.electeur.pk, str(ligne) + (", a déjà répondu" if ligne.vote else ""))
        for ligne in restantes
        if ligne.peut_telephoner and ligne.electeur != mienne
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def scrutin_annuler(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel an open free ballot, with its reason; a request's ballot is cancelled from the request."""
    auteur = auteur_de(request)
    scrutin = lire_scrutin(request, pk)
    exiger(peut_annuler_scrutin(auteur, scrutin))
    page = OBJETS.page_du_scrutin(scrutin)
    form = AnnulationForm(request.POST or None)
    reponse = save_form(
        request,
        form,
        lambda: annuler_scrutin(scrutin.pk, motif=form.cleaned_data["motif"], auteur=auteur),
        to=page,
        message="Le scrutin est annulé, et les personnes appelées le savent.",
    )
    return reponse or render(
        request, "scrutins/scrutin_annuler.html", {"scrutin": scrutin, "form": form, "page": page}
    )
