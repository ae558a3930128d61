"""Accounts: invite, give and end roles, close and open again. Nobody signs up alone."""

import datetime
from collections.abc import Collection

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from demarche.comptes.enums import Role
from demarche.comptes.models import RoleAttribue, Utilisateur
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.francais import ecrire_date
from demarche.socle.services.courriels import deposer_courriel
from demarche.socle.services.ecriture import signer, supprimer


@transaction.atomic
def inviter_compte(
    *,
    email: str,
    prenom: str,
    nom: str,
    auteur: Utilisateur | None,
    roles: Collection[str] = (),
    telephone: str = "",
    avec_courriel: bool = True,
) -> Utilisateur:
    """Create one account without password, give its roles from today, and invite the person by e-mail.

    Errors: ErreurMetier when an account has this address.
    """
    try:
        with transaction.atomic():
            compte = Utilisateur.objects.create_user(email.strip(), prenom=prenom, nom=nom, telephone=telephone)
    except IntegrityError as erreur:
        raise ErreurMetier("Un compte existe déjà avec ce courriel.", code="doublon") from erreur
    for role in roles:
        attribuer_role(compte, role=role, du=timezone.localdate(), auteur=auteur)
    if avec_courriel:
        envoyer_invitation(compte, auteur=auteur)
    return compte


@transaction.atomic
def envoyer_invitation(compte: Utilisateur, *, auteur: Utilisateur | None) -> None:
    """Tell one person by e-mail that their account is open and where to sign in."""
    if not compte.is_active:
        raise ErreurMetier("Ce compte est désactivé : réactivez-le avant d’inviter la personne.")
    deposer_courriel(
        destinataire=compte.email,
        sujet="Votre accès à l’espace de la démarche",
        gabarit="courriels/invitation.txt",
        contexte={"compte": compte, "auteur": auteur},
    )


@transaction.atomic
def modifier_compte(
    compte: Utilisateur, *, email: str, prenom: str, nom: str, telephone: str, auteur: Utilisateur
) -> Utilisateur:
    """Change the name or the address of one account; the old address is notified that it no longer signs in.

    Errors: ErreurMetier when another account has this address.
    """
    verrou = Utilisateur.objects.select_for_update(of=("self",)).get(pk=compte.pk)
    ancien, nouveau = verrou.email, email.strip().lower()
    verrou.prenom, verrou.nom, verrou.telephone, verrou.email = prenom, nom, telephone, nouveau
    if Utilisateur.objects.exclude(pk=verrou.pk).filter(email__iexact=nouveau).exists():
        raise ErreurMetier("Un compte existe déjà avec ce courriel.", code="doublon")
    signer(verrou, auteur, "Coordonnées modifiées").save()
    if ancien != nouveau:
        EmailAddress.objects.filter(user=verrou).delete()  # the old address must not sign in any more
        deposer_courriel(
            destinataire=ancien,
            sujet="Le courriel de votre compte a été changé",
            gabarit="courriels/courriel_change.txt",
            contexte={"compte": verrou, "auteur": auteur},
        )
    return verrou


@transaction.atomic
def attribuer_role(
    compte: Utilisateur,
    *,
    role: str,
    du: datetime.date,
    au: datetime.date | None = None,
    auteur: Utilisateur | None,
) -> RoleAttribue:
    """Give one role to one account from a day.

    Errors: ErreurMetier when the account has it on one of these days, gives it to itself, or would hold the
    administration technique beside a role or a seat that decides.
    """
    verrou = Utilisateur.objects.select_for_update(of=("self",)).get(pk=compte.pk)
    if verrou == auteur:
        raise ErreurMetier("On ne se donne pas un rôle à soi-même : demandez à une autre personne de le faire.")
    if not verrou.is_active:
        raise ErreurMetier("Ce compte est désactivé : réactivez-le d’abord.")
    if au is not None and au < du:
        raise ErreurMetier("La date de fin précède la date de début.")
    en_cours = verrou.roles_attribues.filter(Q(au__isnull=True) | Q(au__gte=du))
    if au is not None:
        en_cours = en_cours.filter(du__lte=au)
    if en_cours.filter(role=role).exists():
        raise ErreurMetier("Ce compte a déjà ce rôle à ces dates.")
    sieges = verrou.mandats.filter(Q(au__isnull=True) | Q(au__gte=du))
    if role == Role.ADMINISTRATEUR and (en_cours.exists() or sieges.exists()):
        raise ErreurMetier(
            "L’administration technique ne décide de rien : ce compte tient déjà un autre rôle ou un siège. "
            "Ouvrez-lui un second compte."
        )
    if role != Role.ADMINISTRATEUR and en_cours.filter(role=Role.ADMINISTRATEUR).exists():
        raise ErreurMetier("L’administration technique ne tient aucun autre rôle. Terminez d’abord ce rôle-là.")
    attribue = RoleAttribue(utilisateur=verrou, role=role, du=du, au=au)
    attribue.full_clean()
    attribue.save()
    return attribue


def exiger_autre_coordination(compte: Utilisateur) -> None:
    """Refuse to leave the démarche without anybody to coordinate it: every active coordination is locked, then read.

    Errors: ErreurMetier when no other active account coordinates for an indefinite time.
    """
    autres = (
        RoleAttribue.objects.select_for_update(of=("self",))
        .filter(role=Role.COORDONNATEUR, au__isnull=True, du__lte=timezone.localdate())
        .select_related("utilisateur")
        .order_by("pk")
    )
    if not any(autre.utilisateur_id != compte.pk and autre.utilisateur.is_active for autre in autres):
        raise ErreurMetier(
            "Cette personne est seule à la coordination. Donnez d’abord ce rôle à quelqu’un d’autre : "
            "sans coordination, plus personne ne pourrait ouvrir les réglages.",
            code="derniere_coordination",
        )


@transaction.atomic
def terminer_role(attribue: RoleAttribue, *, au: datetime.date, auteur: Utilisateur) -> RoleAttribue | None:
    """End one role on that day, included; a role that has not served yet is withdrawn (None).

    Errors: ErreurMetier for the last coordination, or when the last day precedes the first.
    """
    roles = RoleAttribue.objects.select_for_update(of=("self",)).select_related("utilisateur")
    verrou: RoleAttribue = roles.get(pk=attribue.pk)
    if verrou.au == au:
        return verrou
    if verrou.role == Role.COORDONNATEUR:
        exiger_autre_coordination(verrou.utilisateur)
    if verrou.au is not None and au > verrou.au:
        raise ErreurMetier(f"Ce rôle finit déjà le {ecrire_date(verrou.au)} : attribuez-le de nouveau.")
    if au < verrou.du:
        if verrou.du < timezone.localdate():
            raise ErreurMetier(f"Ce rôle commence le {ecrire_date(verrou.du)} : il ne peut pas finir avant.")
        supprimer(verrou, auteur=auteur, motif="Rôle retiré avant d’avoir servi")
        return None
    verrou.au = au
    signer(verrou, auteur, "Fin du rôle").save()
    return verrou


@transaction.atomic
def desactiver_compte(compte: Utilisateur, *, auteur: Utilisateur) -> Utilisateur:
    """Close one account: the person can no longer sign in, and is signed out at once.

    Errors: ErreurMetier for one's own account, the last coordination, or a person who holds a seat.
    """
    verrou = Utilisateur.objects.select_for_update(of=("self",)).get(pk=compte.pk)
    if not verrou.is_active:
        return verrou
    if verrou == auteur:
        raise ErreurMetier("On ne désactive pas son propre compte.")
    jour = timezone.localdate()
    mandat = verrou.mandats.filter(Q(au__isnull=True) | Q(au__gte=jour)).select_related("siege").first()
    if mandat:
        raise ErreurMetier(f"{verrou} tient le siège « {mandat.siege} » : terminez d’abord son mandat.")
    if verrou.roles_attribues.en_vigueur(jour).filter(role=Role.COORDONNATEUR).exists():
        exiger_autre_coordination(verrou)
    verrou.is_active = False
    signer(verrou, auteur, "Compte désactivé").save()
    return verrou


@transaction.atomic
def reactiver_compte(compte: Utilisateur, *, auteur: Utilisateur) -> Utilisateur:
    """Open one account again."""
    verrou = Utilisateur.objects.select_for_update(of=("self",)).get(pk=compte.pk)
    if verrou.is_active:
        return verrou
    verrou.is_active = True
    signer(verrou, auteur, "Compte réactivé").save()
    return verrou
