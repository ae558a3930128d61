"""What remains about the money of an exercice before it is closed (R10)."""

from collections.abc import Iterable
from decimal import Decimal

from django.urls import reverse

from chantiers.demandes.enums import EN_ATTENTE, EtatDemande
from chantiers.demandes.models import DemandeFonds
from chantiers.finances.queries.budget import sommes_residuelles
from chantiers.finances.queries.decaissements import demandes_a_payer, total_a_payer
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.protocoles import PointDeCloture
from demarche.socle.francais import compter, ecrire_dollars


def points_de_cloture(exercice: Exercice) -> Iterable[PointDeCloture]:
    """Yield the requests that wait, what is granted and not paid, the result of the year, the surplus without use."""
    yield from _points_des_demandes(exercice)
    sommes = sommes_residuelles(exercice)
    surplus = f"{reverse('finances:surplus')}?exercice={exercice.code}"
    yield PointDeCloture(
        "Le résultat financier est inscrit",
        est_fait=sommes.resultat_connu,
        est_bloquant=True,
        precision="" if sommes.resultat_connu else "le surplus ou le déficit de l’exercice manque",
        url=surplus,
    )
    yield PointDeCloture(
        "Chaque dollar de côté a un usage prévu",
        est_fait=sommes.reste == 0,
        precision=_reste(sommes.reste),
        url=surplus,
    )


def _points_des_demandes(exercice: Exercice) -> Iterable[PointDeCloture]:
    liste = f"{reverse('demandes:demande_liste')}?exercice={exercice.code}"
    demandes = DemandeFonds.objects.filter(exercice=exercice)
    nb = demandes.filter(etat__in=EN_ATTENTE).count()
    yield PointDeCloture(
        "Aucune demande n’attend de décision",
        est_fait=nb == 0,
        est_bloquant=True,
        precision=compter(nb, "demande en attente", "demandes en attente") if nb else "",
        url=liste,
    )
    a_payer = demandes_a_payer(exercice=exercice)
    nb, total = a_payer.count(), total_a_payer(a_payer)
    yield PointDeCloture(
        "Tout ce qui est accordé est payé ou libéré",
        est_fait=nb == 0,
        precision=f"{ecrire_dollars(total)} à payer ou à libérer, {compter(nb, 'demande', 'demandes')}" if nb else "",
        url=f"{liste}&etat={EtatDemande.ACCORDEE}",
    )


def _reste(reste: Decimal) -> str:
    if reste == 0:
        return ""
    if reste > 0:
        return f"{ecrire_dollars(reste)} sans usage prévu"
    return f"les usages prévus dépassent de {ecrire_dollars(-reste)} ce qui est de côté"
