"""Ballots of the assemblée: one vote per partner in good standing (R6)."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.scrutins.models import Scrutin
from demarche.scrutins.services.electeurs import Appele
from demarche.scrutins.services.scrutins import ouvrir_scrutin
from demarche.socle.erreurs import ErreurMetier
from partenaires.models import Adhesion, Affiliation, ElecteurPartenaire, Personne
from partenaires.queries.assemblee import CITOYEN
from partenaires.queries.liste import adhesions_des_partenaires


@transaction.atomic
def ouvrir_scrutin_assemblee(**scrutin: Any) -> Scrutin:
    """Open an online ballot of the assemblée; its electors are the partners of the day, frozen.

    Arguments: those of `ouvrir_scrutin`, without `appeles`.
    Errors: those of `ouvrir_scrutin`, and ErreurMetier when nobody is a partner today.
    Names: a citizen is « Citoyenne ou citoyen »; who that is stays in the link to the adhesion (R13).
    """
    adhesions = adhesions_des_partenaires(timezone.localdate())
    if not adhesions:
        raise ErreurMetier("Aucun partenaire n’est en règle aujourd’hui : l’assemblée n’a personne à appeler.")
    ouvert = ouvrir_scrutin(appeles=appeler_les_partenaires(adhesions), **scrutin)
    electeurs = {electeur.numero: electeur for electeur in ouvert.electeurs.all()}
    for rang, adhesion in enumerate(adhesions, start=1):
        ElecteurPartenaire.objects.create(electeur=electeurs[rang], adhesion=adhesion)
    return ouvert


def appeler_les_partenaires(adhesions: Sequence[Adhesion]) -> list[Appele]:
    """Return the voices of these partners, numbered in their order."""
    comptes = comptes_des_partenaires(adhesions)
    return [
        Appele(rang, a.organisation.nom if a.organisation else CITOYEN, utilisateur=comptes.get(a.pk))
        for rang, a in enumerate(adhesions, start=1)
    ]


def partenaires_appeles(jour: datetime.date) -> list[Appele]:
    """Return the voices that a ballot of the assemblée opened that day would call."""
    return appeler_les_partenaires(adhesions_des_partenaires(jour))


def comptes_des_partenaires(adhesions: Sequence[Adhesion]) -> dict[int, Utilisateur]:
    """Return the account that receives the call for each of these partners, by adhesion; a partner may have none.

    A citizen's own account. For an organisation, its representative as long as this person is still affiliated to it,
    else somebody who is: only an account affiliated today speaks for it. One query.
    """
    affiliations = Affiliation.objects.en_vigueur(timezone.localdate()).filter(
        organisation__in=[a.organisation_id for a in adhesions if a.organisation_id],
        personne__utilisateur__is_active=True,
    )
    par_organisation: dict[int, list[Personne]] = {}
    for affiliation in affiliations.select_related("personne__utilisateur").order_by("pk"):
        par_organisation.setdefault(affiliation.organisation_id, []).append(affiliation.personne)
    comptes: dict[int, Utilisateur] = {}
    for adhesion in adhesions:
        if adhesion.organisation_id is None:
            personnes = [adhesion.personne] if adhesion.personne else []
        else:
            personnes = par_organisation.get(adhesion.organisation_id, [])
            personnes = sorted(personnes, key=lambda personne: personne.pk != adhesion.personne_id)
        compte = next((p.utilisateur for p in personnes if p.utilisateur and p.utilisateur.is_active), None)
        if compte is not None:
            comptes[adhesion.pk] = compte
    return comptes
