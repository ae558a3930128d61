"""Who a ballot on a request calls, and who stands aside at once (R4)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from chantiers.models import DemandeFonds
from demarche.enums import GenreInstance
from demarche.models import Scrutin
from demarche.services.bulletins import inscrire_recusation
from demarche.services.electeurs import Appele, sieges_appeles
from partenaires.models import ElecteurPartenaire, Representation
from partenaires.queries import adhesions_des_partenaires

SON_ORGANISATION = "Son organisation a déposé la demande."


@dataclass(frozen=True)
class VoixAppelee:
    """One voice that a ballot opened now would call; who asks, or sits for who asks, stands aside at once (R4)."""

    libelle: str
    nom: str
    est_ecartee: bool


def voix_a_appeler(demande: DemandeFonds) -> list[VoixAppelee]:
    """Return the voices that a ballot on this request would call today: seats filled, or partners in good standing."""
    instance, jour = demande.instance_gouvernance, timezone.localdate()
    if instance is None:
        return []
    if instance.genre == GenreInstance.ASSEMBLEE:
        return [
            VoixAppelee(
                a.organisation.nom if a.organisation else "Citoyenne ou citoyen",
                "",
                a.organisation_id is not None and a.organisation_id == demande.organisation_id,
            )
            for a in adhesions_des_partenaires(jour)
        ]
    appeles = sieges_appeles(instance, jour)
    ecartes = numeros_ecartes(demande, appeles)
    return [VoixAppelee(a.libelle, str(a.utilisateur or ""), a.numero in ecartes) for a in appeles]


def numeros_ecartes(demande: DemandeFonds, appeles: Iterable[Appele]) -> set[int]:
    """Return the numbers of the seats that stand aside at once: that of who asks, those who sit for who asks (R4)."""
    sieges = sieges_du_demandeur(demande)
    return {
        appele.numero
        for appele in appeles
        if (appele.siege is not None and appele.siege.pk in sieges)
        or (appele.utilisateur is not None and appele.utilisateur.pk == demande.demandeur_id)
    }


def sieges_du_demandeur(demande: DemandeFonds) -> set[int]:
    """Return the seats that stand today for the organisation that asks; none when the démarche itself asks."""
    representations = Representation.objects.en_vigueur(timezone.localdate()).filter(
        organisation=demande.organisation_id, organisation__isnull=False
    )
    return set(representations.values_list("siege", flat=True))


def recuser_l_organisation(demande: DemandeFonds, scrutin: Scrutin) -> None:
    """Make every voice of the organisation that asks stand aside: nobody decides on their own request (R4)."""
    if demande.organisation_id is None:
        return
    partenaires = ElecteurPartenaire.objects.filter(adhesion__organisation=demande.organisation_id).values("electeur")
    electeurs = scrutin.electeurs.select_related("utilisateur")
    for electeur in electeurs.filter(siege__in=sieges_du_demandeur(demande)) | electeurs.filter(pk__in=partenaires):
        inscrire_recusation(electeur, utilisateur=electeur.utilisateur, motif=SON_ORGANISATION)
