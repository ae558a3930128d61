"""Pages of a fund request: the list, the request, its form, its attachments."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from chantiers import permissions
from chantiers.enums import EtatAction, EtatDemande
from chantiers.forms.demandes import DemandeForm, PieceForm, PosteFormSet
from chantiers.models import ActionCollective, DemandeFonds, PieceDemande
from chantiers.queries import date_promise, demandes_visibles, participations
from chantiers.services.demandes import (
    attribution_de,
    ce_qui_manque,
    enregistrer_demande,
    joindre_piece,
    retirer_demande,
    retirer_piece,
    soumettre_demande,
)
from demarche.erreurs import ErreurMetier
from demarche.permissions import est_equipe, exiger, peut_voir_decisions
from demarche.queries import exercice_choisi, historique_de
from demarche.services.scrutins import clore_si_echu
from demarche.views.formulaires import agir, donnees_de, recevoir
from demarche.views.pages import auteur_de
from demarche.views.pagination import page_de
from partenaires.models import Organisation
from partenaires.permissions import organisations_de


def lire_demande(request: HttpRequest, pk: int) -> DemandeFonds:
    """Return a request this person may see (404 when it does not exist or stays hidden), its overdue ballot closed."""
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
        ),
        pk=pk,
    )
    if not permissions.peut_voir_demande(request.user, demande):
        raise Http404
    scrutin = demande.scrutin
    if scrutin is not None and scrutin.est_ouvert and clore_si_echu(scrutin.pk):
        demande.refresh_from_db()
    return demande


def liste(request: HttpRequest) -> HttpResponse:
    """List the requests this person may see, filtered by state and exercice."""
    visiteur = auteur_de(request)
    demandes = demandes_visibles(
        visiteur,
        etats=permissions.etats_visibles(visiteur),
        organisations=[organisation.pk for organisation in organisations_de(visiteur)],
    )
    exiger(peut_voir_decisions(visiteur) or permissions.peut_demander(visiteur))
    etat = request.GET.get("etat", "")
    exercice = exercice_choisi(request.GET.get("exercice")) if request.GET.get("exercice") else None
    if etat in EtatDemande.values:
        demandes = demandes.filter(etat=etat)
    if exercice:
        demandes = demandes.filter(exercice=exercice)
    page, parametres = page_de(request, demandes)
    contexte = {
        "page": page,
        "parametres": parametres,
        "etats": EtatDemande.choices,
        "voit_tout": peut_voir_decisions(visiteur),
        "etat": etat,
        "exercice": exercice,
        "peut_demander": permissions.peut_demander(visiteur),
    }
    return render(request, "chantiers/demande_liste.html", contexte)


def _choix(visiteur: Any) -> dict[str, Any]:
    """Return the actions and the organisations a person may name in a request."""
    actions = ActionCollective.objects.filter(etat__in=[EtatAction.PREPARATION, EtatAction.EN_COURS])
    organisations = list(Organisation.objects.all()) if est_equipe(visiteur) else organisations_de(visiteur)
    return {"actions": actions.select_related("chantier"), "organisations": organisations}


def nouvelle(request: HttpRequest) -> HttpResponse:
    """Write a new request."""
    exiger(permissions.peut_demander(request.user))
    choix = _choix(request.user)
    initial = {"action_collective": request.GET.get("action"), "exercice": exercice_choisi(None)}
    if len(choix["organisations"]) == 1:
        initial["organisation"] = choix["organisations"][0]
    form = DemandeForm(request.POST or None, initial=initial, **choix)
    return _formulaire(request, form, None)


def modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    demande = lire_demande(request, pk)
    exiger(permissions.peut_modifier_demande(request.user, demande))
    form = DemandeForm(
        request.POST or None, instance=demande, initial={"version": demande.version}, **_choix(request.user)
    )
    return _formulaire(request, form, demande)


def _formulaire(request: HttpRequest, form: DemandeForm, demande: DemandeFonds | None) -> HttpResponse:
    """Show the form with its lines, or save both and go to the request."""
    if request.method == "POST":
        postes = PosteFormSet(request.POST, prefix="postes")
    else:
        lignes = [{"libelle": p.libelle, "montant": p.montant} for p in demande.postes.all()] if demande else []
        postes = PosteFormSet(initial=lignes, prefix="postes")

    def enregistrer() -> str:
        return enregistrer_demande(
            demande,
            auteur=auteur_de(request),
            postes=postes.postes(),
            version=form.cleaned_data["version"],
            **donnees_de(form),
        ).get_absolute_url()

    if request.method != "POST" or postes.is_valid():
        reponse = recevoir(
            request, form, enregistrer, message="Le brouillon est enregistré. Relisez-le, puis soumettez-le."
        )
        if reponse:
            return reponse
    contexte = {"form": form, "postes": postes, "demande": demande}
    return render(request, "chantiers/demande_formulaire.html", contexte)


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one request: where it stands, who decides and why, what it would pay."""
    return _detail(request, lire_demande(request, pk), PieceForm())


def _detail(request: HttpRequest, demande: DemandeFonds, piece_form: PieceForm) -> HttpResponse:
    brouillon = demande.etat == EtatDemande.BROUILLON
    scrutin = demande.scrutin
    try:
        attribution = attribution_de(demande)
    except ErreurMetier:
        attribution = None  # no rule in force: said by ce_qui_manque
    voit_tout = peut_voir_decisions(request.user)
    contexte = {
        "demande": demande,
        "etapes": etapes_de(demande),
        "date_promise": date_promise(demande),
        "attribution": attribution,
        "manque": ce_qui_manque(demande) if brouillon else [],
        "postes": demande.postes.all(),
        "pieces": demande.pieces.select_related("document"),
        "piece_form": piece_form if permissions.peut_modifier_demande(request.user, demande) else None,
        "scrutin": scrutin,
        "participations": participations(scrutin) if scrutin and voit_tout and scrutin.est_ouvert else [],
        "voit_tout": voit_tout,
        "voit_fiche": permissions.peut_voir_fiche(request.user, demande) and scrutin is not None,
        "peut_modifier": permissions.peut_modifier_demande(request.user, demande),
        "peut_retirer": permissions.peut_retirer_demande(request.user, demande),
        "peut_ouvrir": permissions.peut_ouvrir_deliberation(request.user, demande),
        "peut_decider": permissions.peut_decider_seul(request.user, demande),
        "peut_inscrire": permissions.peut_inscrire_assemblee(request.user, demande),
        "historique": historique_de(demande) if est_equipe(request.user) else [],
    }
    return render(request, "chantiers/demande_detail.html", contexte)


def etapes_de(demande: DemandeFonds) -> list[dict[str, Any]]:
    """Return the steps of a request for the component `etapes`, with their dates."""
    if demande.etat == EtatDemande.RETIREE:
        return [{"libelle": "Retirée", "etat": "fait", "date": None}]
    decidee = demande.decidee_le is not None
    deliberation = demande.etat == EtatDemande.EN_DELIBERATION
    return [
        {
            "libelle": "Rédigée",
            "etat": "courant" if demande.etat == EtatDemande.BROUILLON else "fait",
            "date": None,
        },
        {
            "libelle": "Reçue",
            "etat": "courant" if demande.etat == EtatDemande.SOUMISE else "fait" if demande.soumise_le else "a_faire",
            "date": demande.soumise_le,
        },
        {
            "libelle": "En décision",
            "etat": "courant" if deliberation else "fait" if decidee else "a_faire",
            "date": None,
        },
        {
            "libelle": demande.libelle_public if decidee else "Décidée",
            "etat": "fait" if decidee else "a_faire",
            "date": demande.decidee_le,
        },
    ]


@require_POST
def soumettre(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a draft to the instance that decides."""
    demande = lire_demande(request, pk)
    exiger(permissions.a_depose(request.user, demande) or est_equipe(request.user))
    agir(
        request,
        lambda: soumettre_demande(demande.pk, auteur=auteur_de(request)),
        message=lambda: f"La demande est soumise. Elle relève de : {lire_demande(request, pk).instance_gouvernance}.",
    )
    return redirect(demande)


@require_POST
def retirer(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a request before its decision."""
    demande = lire_demande(request, pk)
    exiger(permissions.peut_retirer_demande(request.user, demande) or demande.etat == EtatDemande.RETIREE)
    agir(request, lambda: retirer_demande(demande.pk, auteur=auteur_de(request)), message="La demande est retirée.")
    return redirect(demande)


@require_POST
def ajouter_piece(request: HttpRequest, pk: int) -> HttpResponse:
    """Attach one file to a draft."""
    demande = lire_demande(request, pk)
    exiger(permissions.peut_modifier_demande(request.user, demande))
    form = PieceForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            joindre_piece(demande, auteur=auteur_de(request), **form.cleaned_data)
        except ErreurMetier as erreur:
            form.add_error(None, erreur)
        else:
            messages.success(request, "Le document est joint à la demande.")
            return redirect(demande)
    return _detail(request, demande, form)


@require_POST
def enlever_piece(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponse:
    """Detach one file from a draft."""
    demande = lire_demande(request, pk)
    exiger(permissions.peut_modifier_demande(request.user, demande))
    retirer_piece(get_object_or_404(PieceDemande, pk=piece_pk, demande=demande))
    messages.success(request, "Le document n’est plus joint à la demande.")
    return redirect(demande)
