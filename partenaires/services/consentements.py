"""Consents after the form: given otherwise, or withdrawn (R13)."""

from django.db import transaction
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.socle.services.ecriture import enregistrer
from partenaires.enums import TEXTES_CONSENTEMENT
from partenaires.models import Adhesion, Consentement
from partenaires.services.adhesions import finalites_demandees


@transaction.atomic
def noter_consentements(
    adhesion: Adhesion, accords: frozenset[str], *, auteur: Utilisateur, raison: str
) -> list[Consentement]:
    """Record what the person now accepts; return the answers that changed.

    An answer that changes takes the text in force today; the earlier one stays in the history.
    """
    Adhesion.objects.select_for_update(of=("self",)).get(pk=adhesion.pk)
    actuels = {c.finalite: c for c in Consentement.objects.filter(adhesion=adhesion)}
    changes = []
    for finalite in finalites_demandees(adhesion.categorie):
        voulu = finalite in accords
        consentement = actuels.get(finalite) or Consentement(adhesion=adhesion, finalite=finalite, est_accorde=False)
        if consentement.est_accorde == voulu:
            continue
        consentement.est_accorde = voulu
        consentement.texte = TEXTES_CONSENTEMENT[finalite]
        consentement.exprime_le = timezone.now()
        enregistrer(consentement, auteur=auteur, motif=raison)
        changes.append(consentement)
    return changes
