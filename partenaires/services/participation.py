"""Presences at meetings, the tacit adhesions they give, and collaborations beyond the partners."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import Rencontre
from demarche.gouvernance.queries.demarche import la_demarche
from demarche.gouvernance.services.exercices import exiger_jour_ouvert
from demarche.rencontres.services.presences import exiger_places
from demarche.rencontres.services.rencontres import verrouiller_rencontre
from demarche.socle.concurrence import MESSAGE_CONFLIT, verrouiller_pour
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.services.ecriture import affecter, ecrire, enregistrer, supprimer
from partenaires.enums import CategoriePartenaire, EtatAdhesion, ModeAdhesion
from partenaires.models import Adhesion, CollaborationStructurante, Organisation, Personne, Presence
from partenaires.queries.participation import presents_non_partenaires


@dataclass(frozen=True)
class LignePresence:
    """One line as typed: for an organisation, for a citizen, or a precision alone; and how many people."""

    organisation: Organisation | None
    personne: Personne | None
    precision: str
    nb_personnes: int

    @property
    def cle(self) -> tuple[int | None, int | None, str]:
        qui = (self.organisation.pk if self.organisation else None, self.personne.pk if self.personne else None)
        return (*qui, "" if any(qui) else self.precision)


def cle_presence(presence: Presence) -> tuple[int | None, int | None, str]:
    """Return what makes two lines of one meeting the same: the organisation and the person, else the precision."""
    qui = (presence.organisation_id, presence.personne_id)
    return (*qui, "" if any(qui) else presence.precision)


def empreinte_presences(rencontre: Rencontre) -> str:
    """Return what the list of a meeting looks like now, so that a form opened before a change is told."""
    lignes = Presence.objects.filter(rencontre=rencontre).order_by("pk")
    valeurs = lignes.values_list("pk", "organisation_id", "personne_id", "precision", "nb_personnes")
    return sha256(repr(list(valeurs)).encode()).hexdigest()[:16]


@transaction.atomic
def enregistrer_presences(
    rencontre: Rencontre, lignes: Iterable[LignePresence], *, empreinte: str, auteur: Utilisateur
) -> None:
    """Make the list of a meeting equal to these lines; the lines that did not change are not written.

    Errors: ErreurMetier when the meeting is frozen, when the list changed since `empreinte`, when a line comes twice,
            or when the list would hold fewer people than a vote counted.
    """
    verrouiller_rencontre(rencontre.pk)
    if empreinte != empreinte_presences(rencontre):
        raise ErreurMetier(MESSAGE_CONFLIT, code="conflit")
    voulues: dict[tuple[int | None, int | None, str], LignePresence] = {}
    for ligne in lignes:
        if ligne.cle in voulues:
            nom = ligne.organisation or ligne.personne or ligne.precision
            raise ErreurMetier(f"« {nom} » figure deux fois : gardez une seule ligne avec le total.")
        voulues[ligne.cle] = ligne
    actuelles = {cle_presence(p): p for p in Presence.objects.filter(rencontre=rencontre)}
    for cle, presence in actuelles.items():
        if cle not in voulues:
            supprimer(presence, auteur=auteur)
    for cle, ligne in voulues.items():
        existante = actuelles.get(cle)
        presence = existante or Presence(rencontre=rencontre, organisation=ligne.organisation, personne=ligne.personne)
        if existante and (existante.nb_personnes, existante.precision) == (ligne.nb_personnes, ligne.precision):
            continue
        presence.nb_personnes, presence.precision = ligne.nb_personnes, ligne.precision
        enregistrer(presence, auteur=auteur)
    for scrutin in rencontre.scrutins.filter(nb_presents__isnull=False):
        exiger_places(scrutin)


@transaction.atomic
def enregistrer_adhesions_tacites(
    rencontre: Rencontre,
    *,
    organisations: Iterable[Organisation],
    personnes: Iterable[Personne],
    auteur: Utilisateur,
) -> list[Adhesion]:
    """Make partners of the people present at an assemblée, from its day on (R11); partners already stay as they are.

    A citizen who joins this way has given no consent yet: the name stays unpublished until the team notes one.
    Errors: ErreurMetier when the meeting is not an assemblée, or is not past.
    """
    if rencontre.instance_gouvernance.genre != GenreInstance.ASSEMBLEE:
        raise ErreurMetier("L’adhésion tacite se donne à l’assemblée des partenaires seulement.")
    if rencontre.date > timezone.localdate():
        raise ErreurMetier("Cette assemblée n’a pas encore eu lieu.")
    exiger_jour_ouvert(rencontre.date)
    Rencontre.objects.select_for_update(of=("self",)).get(pk=rencontre.pk)
    organisations_presentes, personnes_presentes = presents_non_partenaires(rencontre)
    partenaires = [
        *(Adhesion(categorie=o.categorie, organisation=o) for o in organisations if o in organisations_presentes),
        *(Adhesion(categorie=CategoriePartenaire.CITOYEN, personne=p) for p in personnes if p in personnes_presentes),
    ]
    demarche = la_demarche()
    for adhesion in partenaires:
        adhesion.mode, adhesion.etat = ModeAdhesion.TACITE, EtatAdhesion.ACCEPTEE
        adhesion.oeuvre_sur_territoire = adhesion.adhere_mission = True
        adhesion.texte_mission = demarche.mission if demarche else ""
        adhesion.rencontre, adhesion.du = rencontre, rencontre.date
        adhesion.traitee_le, adhesion.traitee_par = timezone.now(), auteur
        enregistrer(adhesion, auteur=auteur, motif=f"Adhésion tacite : {rencontre.titre}")
    return partenaires


@transaction.atomic
def creer_collaboration(donnees: Mapping[str, Any], *, auteur: Utilisateur) -> CollaborationStructurante:
    """Note one collaboration beyond the partners."""
    collaboration = CollaborationStructurante(**donnees)
    exiger_jour_ouvert(collaboration.debut)
    enregistrer(collaboration, auteur=auteur)
    return collaboration


@transaction.atomic
def modifier_collaboration(
    collaboration: CollaborationStructurante, donnees: Mapping[str, Any], *, version: int, auteur: Utilisateur
) -> CollaborationStructurante:
    """Change one collaboration, provided nobody saved it since `version`; unchanged, nothing is written."""
    verrouillee, change = verrouiller_pour(
        CollaborationStructurante, collaboration.pk, version=version, donnees=donnees
    )
    if not change:
        return verrouillee
    exiger_jour_ouvert(verrouillee.debut)
    exiger_jour_ouvert(donnees.get("debut", verrouillee.debut))
    verrouillee.version += 1
    return ecrire(affecter(verrouillee, donnees), auteur=auteur)


@transaction.atomic
def supprimer_collaboration(collaboration: CollaborationStructurante, *, auteur: Utilisateur) -> None:
    """Remove one collaboration noted by mistake; the history keeps it."""
    exiger_jour_ouvert(collaboration.debut)
    supprimer(collaboration, auteur=auteur)
