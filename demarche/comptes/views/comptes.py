"""Accounts: list, page, invitation, roles, closing; and the passwords that do not exist."""

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from demarche.comptes.forms.comptes import CompteForm, FinForm, InvitationForm, RechercheForm, RoleForm
from demarche.comptes.models import RoleAttribue, Utilisateur
from demarche.comptes.permissions import exiger, peut_gerer_reglages
from demarche.comptes.protocoles import PAGES
from demarche.comptes.services import comptes as verbes
from demarche.comptes.views.acces import auteur_de
from demarche.socle.queries.historique import historique_de
from demarche.socle.views.formulaires import donnees_de, run_verb, save_form
from demarche.socle.views.pagination import page_de


def gestionnaire(request: HttpRequest) -> Utilisateur:
    """Return the account signed in; stop with a 403 page unless it manages the settings."""
    exiger(peut_gerer_reglages(auteur := auteur_de(request)))
    return auteur


@require_safe
def compte_liste(request: HttpRequest) -> HttpResponse:
    """Show the accounts with their roles and seats of today."""
    gestionnaire(request)
    jour = timezone.localdate()
    recherche = RechercheForm(request.GET)
    recherche.is_valid()
    etat, q = recherche.cleaned_data.get("etat", ""), recherche.cleaned_data.get("q", "")
    liste = Utilisateur.objects.prefetch_related(
        Prefetch("roles_attribues", RoleAttribue.objects.en_vigueur(jour), to_attr="roles_du_jour"),
    )
    if etat != "tous":
        liste = liste.filter(is_active=etat != "desactives")
    for mot in q.split():
        liste = liste.filter(Q(prenom__icontains=mot) | Q(nom__icontains=mot) | Q(email__icontains=mot))
    page, parametres = page_de(request, liste)
    sieges = PAGES.sieges_de(list(page))
    page.object_list = [(compte, sieges[compte.pk]) for compte in page]
    contexte = {"recherche": recherche, "page": page, "parametres": parametres}
    return render(request, "comptes/compte_liste.html", contexte)


@require_safe
def compte_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one account: its roles, its seats, what can be done."""
    gestionnaire(request)
    return page_compte(request, get_object_or_404(Utilisateur, pk=pk), RoleForm())


def page_compte(request: HttpRequest, compte: Utilisateur, form: RoleForm, status: int = 200) -> HttpResponse:
    """Show one account with the form of a new role."""
    contexte = {
        "compte": compte,
        "roles": compte.roles_attribues.order_by("-du", "role"),
        "sections": PAGES.sections_de("comptes.compte", auteur_de(request), compte),
        "qualites": PAGES.qualites_de(compte),
        "form": form,
        "est_soi": compte == auteur_de(request),
        "jour": timezone.localdate(),
        "historique": historique_de(compte),
    }
    return render(request, "comptes/compte_detail.html", contexte, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def compte_inviter(request: HttpRequest) -> HttpResponse:
    """Let a person be invited: the account is made, the e-mail leaves."""
    auteur = gestionnaire(request)
    form = InvitationForm(request.POST or None)
    reponse = save_form(
        request,
        form,
        lambda: verbes.inviter_compte(**donnees_de(form), auteur=auteur),
        message=f"L’invitation est partie à {request.POST.get('email', '')}.",
    )
    return reponse or render(request, "comptes/compte_formulaire.html", {"form": form, "compte": None})


@require_http_methods(["GET", "HEAD", "POST"])
def compte_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the name or the address of an account be corrected."""
    auteur, compte = gestionnaire(request), get_object_or_404(Utilisateur, pk=pk)
    # The form writes on its own copy: a refused name must not show in the title.
    form = CompteForm(request.POST or None, instance=get_object_or_404(Utilisateur, pk=pk))
    reponse = save_form(
        request,
        form,
        lambda: verbes.modifier_compte(compte, **form.cleaned_data, auteur=auteur) if form.has_changed() else compte,
        message="Les coordonnées sont à jour.",
    )
    return reponse or render(request, "comptes/compte_formulaire.html", {"form": form, "compte": compte})


@require_POST
def role_attribuer(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role to an account."""
    auteur, compte = gestionnaire(request), get_object_or_404(Utilisateur, pk=pk)
    form = RoleForm(request.POST)
    reponse = save_form(
        request,
        form,
        lambda: verbes.attribuer_role(compte, **donnees_de(form), auteur=auteur),
        to=compte,
        message="Le rôle est attribué.",
    )
    return reponse or page_compte(request, compte, form)


@require_http_methods(["GET", "HEAD", "POST"])
def role_terminer(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a role end on a day; the last coordination cannot."""
    auteur = gestionnaire(request)
    attribue = get_object_or_404(RoleAttribue.objects.select_related("utilisateur"), pk=pk)
    form = FinForm(request.POST or None)
    form.fields["au"].help_text = "Le rôle vaut encore ce jour-là. Pour un effet immédiat, inscrivez la date d’hier."
    reponse = save_form(
        request,
        form,
        lambda: verbes.terminer_role(attribue, au=form.cleaned_data["au"], auteur=auteur),
        to=attribue.utilisateur,
        message="La fin du rôle est inscrite.",
    )
    return reponse or render(request, "comptes/role_fin.html", {"form": form, "attribue": attribue})


@require_POST
def compte_desactiver(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account."""
    auteur, compte = gestionnaire(request), get_object_or_404(Utilisateur, pk=pk)
    run_verb(
        request,
        lambda: verbes.desactiver_compte(compte, auteur=auteur),
        message=f"Le compte de {compte} est désactivé.",
    )
    return redirect(compte)


@require_POST
def compte_reactiver(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an account again."""
    auteur = gestionnaire(request)
    compte = verbes.reactiver_compte(get_object_or_404(Utilisateur, pk=pk), auteur=auteur)
    messages.success(request, f"Le compte de {compte} est réactivé.")
    return redirect(compte)


@require_POST
def compte_reinviter(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the invitation again."""
    auteur, compte = gestionnaire(request), get_object_or_404(Utilisateur, pk=pk)
    run_verb(
        request,
        lambda: verbes.envoyer_invitation(compte, auteur=auteur),
        message=f"L’invitation est repartie à {compte.email}.",
    )
    return redirect(compte)


@require_http_methods(["GET", "HEAD", "POST"])
def sans_mot_de_passe(request: HttpRequest, reste: str = "") -> HttpResponse:
    """Lead every address of passwords elsewhere: there is none here, and none can be set."""
    messages.info(request, "Ici, il n’y a pas de mot de passe : un code vous est envoyé par courriel.")
    return redirect("mfa_index")


@require_http_methods(["GET", "HEAD", "POST"])
def courriel_du_compte(request: HttpRequest) -> HttpResponse:
    """Say who changes the address of an account: it is how a seat is known, so never its holder alone."""
    messages.info(request, "Pour changer votre courriel, écrivez à la coordination : elle le fait avec vous.")
    return redirect("mfa_index")
