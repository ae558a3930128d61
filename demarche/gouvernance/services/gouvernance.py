"""Instances, seats and mandates: who decides, who sits (R3)."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from demarche.comptes.enums import Role
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import ModeDecision, RegleQuorum
from demarche.gouvernance.models import InstanceGouvernance, Mandat, Siege
from demarche.gouvernance.models.gouvernance import MandatQuerySet
from demarche.gouvernance.protocoles import SUITES
from demarche.gouvernance.services.exercices import exiger_jour_ouvert
from demarche.registre.services.lignes import tenir_registre
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.francais import ecrire_date
from demarche.socle.services.ecriture import affecter, ecrire, modifier


@transaction.atomic
def creer_instance(*, champs: Mapping[str, Any], auteur: Utilisateur) -> InstanceGouvernance:
    """Add one instance; its kind says how it decides as long as the coordination chooses nothing else."""
    genre = champs["genre"]
    nouvelle = InstanceGouvernance(
        mode_decision=ModeDecision.du_genre(genre), regle_quorum=RegleQuorum.du_genre(genre)
    )
    return ecrire(affecter(nouvelle, champs), auteur=auteur)


@transaction.atomic
def modifier_instance(
    instance_gouvernance: InstanceGouvernance, *, version: int, champs: Mapping[str, Any], auteur: Utilisateur
) -> InstanceGouvernance:
    """Change one instance that nobody changed since; a new kind brings its default mode, unless another one that
    it allows was chosen.

    Errors: ErreurMetier when it would hang under itself; by field, when its resolutions carry its prefix, or when
            something still waits for the decision that its kind, or its being active, lets it take.
    """
    tenir_registre()  # no ballot opens, no resolution takes its number meanwhile
    _exiger_decidable(InstanceGouvernance.objects.get(pk=instance_gouvernance.pk), champs)
    ancetre = champs.get("parent")
    while ancetre is not None:
        if ancetre.pk == instance_gouvernance.pk:
            raise ErreurMetier("Une instance ne peut pas relever d’elle-même.")
        ancetre = ancetre.parent
    donnees = dict(champs)
    avant, genre = instance_gouvernance.genre, champs.get("genre", instance_gouvernance.genre)
    mode = instance_gouvernance.mode_decision
    if genre != avant and (mode == ModeDecision.du_genre(avant) or mode not in ModeDecision.possibles(genre)):
        # The source was that of the rule chosen before: this mode is the tool's default.
        donnees |= {"mode_decision": ModeDecision.du_genre(genre), "source_regle": ""}
    return modifier(InstanceGouvernance, instance_gouvernance.pk, version=version, donnees=donnees, auteur=auteur)


def _exiger_decidable(actuelle: InstanceGouvernance, champs: Mapping[str, Any]) -> None:
    """Refuse another prefix once resolutions carry it (R7), another kind, or an end, while a decision waits (R1)."""
    if champs.get("prefixe", actuelle.prefixe) != actuelle.prefixe and actuelle.resolutions.exists():
        phrase = f"Ses résolutions sont numérotées « {actuelle.prefixe} » : ce préfixe ne change plus."
        raise ErreurMetier({"prefixe": phrase})
    change = champs.get("genre", actuelle.genre) != actuelle.genre
    if not change and (champs.get("est_active", True) or not actuelle.est_active):
        return
    attendus = SUITES.attendus_de(actuelle)
    if attendus:
        phrase = f"Sa décision est encore attendue : {', '.join(attendus)}. Attendez qu’elle soit prise."
        raise ErreurMetier({"genre" if change else "est_active": phrase})


@transaction.atomic
def regler_decision(
    instance_gouvernance: InstanceGouvernance, *, version: int, champs: Mapping[str, Any], auteur: Utilisateur
) -> InstanceGouvernance:
    """Change how one instance decides: mode, quorum, majority, delay, recusals, and the source of all that.

    A ballot already open keeps the rule it was opened with: it has its own copy (R5).
    Errors: ErreurMetier when the mode is not one of this kind of instance, when the fixed quorum has no number, or
            when somebody changed the instance since.
    """
    donnees = dict(champs)
    if donnees["mode_decision"] not in ModeDecision.possibles(instance_gouvernance.genre):
        genre = instance_gouvernance.get_genre_display()
        raise ErreurMetier({"mode_decision": f"Ce mode n’est pas possible pour ce genre d’instance : {genre}."})
    if donnees["regle_quorum"] != RegleQuorum.NOMBRE:
        donnees["quorum_nombre"] = None
    elif not donnees["quorum_nombre"]:
        raise ErreurMetier({"quorum_nombre": "Donnez le nombre de voix du quorum fixe."})
    return modifier(
        InstanceGouvernance,
        instance_gouvernance.pk,
        version=version,
        donnees=donnees,
        auteur=auteur,
        motif="Règle de décision",
    )


@transaction.atomic
def enregistrer_siege(
    siege: Siege | None, *, instance_gouvernance: InstanceGouvernance, champs: Mapping[str, Any], auteur: Utilisateur
) -> Siege:
    """Add one seat to an instance, or change it.

    Errors: ErreurMetier when a filled seat would be withdrawn.
    """
    objet = siege or Siege(instance_gouvernance=instance_gouvernance)
    if objet.pk and all(getattr(objet, nom) == valeur for nom, valeur in champs.items()):
        return objet
    if objet.pk and not champs["est_actif"]:
        titulaire = objet.mandats.en_vigueur(timezone.localdate()).select_related("utilisateur").first()
        if titulaire:
            raise ErreurMetier(f"Ce siège est tenu par {titulaire.utilisateur} : terminez d’abord son mandat.")
    return ecrire(affecter(objet, champs), auteur=auteur)


@transaction.atomic
def pourvoir_siege(
    siege: Siege, *, utilisateur: Utilisateur, du: datetime.date, au: datetime.date | None = None, auteur: Utilisateur
) -> Mandat:
    """Give one seat to one person from a day, and return the mandate; the ballots that wait for it are told to them.

    Errors: ErreurMetier when the first day is in a closed exercice (R10), when the seat is held on one of these days,
    when the person already holds a seat of the instance (one person, one vote), gives the seat to themselves, or is
    the administration technique, which votes nowhere.
    """
    verrou = Siege.objects.select_for_update(of=("self",)).select_related("instance_gouvernance").get(pk=siege.pk)
    if au is not None and au < du:
        raise ErreurMetier("La date de fin précède la date de début.")
    if not verrou.est_actif:
        raise ErreurMetier("Ce siège n’est plus actif.")
    exiger_jour_ouvert(du)
    refuser_titulaire(verrou, utilisateur, auteur)
    autre = chevauchants(Mandat.objects.filter(siege=verrou), du, au).select_related("utilisateur").first()
    if autre and autre.au is None:
        raise ErreurMetier(
            f"Ce siège est tenu par {autre.utilisateur} depuis le {ecrire_date(autre.du)} : "
            "terminez d’abord son mandat."
        )
    if autre:
        raise ErreurMetier(
            f"Ce siège est tenu par {autre.utilisateur} du {ecrire_date(autre.du)} au {ecrire_date(autre.au)} : "
            "choisissez d’autres dates."
        )
    ailleurs = (
        chevauchants(
            Mandat.objects.filter(utilisateur=utilisateur, siege__instance_gouvernance=verrou.instance_gouvernance),
            du,
            au,
        )
        .select_related("siege")
        .first()
    )
    if ailleurs:
        raise ErreurMetier(
            f"{utilisateur} tient déjà le siège « {ailleurs.siege} » de cette instance : une personne, une voix."
        )
    mandat = ecrire(affecter(Mandat(siege=verrou, utilisateur=utilisateur, du=du, au=au), {}), auteur=auteur)
    SUITES.siege_pourvu(mandat)
    return mandat


def refuser_titulaire(siege: Siege, utilisateur: Utilisateur, auteur: Utilisateur) -> None:
    """Refuse a holder who may not sit: inactive, technical, or the author themselves."""
    if not utilisateur.is_active:
        raise ErreurMetier(f"Le compte de {utilisateur} est désactivé.")
    if utilisateur == auteur:
        raise ErreurMetier("On ne se donne pas un siège à soi-même : demandez à une autre personne de le faire.")
    if utilisateur.roles_attribues.en_vigueur(timezone.localdate()).filter(role=Role.ADMINISTRATEUR).exists():
        raise ErreurMetier("L’administration technique ne vote nulle part : retirez d’abord ce rôle au compte.")


def chevauchants(mandats: MandatQuerySet, du: datetime.date, au: datetime.date | None) -> MandatQuerySet:
    """Keep the mandates that share a day with this period; both ends are included, but for the last day of a mandate
    that was ended at once: it stopped before somebody else starts (R3).
    """
    ouverts = mandats.filter(Q(au__isnull=True) | Q(au__gt=du) | Q(au=du, termine_le__isnull=True))
    return ouverts if au is None else ouverts.filter(du__lte=au)


@transaction.atomic
def terminer_mandat(mandat: Mandat, *, au: datetime.date, auteur: Utilisateur) -> Mandat:
    """End one mandate. Ended today it stops at once; on a day to come, the person still sits on that day.

    Errors: ErreurMetier when the last day precedes the first, or the day after it is in a closed exercice (R10).
    """
    verrou: Mandat = Mandat.objects.select_for_update(of=("self",)).get(pk=mandat.pk)
    maintenant = au == timezone.localdate()
    if verrou.au == au and (verrou.termine_le is not None or not maintenant):
        return verrou
    if au < verrou.du:
        raise ErreurMetier(f"Ce mandat commence le {ecrire_date(verrou.du)} : il ne peut pas finir avant.")
    if verrou.au is not None and au > verrou.au:
        raise ErreurMetier(f"Ce mandat finit déjà le {ecrire_date(verrou.au)} : donnez un nouveau mandat.")
    exiger_jour_ouvert(au + datetime.timedelta(days=1))  # the first day without this person
    verrou.au = au
    if maintenant:
        verrou.termine_le = timezone.now()  # it stops now, not tonight: no vote from a session opened before
    return ecrire(verrou, auteur=auteur, motif="Fin du mandat")
