"""Organisations, the people known, and who speaks for whom."""

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.comptes.services.comptes import inviter_compte
from demarche.gouvernance.models import Siege
from demarche.gouvernance.services.exercices import exiger_jour_ouvert
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.francais import ecrire_date
from demarche.socle.services.ecriture import enregistrer, modifier
from partenaires.models import Affiliation, Organisation, Personne, Representation
from partenaires.rapprochement import cle_alphabetique

P = TypeVar("P", Affiliation, Representation)


@transaction.atomic
def creer_organisation(donnees: Mapping[str, Any], *, auteur: Utilisateur) -> Organisation:
    """Create one organisation."""
    return enregistrer(Organisation(**donnees), auteur=auteur)


def modifier_organisation(
    organisation: Organisation, donnees: Mapping[str, Any], *, version: int, auteur: Utilisateur
) -> Organisation:
    """Change one organisation, provided nobody saved it since `version`; saving it unchanged writes nothing."""
    return modifier(Organisation, organisation.pk, version=version, donnees=donnees, auteur=auteur)


@transaction.atomic
def creer_personne(donnees: Mapping[str, Any], *, auteur: Utilisateur) -> Personne:
    """Add one person: a contact of an organisation, or a citizen."""
    return enregistrer(Personne(**donnees), auteur=auteur)


def trouver_ou_creer_personne(
    *, prenom: str, nom: str, courriel: str, telephone: str, auteur: Utilisateur
) -> Personne:
    """Return the person with this e-mail *and* this name, else a new one.

    The name counts too: several people of one organisation often share one address. An account with this address
    and this name, not yet anybody's, becomes theirs.
    """
    cle = cle_alphabetique(f"{prenom} {nom}")
    if courriel:
        for connue in Personne.objects.filter(courriel__iexact=courriel):
            if cle_alphabetique(str(connue)) == cle:
                return connue
    personne = Personne(prenom=prenom, nom=nom, courriel=courriel, telephone=telephone)
    compte = Utilisateur.objects.filter(email__iexact=courriel, personne__isnull=True).first() if courriel else None
    if compte is not None and cle_alphabetique(str(compte)) == cle:
        personne.utilisateur = compte
    enregistrer(personne, auteur=auteur, motif="Adhésion")
    return personne


@transaction.atomic
def completer_personne(personne: Personne, *, courriel: str, telephone: str, auteur: Utilisateur) -> Personne:
    """Add to a person known the e-mail and the telephone that were missing; what is there stays."""
    verrouillee = Personne.objects.select_for_update(of=("self",)).get(pk=personne.pk)
    if (courriel and not verrouillee.courriel) or (telephone and not verrouillee.telephone):
        verrouillee.courriel = verrouillee.courriel or courriel
        verrouillee.telephone = verrouillee.telephone or telephone
        enregistrer(verrouillee, auteur=auteur, motif="Adhésion")
    return verrouillee


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


@transaction.atomic
def affilier(
    personne: Personne, organisation: Organisation, *, fonction: str, du: datetime.date, auteur: Utilisateur
) -> Affiliation:
    """Say that a person belongs to an organisation from a day on; already so that day, nothing changes."""
    lien = {"personne": personne, "organisation": organisation}
    deja: Affiliation | None = Affiliation.objects.en_vigueur(du).filter(**lien).first()
    return deja or enregistrer(Affiliation(**lien, fonction=fonction, du=du), auteur=auteur)


@transaction.atomic
def affilier_nouvelle_personne(
    organisation: Organisation, donnees: Mapping[str, Any], *, auteur: Utilisateur
) -> Affiliation:
    """Add a contact to an organisation: the person (found by e-mail and name, or new) and the affiliation."""
    saisie = {nom: donnees[nom] for nom in ("prenom", "nom", "courriel", "telephone")}
    personne = trouver_ou_creer_personne(**saisie, auteur=auteur)
    return affilier(personne, organisation, fonction=donnees["fonction"], du=donnees["du"], auteur=auteur)


def terminer_affiliation(affiliation: Affiliation, *, auteur: Utilisateur) -> Affiliation:
    """End an affiliation today; ended already, nothing changes."""
    return _terminer_aujourd_hui(affiliation, auteur=auteur, motif="N’y travaille plus")


@transaction.atomic
def designer_organisation(
    siege: Siege, organisation: Organisation, *, du: datetime.date, auteur: Utilisateur
) -> Representation:
    """Say which organisation a seat stands for from a day on; the one before it ends the day before.

    Errors: ErreurMetier when another organisation was designated on or after that day, or when that day is in a closed
            exercice (R10).
    """
    Siege.objects.select_for_update(of=("self",)).get(pk=siege.pk)
    anciennes: list[Representation] = list(Representation.objects.filter(siege=siege, au__isnull=True))
    for ancienne in anciennes:
        if ancienne.organisation_id == organisation.pk:
            return ancienne
        if ancienne.du >= du:
            raise ErreurMetier(
                f"{ancienne.organisation} tient ce siège depuis le {ecrire_date(ancienne.du)} : choisissez une date "
                "plus récente."
            )
        ancienne.au = du - datetime.timedelta(days=1)
        enregistrer(ancienne, auteur=auteur, motif="Une autre organisation prend le siège")
    exiger_jour_ouvert(du)
    return enregistrer(Representation(siege=siege, organisation=organisation, du=du), auteur=auteur)


def terminer_representation(representation: Representation, *, auteur: Utilisateur) -> Representation:
    """Say that from tomorrow the seat stands for no organisation."""
    return _terminer_aujourd_hui(representation, auteur=auteur)


@transaction.atomic
def _terminer_aujourd_hui(periode: P, *, auteur: Utilisateur, motif: str = "") -> P:
    verrouillee: P = type(periode)._default_manager.select_for_update(of=("self",)).get(pk=periode.pk)
    if verrouillee.au is None:
        verrouillee.au = max(timezone.localdate(), verrouillee.du)
        enregistrer(verrouillee, auteur=auteur, motif=motif)
    return verrouillee
