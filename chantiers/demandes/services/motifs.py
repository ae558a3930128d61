"""The library of reasons: write, order, start with a few of ours."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from chantiers.demandes.enums import SensMotif
from chantiers.demandes.models import MotifType
from demarche.comptes.models import Utilisateur
from demarche.socle.services.ecriture import a_change, affecter, ecrire

AUTRE_CHOIX = "Ce motif explique un autre choix : « {} »."
# Ours: no reference document gives reasons; each démarche keeps, changes or adds its own.
MOTIFS_PROPOSES: dict[SensMotif, tuple[str, ...]] = {
    SensMotif.ACCORD: (
        "La demande répond à un besoin nommé par le milieu et correspond au plan d’action.",
        "L’action rejoint des personnes que les services actuels ne rejoignent pas.",
        "Les partenaires mobilisés et les apports confirmés rendent l’action réaliste.",
        "Une partie du montant est accordée, pour que d’autres actions soient aussi soutenues.",
    ),
    SensMotif.REFUS: (
        "L’enveloppe de l’année ne suffit pas à toutes les demandes reçues; vous pourrez demander de nouveau.",
        "La dépense relève d’un autre bailleur; nous pouvons vous aider à le joindre.",
        "Le lien avec le plan d’action de la démarche n’est pas assez clair pour l’instant.",
        "Une action semblable est déjà soutenue sur le territoire; nous vous proposons de vous y joindre.",
    ),
    SensMotif.PRECISIONS: (
        "Pouvez-vous joindre une soumission ou un devis pour la dépense la plus importante?",
        "Qui d’autre soutient l’action, et pour combien?",
        "Combien de personnes pensez-vous rejoindre, et comment le saurez-vous?",
        "L’action peut-elle se tenir avec une partie du montant? Dites-nous ce que vous feriez alors.",
    ),
}


@transaction.atomic
def enregistrer_motif(motif: MotifType | None, *, donnees: Mapping[str, Any], auteur: Utilisateur) -> MotifType:
    """Add one reason at the end of its list, or change one; decisions already taken keep the words they were given.

    Errors: ErreurMetier, by field, when the list already has it.
    """
    ligne = motif or MotifType()
    ancien_sens = ligne.sens
    affecter(ligne, donnees)
    if ligne.pk is None or ligne.sens != ancien_sens:
        ligne.ordre = _prochain_rang(ligne.sens)
    return ecrire(ligne, auteur=auteur) if a_change(ligne) else ligne


def _prochain_rang(sens: str) -> int:
    return (MotifType.objects.filter(sens=sens).aggregate(dernier=Max("ordre"))["dernier"] or 0) + 1


@transaction.atomic
def monter_motif(motif_pk: int, *, auteur: Utilisateur) -> None:
    """Move one reason one place up in its list; the first stays first."""
    motif = MotifType.objects.get(pk=motif_pk)
    rangs = list(MotifType.objects.select_for_update().filter(sens=motif.sens))
    place = rangs.index(motif)
    if place:
        rangs[place - 1], rangs[place] = rangs[place], rangs[place - 1]
    for ordre, ligne in enumerate(rangs, start=1):
        if ligne.ordre != ordre:
            ligne.ordre = ordre
            ecrire(ligne, auteur=auteur, motif="Ordre de la liste")


@transaction.atomic
def ajouter_motifs_proposes(*, auteur: Utilisateur) -> int:
    """Add the reasons the software proposes that the library does not have yet, and return how many; idempotent."""
    ajoutes = 0
    for sens, textes in MOTIFS_PROPOSES.items():
        for texte in textes:
            if not MotifType.objects.filter(sens=sens, texte=texte).exists():
                ecrire(MotifType(sens=sens, texte=texte, ordre=_prochain_rang(sens)), auteur=auteur)
                ajoutes += 1
    return ajoutes


def motifs_actifs(*sens: SensMotif) -> list[MotifType]:
    """Return the reasons offered for these purposes, in order."""
    return list(MotifType.objects.filter(sens__in=sens, est_actif=True))
