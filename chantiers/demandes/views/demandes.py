"""Pages of a fund request: the list, the request, its submission and withdrawal."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from chantiers.demandes.enums import EN_ATTENTE, FIGEES, LIBELLE_PUBLIC_DEMANDE, EtatDemande
from chantiers.demandes.forms.redaction import PieceForm, RetraitForm
from chantiers.demandes.models import DemandeFonds, PrecisionDemande
from chantiers.demandes.permissions import (
    a_depose,
    demandes_appelees,
    etats_visibles,
    intervient,
    peut_decider_seul,
    peut_demander,
    peut_interroger,
    peut_lire_lettre,
    peut_modifier_demande,
    peut_ouvrir_deliberation,
    peut_porter_en_rencontre,
    peut_repondre,
    peut_retirer_demande,
    peut_soumettre_demande,
    peut_voir_demande,
    peut_voir_fiche,
    peut_voir_pieces,
)
from chantiers.demandes.queries.decisions import commentaires_de
from chantiers.demandes.queries.deliberations import a_enteriner, point_en_attente
from chantiers.demandes.queries.demandes import (
    ce_qui_manque,
    date_promise,
    date_si_soumise,
    dates_promises,
    demandes_visibles,
)
from chantiers.demandes.queries.redaction import cout_total
from chantiers.demandes.queries.regles import (
    Attribution,
    attribution_de,
    cumuls_de,
    demandes_du_porteur,
    total_du_jour,
)
from chantiers.demandes.services.demandes import soumettre_demande
from chantiers.demandes.services.redaction import ce_que_modifier_annule, retirer_demande
from demarche.comptes.permissions import Visiteur, est_equipe, exiger
from demarche.comptes.protocoles import PAGES
from demarche.comptes.views.acces import auteur_de, personne_connectee
from demarche.gouvernance.permissions import peut_voir_decisions
from demarche.gouvernance.phrases_regle import ecrire_regle
from demarche.gouvernance.queries.demarche import exercice_choisi
from demarche.gouvernance.queries.gouvernance import noms_des_decideurs
from demarche.scrutins.models import Scrutin
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.queries.historique import historique_de
from demarche.socle.views.formulaires import run_verb
from demarche.socle.views.pagination import page_de
from partenaires.models import Organisation
from partenaires.permissions import organisations_de

RECUES = frozenset({EtatDemande.SOUMISE, EtatDemande.PRECISIONS, EtatDemande.EXPIREE})
SANS_INSTANCE = frozenset({EtatDemande.RETIREE, EtatDemande.EXPIREE})  # nobody decides on it
A_SOUMETTRE = frozenset({EtatDemande.BROUILLON, EtatDemande.EXPIREE})
LONGUEUR_CLE = 18  # longer, it is no key of ours


def lire_demande(request: HttpRequest, pk: int) -> DemandeFonds:
    """Return a request this person may see (404 when it does not exist or stays hidden)."""
    demande = get_object_or_404(
        DemandeFonds.objects.select_related(
            "action_collective__chantier",
            "organisation",
            "demandeur",
            "instance_gouvernance",
            "exercice",
            "regle",
            "enveloppe",
            "resolution",
            "ligne_budgetaire",
        ),
        pk=pk,
    )
    if not peut_voir_demande(request.user, demande):
        raise Http404
    return demande


@require_safe
def demande_liste(request: HttpRequest) -> HttpResponse:
    """List the requests this person may see, filtered by state, exercice and porteur."""
    visiteur = auteur_de(request)
    exiger(peut_voir_decisions(visiteur) or peut_demander(visiteur))
    demandes = demandes_visibles(
        visiteur,
        etats=etats_visibles(visiteur),
        organisations=[organisation.pk for organisation in organisations_de(visiteur)],
        appelees=demandes_appelees(visiteur),
    )
    voit_tout = peut_voir_decisions(visiteur)
    etat = request.GET.get("etat", "")
    exercice = exercice_choisi(request.GET.get("exercice")) if request.GET.get("exercice") else None
    porteur = porteur_choisi(request.GET.get("porteur", "")) if voit_tout else None
    if etat in EtatDemande.values:
        demandes = demandes.filter(etat=etat)
    if exercice:
        demandes = demandes.filter(exercice=exercice)
    if porteur:
        demandes = demandes_du_porteur(porteur.pk, demandes)
    tri = request.GET.get("tri") == "echeance"
    page, parametres = page_de(request, _par_date(demandes) if tri else demandes)
    dates = dates_promises(page)
    cumuls = cumuls_de(page.object_list) if voit_tout else {}
    contexte = {
        "page": page,
        "lignes": [(demande, cumuls.get(demande.pk), dates.get(demande.pk)) for demande in page.object_list],
        "parametres": parametres,
        "etats": choix_etats(voit_tout=voit_tout),
        "tri": tri,
        "voit_tout": voit_tout,
        "etat": etat,
        "exercice": exercice,
        "porteur": porteur,
        "peut_demander": peut_demander(visiteur),
    }
    return render(request, "demandes/demande_liste.html", contexte)


def _par_date(demandes: QuerySet[DemandeFonds]) -> list[DemandeFonds]:
    """Return those that wait, the nearest promised day first, those without a day last."""
    attendues = list(demandes.filter(etat__in=EN_ATTENTE))
    dates = dates_promises(attendues)
    return sorted(attendues, key=lambda demande: (dates.get(demande.pk, datetime.date.max), demande.pk))


def porteur_choisi(valeur: str) -> Organisation | None:
    """Return the organisation whose requests of the last twelve months are asked for."""
    if not valeur.isdecimal() or len(valeur) > LONGUEUR_CLE:
        return None
    return Organisation.objects.filter(pk=int(valeur)).first()


def choix_etats(*, voit_tout: bool) -> list[tuple[str, str]]:
    """Return the states to filter on, as this person reads them."""
    return [(etat.value, etat.label if voit_tout else LIBELLE_PUBLIC_DEMANDE[etat]) for etat in EtatDemande]


@require_safe
def demande_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one request: where it stands, who decides and why, what it would pay."""
    return montrer(request, lire_demande(request, pk), PieceForm())


def montrer(request: HttpRequest, demande: DemandeFonds, piece_form: PieceForm) -> HttpResponse:
    """Show the page of a request with this form for its attachments."""
    voit_tout = peut_voir_decisions(request.user)
    scrutin, question = demande.scrutin, demande.question_sans_reponse
    deja = point_en_attente(demande) if demande.etat == EtatDemande.SOUMISE else None
    dans_le_dossier = voit_tout or a_depose(request.user, demande)  # what was asked is not for everybody
    attribution = attribution_lisible(demande, voit_tout=voit_tout)
    brouillon = demande.etat == EtatDemande.BROUILLON
    contexte = {
        "demande": demande,
        "etapes": etapes_de(demande, question),
        "date_promise": date_promise(demande),
        "attribution": attribution,
        "total_du_jour": total_du_jour(demande) if demande.etat in FIGEES else None,
        "date_si_soumise": date_si_soumise(attribution.instance) if attribution and brouillon else None,
        "decideur": noms_des_decideurs()[attribution.instance] if attribution else "",
        "regle": ecrire_regle(demande.instance_gouvernance) if demande.instance_gouvernance else None,
        "manque": ce_qui_manque(demande) if demande.etat in A_SOUMETTRE else [],
        "postes": demande.postes.all(),
        "concernees": demande.concernees.select_related("organisation"),
        "cout": cout_total(demande),
        "cumul": cumuls_de([demande]).get(demande.pk) if voit_tout else None,
        "precisions": demande.precisions.select_related("posee_par") if dans_le_dossier else [],
        "commentaires": commentaires_de(demande) if dans_le_dossier else [],
        "question": question,
        "deja": deja,
        "pieces": demande.pieces.select_related("document"),
        "retrait_form": RetraitForm(),
        "intervient": intervient(request.user, demande),
        "piece_form": piece_form,
        "scrutin": scrutin,
        "voit_tout": voit_tout,
        "voit_demandeur": dans_le_dossier,
        "annule": ce_que_modifier_annule(demande),
        "sections": PAGES.sections_de("demandes.demande", personne_connectee(request), demande),
        "historique": historique_de(demande) if est_equipe(request.user) else [],
        **droits_sur(request.user, demande, scrutin),
    }
    return render(request, "demandes/demande_detail.html", contexte)


def droits_sur(visiteur: Visiteur, demande: DemandeFonds, scrutin: Scrutin | None) -> dict[str, bool]:
    """Return what this person may do with a request now, by the name the page gives it."""
    # An adopted consultation waits for its ratification: nothing changes meanwhile.
    fige = a_enteriner(demande)
    repond = peut_repondre(visiteur, demande)
    modifie = peut_modifier_demande(visiteur, demande) and not fige
    return {
        "voit_pieces": peut_voir_pieces(visiteur, demande),
        "voit_fiche": peut_voir_fiche(visiteur, demande) and scrutin is not None,
        "peut_modifier": modifie,
        "peut_joindre": modifie and demande.etat != EtatDemande.EN_DELIBERATION,
        "peut_retirer": peut_retirer_demande(visiteur, demande) and not fige,
        "peut_interroger": peut_interroger(visiteur, demande),
        "peut_repondre": repond,
        "repond_pour": repond and not a_depose(visiteur, demande),
        "peut_ouvrir": peut_ouvrir_deliberation(visiteur, demande),
        "peut_porter": peut_porter_en_rencontre(visiteur, demande),
        "peut_decider": peut_decider_seul(visiteur, demande),
        "peut_lire_lettre": peut_lire_lettre(visiteur, demande),
        "fige": fige,
    }


def attribution_lisible(demande: DemandeFonds, *, voit_tout: bool) -> Attribution | None:
    """Return who decides and why, the other requests without their titles for whoever may not read them.

    None when nobody decides, when no rule is in force, and when the total of today is no longer the one that named the
    instance of a ballot or of a decision.
    """
    if demande.etat in SANS_INSTANCE:
        return None
    try:
        attribution = attribution_de(demande)
    except ErreurMetier:
        return None  # no rule in force: said by ce_qui_manque
    if demande.etat in FIGEES and attribution.total != demande.total_action:
        return None
    return attribution if voit_tout else attribution.anonyme()


def etapes_de(demande: DemandeFonds, question: PrecisionDemande | None) -> list[dict[str, Any]]:
    """Return the steps of a request for the component `etapes`, with their dates; `question`, the one unanswered."""
    if demande.etat == EtatDemande.RETIREE:
        return [{"libelle": "Retirée", "etat": "fait", "date": None}]
    decidee = demande.decidee_le is not None
    recue, date = "Reçue", timezone.localdate(demande.soumise_le) if demande.soumise_le else None
    if question is not None and demande.etat == EtatDemande.PRECISIONS:
        recue, date = "Réponse attendue avant la fin du", question.avant_le
    elif question is not None and demande.etat == EtatDemande.EXPIREE:
        recue, date = "Expirée, faute de réponse", question.avant_le + datetime.timedelta(days=1)
    etapes = [
        ("Rédigée", demande.etat == EtatDemande.BROUILLON, True, None),
        (recue, demande.etat in RECUES, demande.soumise_le is not None, date),
        ("En décision", demande.etat == EtatDemande.EN_DELIBERATION, decidee, None),
        (demande.libelle_public if decidee else "Décidée", False, decidee, demande.decidee_le),
    ]
    return [
        {"libelle": libelle, "etat": "courant" if courant else "fait" if fait else "a_faire", "date": date}
        for libelle, courant, fait, date in etapes
    ]


@require_POST
def demande_soumettre(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a draft to the instance that decides."""
    demande = lire_demande(request, pk)
    exiger(peut_soumettre_demande(request.user, demande))
    run_verb(
        request,
        lambda: soumettre_demande(demande.pk, auteur=auteur_de(request)),
        message=lambda _: (
            f"La demande est soumise. Elle relève de : {lire_demande(request, pk).instance_gouvernance}."
        ),
    )
    return redirect(demande)


@require_POST
def demande_retirer(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a request before its decision."""
    demande = lire_demande(request, pk)
    exiger(peut_retirer_demande(request.user, demande) or demande.etat == EtatDemande.RETIREE)
    form = RetraitForm(request.POST)
    mot = form.cleaned_data["mot"] if form.is_valid() else ""
    annule = ce_que_modifier_annule(demande)
    run_verb(
        request,
        lambda: retirer_demande(demande.pk, auteur=auteur_de(request), mot=mot),
        message=f"La demande est retirée{', et le scrutin en cours est annulé' if annule else ''}.",
    )
    return redirect(demande)
