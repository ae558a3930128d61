"""Who speaks for which partner at a ballot of the assemblée (R6)."""

from django.db.models import Q
from django.utils import timezone

from demarche.models import Electeur, Scrutin, Utilisateur
from partenaires.models import Adhesion, Affiliation, ElecteurPartenaire


def voix_du_partenaire(scrutin: Scrutin, utilisateur: Utilisateur) -> Electeur | None:
    """Return the elector this account speaks for today: its own citizen's adhesion, or that of its organisation.

    The adhesion and the affiliation must hold today; somebody of two partners votes for the first called.
    """
    jour = timezone.localdate()
    organisations = Affiliation.objects.en_vigueur(jour).filter(personne__utilisateur=utilisateur)
    partenaires = ElecteurPartenaire.objects.filter(
        Q(adhesion__organisation__in=organisations.values("organisation"))
        | Q(adhesion__organisation__isnull=True, adhesion__personne__utilisateur=utilisateur),
        electeur__scrutin=scrutin,
        adhesion__in=Adhesion.objects.en_vigueur(jour),
    )
    premier = partenaires.order_by("electeur__numero").values_list("electeur_id", flat=True).first()
    if premier is None:
        return None
    return Electeur.objects.select_related("siege", "vote", "recusation").get(pk=premier)
