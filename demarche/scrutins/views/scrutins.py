"""Ballots: the list, the page where one is read, the answer, a new question."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from demarche.comptes.connexions import connexion_recente
from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import est_coordonnateur, est_equipe, exiger
from demarche.comptes.protocoles import PAGES
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.defauts import RAPPEL_AVANT
from demarche.gouvernance.enums import Choix
from demarche.gouvernance.models import Resolution
from demarche.gouvernance.permissions import peut_voir_decisions
from demarche.gouvernance.phrases_regle import MAJORITES
from demarche.gouvernance.queries.reglages import valeur_de
from demarche.scrutins.enums import Empechement, EtatScrutin
from demarche.scrutins.forms.scrutins import RECUSATION, BulletinForm, libelle_reponse
from demarche.scrutins.models import Electeur, Recusation, Scrutin, Vote
from demarche.scrutins.permissions import peut_annuler_scrutin, peut_inscrire_au_telephone
from demarche.scrutins.protocoles import OBJETS
from demarche.scrutins.queries import (
    GroupeParticipations,
    QuiBloque,
    decompte_en_cours,
    electeurs_du_scrutin,
    groupes_de_participations,
    qui_bloque,
    scrutins_comptes,
    voix_en_attente,
    votes_au_telephone,
)
from demarche.scrutins.reponses_gardees import (
    ReponseGardee,
    garder_reponse,
    oublier_reponse,
    redemander_connexion,
    reponse_gardee,
    signer_feuille,
)
from demarche.scrutins.services.electeurs import electeur_de, noter_consultation
from demarche.scrutins.services.rappels import rappel_prevu
from demarche.scrutins.services.votes import empechement_de, recuser, voter
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.francais import compter
from demarche.socle.views.pagination import page_de

ANCRE = "#votre-vote"


def lire_scrutin(request: HttpRequest, pk: int) -> Scrutin:
    """Return a ballot this person may see (404: none, or hidden from them)."""
    utilisateur = auteur_de(request)
    scrutin = get_object_or_404(
        Scrutin.objects.select_related("instance_gouvernance", "rencontre", "corrige", "ouvert_par"), pk=pk
    )
    if not peut_voir_decisions(utilisateur) and electeur_de(scrutin, utilisateur) is None:
        raise Http404
    return scrutin


def annoncer_ouverture(scrutin: Scrutin) -> str:
    """Return what to say of a ballot just opened: how many e-mails leave, how many voices have no account for one."""
    appelees = scrutin.electeurs.filter(recusation=None)
    nb_courriels = appelees.filter(utilisateur__isnull=False).count()
    nb_sans_compte = appelees.filter(utilisateur__isnull=True).count()
    parti = f"{compter(nb_courriels, 'courriel')} {'partent' if nb_courriels > 1 else 'part'}"
    if not nb_sans_compte:
        return f"Le scrutin est ouvert\u00a0: {parti}, un par personne appelée."
    voix = f"{nb_sans_compte}\u00a0voix {'n’ont' if nb_sans_compte > 1 else 'n’a'} pas de compte"
    return f"Le scrutin est ouvert\u00a0: {parti}. {voix}\u00a0: prenez leur vote au téléphone."


@require_safe
def scrutin_liste(request: HttpRequest) -> HttpResponse:
    """List the ballots, the open ones first, to those who see the decisions."""
    exiger(peut_voir_decisions(auteur_de(request)))
    ouverts = list(scrutins_comptes(Scrutin.objects.ouverts()).order_by("echeance", "pk"))
    autres = scrutins_comptes(Scrutin.objects.exclude(etat=EtatScrutin.OUVERT)).order_by("-ouvert_le", "-pk")
    page, parametres = page_de(request, autres)
    pages = OBJETS.pages_des_scrutins([*ouverts, *page])
    contexte = {
        "ouverts": [(scrutin, pages[scrutin.pk]) for scrutin in ouverts],
        "passes": [(scrutin, pages[scrutin.pk]) for scrutin in page],
        "page": page,
        "parametres": parametres,
        "a_repondre": {voix.scrutin_id for voix in voix_en_attente(auteur_de(request))},
        "peut_ouvrir": est_coordonnateur(request.user),
    }
    return render(request, "scrutins/scrutin_liste.html", contexte)


@require_safe
def scrutin_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one ballot, with the form to the person called; a ballot with a page of its own leads there."""
    scrutin = lire_scrutin(request, pk)
    adresse = OBJETS.page_du_scrutin(scrutin)
    if adresse != request.path:
        return redirect(adresse)
    page = page_du_scrutin(request, scrutin, electeur_de(scrutin, auteur_de(request)))
    return render(request, "scrutins/scrutin_detail.html", {"page": page})


@dataclass(frozen=True)
class VoixDuVisiteur:
    """The voice this person has in a ballot: the answer given, the form, or why there is none."""

    electeur: Electeur
    vote: Vote | None  # this person's own
    vote_libelle: str
    vote_autre: Vote | None  # by a colleague of the partner, or who held the seat before
    empechement: Empechement | None
    recusation: Recusation | None
    gardee: ReponseGardee | None
    form: BulletinForm | None
    feuille: str  # sealed, for whom the form is shown


@dataclass(frozen=True)
class Permis:
    """What this person may do on the page of a ballot."""

    voir_decisions: bool
    telephoner: bool
    annuler: bool


@dataclass(frozen=True)
class PageScrutin:
    """What the page of one ballot shows to one person: of the choices, only their own while it is open (R5)."""

    scrutin: Scrutin
    recevable: bool
    permis: Permis
    voix: VoixDuVisiteur | None
    groupes: list[GroupeParticipations]
    nb_appeles: int
    nb_participants: int
    quorum: int
    majorite: str
    telephones: Iterable[Vote]  # for the team, once closed
    suivi: QuiBloque | None  # for the team, while open
    rappel_heures: int | None  # None: no reminder leaves
    sections: list[tuple[str, str, dict[str, Any]]]
    suites: list[tuple[str, str, dict[str, Any]]]
    resolution: Resolution | None


def page_du_scrutin(request: HttpRequest, scrutin: Scrutin, electeur: Electeur | None) -> PageScrutin:
    """Return what `scrutins/_scrutin_*.html` show of a ballot; electeur: the voice this person has there today."""
    visiteur = auteur_de(request)
    recevable, equipe = scrutin.est_recevable, est_equipe(visiteur)
    voix = voix_du_visiteur(request, scrutin, electeur, recevable=recevable) if electeur else None
    electeurs = electeurs_du_scrutin(scrutin)
    decompte = decompte_en_cours(scrutin, electeurs) if scrutin.est_ouvert else scrutin.decompte
    return PageScrutin(
        scrutin=scrutin,
        recevable=recevable,
        permis=Permis(
            voir_decisions=peut_voir_decisions(visiteur),
            telephoner=recevable and peut_inscrire_au_telephone(visiteur, scrutin),
            annuler=scrutin.est_ouvert and peut_annuler_scrutin(visiteur, scrutin),
        ),
        voix=voix,
        groupes=groupes_de_participations(scrutin, electeurs),
        nb_appeles=decompte.nb_appeles,
        nb_participants=decompte.nb_participants,
        quorum=decompte.quorum,
        majorite=MAJORITES[scrutin.regle.majorite],
        telephones=votes_au_telephone(scrutin) if equipe and not recevable else (),
        suivi=qui_bloque(scrutin) if equipe and recevable else None,
        rappel_heures=valeur_de(RAPPEL_AVANT) if equipe and recevable and rappel_prevu(scrutin) else None,
        sections=PAGES.sections_de("scrutins.scrutin", visiteur, scrutin),
        suites=PAGES.sections_de("scrutins.resultat", visiteur, scrutin),
        resolution=Resolution.objects.filter(scrutin=scrutin).first(),
    )


def voix_du_visiteur(request: HttpRequest, scrutin: Scrutin, electeur: Electeur, *, recevable: bool) -> VoixDuVisiteur:
    """Return the voice of this person, noting that they have read the ballot while it takes answers."""
    visiteur = auteur_de(request)
    if recevable and not electeur.est_consulte_par(visiteur):
        noter_consultation(electeur, par=visiteur)
    donne = getattr(electeur, "vote", None)
    vote = donne if donne is not None and donne.utilisateur_id == visiteur.pk else None
    empechement = empechement_de(scrutin, electeur, visiteur)
    gardee = reponse_gardee(request, visiteur, scrutin.pk)
    return VoixDuVisiteur(
        electeur=electeur,
        vote=vote,
        vote_libelle=libelle_reponse(scrutin, vote.choix) if vote else "",
        vote_autre=donne if vote is None else None,
        empechement=empechement,
        recusation=getattr(electeur, "recusation", None),
        gardee=gardee,
        form=formulaire_de(scrutin, vote, gardee) if recevable and not empechement else None,
        feuille=signer_feuille(visiteur, scrutin.pk),
    )


def formulaire_de(scrutin: Scrutin, vote: Vote | None, gardee: ReponseGardee | None) -> BulletinForm:
    """Return the form of an answer: what was typed and not counted, else the answer already given."""
    if gardee is not None:
        donnees = {"choix": gardee.choix, "commentaire": gardee.commentaire}
        return (
            BulletinForm(donnees, scrutin=scrutin)
            if gardee.est_refusee
            else BulletinForm(initial=donnees, scrutin=scrutin)
        )
    initial = {"choix": vote.choix, "commentaire": vote.commentaire} if vote else None
    return BulletinForm(initial=initial, scrutin=scrutin)


@require_http_methods(["GET", "HEAD", "POST"])
def scrutin_voter(request: HttpRequest, pk: int) -> HttpResponse:
    """Receive an answer or a recusal; what is not counted stays on the page, with why.

    A GET, which a sign-in asked on the way makes, leads to the page.
    """
    scrutin = lire_scrutin(request, pk)
    page = OBJETS.page_du_scrutin(scrutin)
    if request.method != "POST":
        return redirect(page + ANCRE)
    auteur = auteur_de(request)
    form = BulletinForm(request.POST, scrutin=scrutin)
    choix, commentaire = request.POST.get("choix", ""), request.POST.get("commentaire", "")
    if not form.is_valid():
        garder_reponse(request, auteur, pk, ReponseGardee(choix, commentaire, est_refusee=True))
        return redirect(page + ANCRE)
    if not connexion_recente(request, auteur):
        garder_reponse(request, auteur, pk, ReponseGardee(choix, commentaire, est_refusee=False))
        messages.info(request, "Pour répondre, confirmez que c’est bien vous. Votre réponse est gardée.")
        return redemander_connexion(request, auteur, suite=page + ANCRE)
    try:
        phrase = repondre(scrutin, auteur, form)
    except ErreurMetier as erreur:
        garder_reponse(request, auteur, pk, ReponseGardee(choix, commentaire, est_refusee=True))
        messages.error(request, erreur.messages[0])
    else:
        oublier_reponse(request, pk)
        messages.success(request, phrase)
    return redirect(page)


def repondre(scrutin: Scrutin, auteur: Utilisateur, form: BulletinForm) -> str:
    """Write the answer of a valid form, and return what to say."""
    choix, commentaire = form.cleaned_data["choix"], form.cleaned_data["commentaire"]
    if choix == RECUSATION:
        recuser(scrutin.pk, auteur=auteur, motif=commentaire[:250])
        return "Votre récusation est notée. Vous voyez encore le dossier, sans y voter."
    voter(scrutin.pk, auteur=auteur, choix=Choix(choix), commentaire=commentaire)
    scrutin.refresh_from_db(fields=["etat"])
    enregistre = f"Votre vote est enregistré : {libelle_reponse(scrutin, choix)}."
    if not scrutin.est_ouvert:
        return f"{enregistre} C’était le dernier attendu : le scrutin est clos."
    return f"{enregistre} Vous pouvez le changer jusqu’à la clôture."
