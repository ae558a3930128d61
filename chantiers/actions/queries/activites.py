"""What was done in an exercice: totals are computed here, never typed (R16)."""

from dataclasses import dataclass, fields
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from chantiers.actions.enums import FiabiliteNombre
from chantiers.actions.models import Activite
from chantiers.actions.models.actions import ActiviteQuerySet
from demarche.gouvernance.models import Exercice
from demarche.socle.champs import MontantField

ZERO = Decimal(0)


@dataclass(frozen=True)
class TotauxActivites:
    """Sums over activities; hours in hours, people may be the same ones from an activity to another."""

    nb_activites: int = 0
    nb_personnes: int = 0
    nb_personnes_estimees: int = 0  # part of nb_personnes that was estimated, not counted
    nb_citoyens_responsables: int = 0
    nb_benevoles: int = 0
    heures_citoyennes: Decimal = ZERO
    heures_partenaires: Decimal = ZERO

    @property
    def a_des_estimes(self) -> bool:
        return self.nb_personnes_estimees > 0

    def __add__(self, autre: "TotauxActivites") -> "TotauxActivites":
        return TotauxActivites(**{c.name: getattr(self, c.name) + getattr(autre, c.name) for c in fields(self)})


AUCUNE_ACTIVITE = TotauxActivites()
SOMMES_ACTIVITES = {
    "nb_activites": Count("pk"),
    # Before `nb_personnes`: after it, the name would mean the sum and no longer the column.
    "nb_personnes_estimees": Coalesce(Sum("nb_personnes", filter=Q(fiabilite=FiabiliteNombre.ESTIME)), 0),
    "nb_personnes": Coalesce(Sum("nb_personnes"), 0),
    "nb_citoyens_responsables": Coalesce(Sum("nb_citoyens_responsables"), 0),
    "nb_benevoles": Coalesce(Sum("nb_benevoles"), 0),
    "heures_citoyennes": Coalesce(Sum("heures_citoyennes"), ZERO, output_field=MontantField()),
    "heures_partenaires": Coalesce(Sum("heures_partenaires"), ZERO, output_field=MontantField()),
}


def totaux_activites(activites: ActiviteQuerySet) -> TotauxActivites:
    """Return the sums over these activities, in one query."""
    return TotauxActivites(**activites.order_by().aggregate(**SOMMES_ACTIVITES))


def _totaux_groupes(activites: ActiviteQuerySet, cle: str) -> dict[int | None, TotauxActivites]:
    lignes = activites.order_by().values(cle).annotate(**SOMMES_ACTIVITES)
    return {ligne.pop(cle): TotauxActivites(**ligne) for ligne in lignes}


def _activites(exercice: Exercice, *, publiques: bool) -> ActiviteQuerySet:
    activites = Activite.objects.de_l_exercice(exercice)
    return activites.publiques() if publiques else activites


def totaux_par_action(exercice: Exercice, *, publiques: bool = False) -> dict[int | None, TotauxActivites]:
    """Return what each action did in the exercice, in one query.

    Shape:  ActionCollective.pk -> TotauxActivites; an action without activity is absent (use AUCUNE_ACTIVITE).
    """
    return _totaux_groupes(_activites(exercice, publiques=publiques), "action_collective")


def totaux_par_chantier(exercice: Exercice, *, publiques: bool = False) -> dict[int | None, TotauxActivites]:
    """Return what each chantier did in the exercice, in one query.

    Shape:  Chantier.pk -> TotauxActivites; None holds the actions without chantier; without activity, absent.
    """
    return _totaux_groupes(_activites(exercice, publiques=publiques), "action_collective__chantier")


def totaux_exercice(exercice: Exercice, *, publiques: bool = False) -> TotauxActivites:
    """Return what all actions did in the exercice, in one query."""
    return totaux_activites(_activites(exercice, publiques=publiques))
