"""Ballots of the assemblée: one vote per partner in good standing (R6)."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from demarche.models import Scrutin
from demarche.services.electeurs import Appele
from demarche.services.scrutins import ouvrir_scrutin
from partenaires.models import Adhesion, ElecteurPartenaire, Personne
from partenaires.queries import adhesions_des_partenaires

CITOYEN = "Citoyenne ou citoyen"


@transaction.atomic
def ouvrir_scrutin_assemblee(**scrutin: Any) -> Scrutin:
    """Open an online ballot of the assemblée; its electors are the partners of the day, frozen.

    Arguments: those of `ouvrir_scrutin`, without `appeles`.
    Names: a citizen is « Citoyenne ou citoyen »; who that is stays in the link to the adhesion (R13).
    """
    adhesions = adhesions_des_partenaires(timezone.localdate())
    appeles = [
        Appele(
            numero=rang,
            libelle=adhesion.organisation.nom if adhesion.organisation else CITOYEN,
            utilisateur=compte_de(adhesion),
        )
        for rang, adhesion in enumerate(adhesions, start=1)
    ]
    ouvert = ouvrir_scrutin(appeles=appeles, **scrutin)
    electeurs = {electeur.numero: electeur for electeur in ouvert.electeurs.all()}
    for rang, adhesion in enumerate(adhesions, start=1):
        ElecteurPartenaire.objects.create(electeur=electeurs[rang], adhesion=adhesion)
    return ouvert


def compte_de(adhesion: Adhesion) -> Any:
    """Return the account that receives the call for one partner: its representative's, else that of somebody there."""
    personne: Personne | None = adhesion.personne
    if personne is not None and personne.utilisateur is not None and personne.utilisateur.is_active:
        return personne.utilisateur
    if adhesion.organisation is None:
        return None
    affiliations = adhesion.organisation.affiliations.en_vigueur(timezone.localdate()).filter(
        personne__utilisateur__is_active=True
    )
    affiliation = affiliations.select_related("personne__utilisateur").order_by("pk").first()
    return affiliation.personne.utilisateur if affiliation else None
