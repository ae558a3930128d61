"""The life of an adhesion: filed, confirmed, accepted or refused, ended (R11, R12)."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.queries.demarche import la_demarche
from demarche.gouvernance.services.exercices import exiger_jour_ouvert
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.ecriture import enregistrer
from partenaires import notifications
from partenaires.enums import (
    TEXTES_CONSENTEMENT,
    TRANSITIONS_ADHESION,
    CategoriePartenaire,
    EtatAdhesion,
    FinaliteConsentement,
    ModeAdhesion,
    VerbeAdhesion,
)
from partenaires.models import Adhesion, Consentement, Organisation, Personne
from partenaires.services.organisations import (
    affilier,
    completer_personne,
    inviter_personne,
    trouver_ou_creer_personne,
)

CHAMPS = (
    "categorie",
    "nom_organisation",
    "prenom",
    "nom",
    "fonction",
    "courriel",
    "telephone",
    "oeuvre_sur_territoire",
    "adhere_mission",
    "commentaire",
)
CIBLES = {verbe: etat for (_, verbe), etat in TRANSITIONS_ADHESION.items()}
REFUS = {
    VerbeAdhesion.CONFIRMER: "Cette adhésion a déjà reçu une réponse.",
    VerbeAdhesion.ACCEPTER: "On accepte seulement une adhésion à étudier, dont le courriel est confirmé.",
    VerbeAdhesion.REFUSER: "On refuse seulement une adhésion à étudier, dont le courriel est confirmé.",
    VerbeAdhesion.TERMINER: "On met fin seulement à une adhésion acceptée.",
}
LIEN_EXPIRE = "Ce lien n’est plus valable. Remplissez de nouveau le formulaire : il en enverra un autre."


@transaction.atomic
def deposer_adhesion(donnees: Mapping[str, Any], *, accords: frozenset[str]) -> Adhesion:
    """Keep one form filled on the public site, with the mission and the consents as shown, and send its link.

    Errors: ErreurMetier when a value does not hold.
    """
    adhesion = _nouvelle(donnees, accords=accords, auteur=None, raison="Formulaire en ligne")
    notifications.demander_confirmation(adhesion)
    return adhesion


@transaction.atomic
def enregistrer_adhesion_papier(
    donnees: Mapping[str, Any], *, accords: frozenset[str], auteur: Utilisateur
) -> Adhesion:
    """Keep one form received on paper: signed by hand, it needs no confirmation and goes straight to study."""
    recue = {"etat": EtatAdhesion.A_ETUDIER, "confirmee_le": timezone.now()}
    return _nouvelle(donnees, accords=accords, auteur=auteur, raison="Formulaire papier", **recue)


def _nouvelle(
    donnees: Mapping[str, Any], *, accords: frozenset[str], auteur: Utilisateur | None, raison: str, **etat: Any
) -> Adhesion:
    demarche = la_demarche()
    adhesion = Adhesion(
        mode=ModeAdhesion.FORMELLE,
        texte_mission=demarche.mission if demarche else "",
        **{champ: donnees[champ] for champ in CHAMPS},
        **etat,
    )
    enregistrer(adhesion, auteur=auteur, motif=raison)
    for finalite in finalites_demandees(adhesion.categorie):
        consentement = Consentement(adhesion=adhesion, finalite=finalite, est_accorde=finalite in accords)
        consentement.texte = TEXTES_CONSENTEMENT[finalite]
        enregistrer(consentement, auteur=auteur)
    return adhesion


def finalites_demandees(categorie: str) -> list[str]:
    """Return the purposes asked of this category: the name of an organisation's representative is never published."""
    citoyenne = categorie == CategoriePartenaire.CITOYEN
    return [f for f in FinaliteConsentement.values if citoyenne or f != FinaliteConsentement.PUBLICATION_NOM]


@transaction.atomic
def confirmer_adhesion(adhesion: Adhesion) -> Adhesion:
    """Confirm the e-mail by its link; doing it again changes nothing.

    Errors: ErreurMetier when the link has expired or when the answer was already given.
    """

    def ecrire(verrouillee: Adhesion) -> None:
        verrouillee.confirmee_le = timezone.now()

    if adhesion.lien_est_expire(timezone.now()):
        raise ErreurMetier(LIEN_EXPIRE, code="expire")
    return _franchir(adhesion, VerbeAdhesion.CONFIRMER, ecrire, auteur=None)[0]


@transaction.atomic
def accepter_adhesion(
    adhesion: Adhesion,
    *,
    auteur: Utilisateur,
    du: datetime.date,
    organisation: Organisation | None = None,
    personne: Personne | None = None,
    inviter: bool = False,
) -> Adhesion:
    """Make a partner: find or create the organisation, the person and their affiliation, then tell the person.

    Without `organisation`, one is created from the form (a citizen never has one). Without `personne`, the one with
    the same e-mail and name is taken, else a new one. With `inviter`, the person receives an account.
    A tacit adhesion of the same partner ends the day before: the formal one takes over.
    Errors: ErreurMetier when something is missing, when the organisation or the person is a partner already on
            that day, when the name is taken.
    """

    def ecrire(verrouillee: Adhesion) -> None:
        if manque := verrouillee.ce_qui_manque():
            raise ErreurMetier(manque)
        exiger_jour_ouvert(du)
        verrouillee.personne = _personne_de(verrouillee, personne, auteur=auteur)
        if not verrouillee.est_citoyenne:
            verrouillee.organisation = _organisation_de(verrouillee, organisation, auteur=auteur)
            affilier(
                verrouillee.personne, verrouillee.organisation, fonction=verrouillee.fonction, du=du, auteur=auteur
            )
        _remplacer_la_tacite(verrouillee, du, auteur=auteur)
        verrouillee.du, verrouillee.traitee_le, verrouillee.traitee_par = du, timezone.now(), auteur

    acceptee, maintenant = _franchir(adhesion, VerbeAdhesion.ACCEPTER, ecrire, auteur=auteur)
    if maintenant:
        if inviter and acceptee.personne is not None:
            inviter_personne(acceptee.personne, auteur=auteur)
        notifications.annoncer_acceptation(acceptee)
    return acceptee


@transaction.atomic
def refuser_adhesion(adhesion: Adhesion, *, auteur: Utilisateur, motif: str) -> Adhesion:
    """Refuse with a reason, which the person receives.

    Errors: ErreurMetier without a reason, or when the adhesion is not to be studied.
    """

    def ecrire(verrouillee: Adhesion) -> None:
        if not motif.strip():
            raise ErreurMetier("Écrivez le motif du refus : la personne le recevra.")
        verrouillee.motif = motif.strip()
        verrouillee.traitee_le, verrouillee.traitee_par = timezone.now(), auteur

    refusee, maintenant = _franchir(adhesion, VerbeAdhesion.REFUSER, ecrire, auteur=auteur, raison=motif)
    if maintenant:
        notifications.annoncer_refus(refusee)
    return refusee


@transaction.atomic
def terminer_adhesion(adhesion: Adhesion, *, auteur: Utilisateur, au: datetime.date, motif: str = "") -> Adhesion:
    """End an adhesion; `au` is its last day, and the list of partners of earlier days does not change.

    Errors: ErreurMetier when the adhesion does not hold, or ends before it began.
    """

    def ecrire(verrouillee: Adhesion) -> None:
        if verrouillee.du is not None and au < verrouillee.du:
            raise ErreurMetier("Le dernier jour ne peut pas précéder le premier.")
        exiger_jour_ouvert(au + datetime.timedelta(days=1))  # the first day without this partner
        verrouillee.au, verrouillee.motif = au, motif.strip()

    return _franchir(adhesion, VerbeAdhesion.TERMINER, ecrire, auteur=auteur, raison=motif)[0]


def _franchir(
    adhesion: Adhesion,
    verbe: VerbeAdhesion,
    ecrire: Callable[[Adhesion], None],
    *,
    auteur: Utilisateur | None,
    raison: str = "",
) -> tuple[Adhesion, bool]:
    """The one door between two states: lock, check, write, record. Return the row and whether it moved now."""
    verrouillee = Adhesion.objects.select_for_update(of=("self",)).get(pk=adhesion.pk)
    if verrouillee.etat == CIBLES[verbe]:
        return verrouillee, False
    if (verrouillee.etat, verbe) not in TRANSITIONS_ADHESION:
        raise ErreurMetier(REFUS[verbe], code="etat")
    ecrire(verrouillee)
    verrouillee.etat = TRANSITIONS_ADHESION[verrouillee.etat, verbe]
    enregistrer(verrouillee, auteur=auteur, motif=raison or verbe.label)
    return verrouillee, True


def _organisation_de(adhesion: Adhesion, choisie: Organisation | None, *, auteur: Utilisateur) -> Organisation:
    """Return the organisation chosen, locked, or a new one made from the form."""
    if choisie is not None:
        return Organisation.objects.select_for_update(of=("self",)).get(pk=choisie.pk)
    if Organisation.objects.filter(nom__iexact=adhesion.nom_organisation).exists():
        raise ErreurMetier(f"« {adhesion.nom_organisation} » existe déjà : choisissez-la dans la liste.")
    nouvelle = Organisation(nom=adhesion.nom_organisation, categorie=adhesion.categorie)
    enregistrer(nouvelle, auteur=auteur, motif="Adhésion acceptée")
    return nouvelle


def _personne_de(adhesion: Adhesion, choisie: Personne | None, *, auteur: Utilisateur) -> Personne:
    """Return the person chosen, with what the form adds, or the one found or made from the form."""
    if choisie is not None:
        return completer_personne(choisie, courriel=adhesion.courriel, telephone=adhesion.telephone, auteur=auteur)
    saisie = {nom: getattr(adhesion, nom) for nom in ("prenom", "nom", "courriel", "telephone")}
    return trouver_ou_creer_personne(**saisie, auteur=auteur)


def _remplacer_la_tacite(adhesion: Adhesion, du: datetime.date, *, auteur: Utilisateur) -> None:
    """End this partner's tacit adhesion the day before the formal one; stop on any other that still holds."""
    autres = Adhesion.objects.exclude(pk=adhesion.pk).finissant_apres(du)
    if adhesion.est_citoyenne:
        autres = autres.filter(categorie=CategoriePartenaire.CITOYEN, personne=adhesion.personne)
    else:
        autres = autres.filter(organisation=adhesion.organisation)
    for autre in autres:
        if autre.mode != ModeAdhesion.TACITE or autre.du >= du or autre.etat != EtatAdhesion.ACCEPTEE:
            raise ErreurMetier(f"« {adhesion.nom_partenaire} » est déjà partenaire à cette date.", code="doublon")
        veille = du - datetime.timedelta(days=1)
        terminer_adhesion(autre, auteur=auteur, au=veille, motif="Remplacée par l’adhésion formelle")
