"""Accounts for the people of the partners."""

from django.db import transaction

from demarche.comptes.models import Utilisateur
from demarche.comptes.services.comptes import inviter_compte
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.ecriture import enregistrer
from partenaires.models import Personne


@transaction.atomic
def inviter_personne(personne: Personne, *, auteur: Utilisateur) -> Utilisateur:
    """Give a person an account, or link the one that has this address, and tell how to sign in.

    A person who has an account already keeps it, and nobody whose account exists receives an invitation.
    Errors: ErreurMetier without an e-mail, or when the address is that of somebody else's account.
    """
    verrouillee = Personne.objects.select_for_update(of=("self",)).get(pk=personne.pk)
    if verrouillee.utilisateur is not None:
        return verrouillee.utilisateur
    if not verrouillee.courriel:
        raise ErreurMetier("Sans courriel, on ne peut pas inviter cette personne à se connecter.")
    compte = Utilisateur.objects.filter(email__iexact=verrouillee.courriel).first()
    if compte is not None and Personne.objects.filter(utilisateur=compte).exists():
        raise ErreurMetier(f"Le courriel {verrouillee.courriel} est déjà celui du compte d’une autre personne.")
    if compte is None:
        compte = inviter_compte(
            email=verrouillee.courriel,
            prenom=verrouillee.prenom,
            nom=verrouillee.nom,
            telephone=verrouillee.telephone,
            auteur=auteur,
        )
    verrouillee.utilisateur = compte
    enregistrer(verrouillee, auteur=auteur, motif="Invitation à se connecter")
    return compte
