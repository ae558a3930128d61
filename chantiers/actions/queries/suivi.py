"""Which actions a person may read, and how each chantier stands in an exercice."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Case, Exists, OuterRef, Q, When

from chantiers.actions.enums import EtatAction
from chantiers.actions.models import ActionCollective, Activite, Chantier
from chantiers.actions.models.actions import ActionCollectiveQuerySet
from chantiers.actions.protocoles import ARGENT, AUCUN_BUDGET, TotauxBudget
from chantiers.actions.queries.activites import AUCUNE_ACTIVITE, TotauxActivites, totaux_par_action
from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import Visiteur
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.permissions import peut_voir_decisions
from partenaires.permissions import organisations_de


def actions_visibles(visiteur: Visiteur) -> ActionCollectiveQuerySet:
    """Return the actions this person may read: all for those who see decisions, else public ones and one's own."""
    if peut_voir_decisions(visiteur):
        return ActionCollective.objects.all()
    if not isinstance(visiteur, Utilisateur):
        return ActionCollective.objects.publiques()
    return ActionCollective.objects.filter(Q(est_publique=True) | Q(porteur__in=organisations_de(visiteur)))


@dataclass(frozen=True)
class SuiviAction:
    """One action in an exercice, with what it did and its budget."""

    action_collective: ActionCollective
    totaux: TotauxActivites
    budget: TotauxBudget


@dataclass(frozen=True)
class SuiviChantier:
    """The actions of one chantier in an exercice (None: those of no chantier); its totals are theirs."""

    chantier: Chantier | None
    actions: tuple[SuiviAction, ...]

    @property
    def totaux(self) -> TotauxActivites:
        return sum((suivi.totaux for suivi in self.actions), AUCUNE_ACTIVITE)

    @property
    def budget(self) -> TotauxBudget:
        return sum((suivi.budget for suivi in self.actions), AUCUN_BUDGET)


def suivi_par_chantier(exercice: Exercice, visiteur: Visiteur) -> list[SuiviChantier]:
    """Return the chantiers with the actions this person may read, in a constant number of queries.

    Shape:  every active chantier, even without action; others when they have one; last, the actions of no chantier.
            An action belongs to the exercice by its dates, by an activity or by a budget line.
    """
    totaux, budgets = totaux_par_action(exercice), ARGENT.par_action(exercice)
    presentes = {cle for cle in (*totaux, *budgets) if cle is not None}
    actions = actions_visibles(visiteur).select_related("chantier", "porteur")
    suivis: dict[int | None, list[SuiviAction]] = defaultdict(list)
    for action in actions.de_l_exercice(exercice) | actions.filter(pk__in=presentes):
        suivis[action.chantier_id].append(
            SuiviAction(action, totaux.get(action.pk, AUCUNE_ACTIVITE), budgets.get(action.pk, AUCUN_BUDGET))
        )
    chantiers = Chantier.objects.filter(Q(est_actif=True) | Q(pk__in=[cle for cle in suivis if cle is not None]))
    groupes = [SuiviChantier(chantier, tuple(suivis[chantier.pk])) for chantier in chantiers]
    return [*groupes, SuiviChantier(None, tuple(suivis[None]))] if suivis[None] else groupes


def actions_filtrees(
    actions: ActionCollectiveQuerySet,
    *,
    exercice: Exercice | None,
    q: str = "",
    chantier: Chantier | None = None,
    type_action: str = "",
    etat: str = "",
    suivi: str = "",
) -> ActionCollectiveQuerySet:
    """Return the actions that match, ready to list in one query.

    `suivi`: « sans_activite » or « sans_budget » keeps the actions under way that have none in the exercice.
    """
    actions = actions.select_related("chantier", "porteur")
    if q:
        actions = actions.filter(Q(titre__icontains=q) | Q(resume__icontains=q) | Q(porteur__nom__icontains=q))
    for champ, valeur in (("chantier", chantier), ("type_action", type_action), ("etat", etat)):
        if valeur:
            actions = actions.filter(**{champ: valeur})
    if suivi and exercice is not None:
        actions = actions_a_completer(exercice, suivi, parmi=actions)
    return actions


def actions_a_completer(
    exercice: Exercice, suivi: str, *, parmi: ActionCollectiveQuerySet | None = None
) -> ActionCollectiveQuerySet:
    """Return the actions under way in the exercice that have no activity, or no budget line, in it."""
    actions = ActionCollective.objects.all() if parmi is None else parmi
    actions = actions.de_l_exercice(exercice).filter(etat=EtatAction.EN_COURS)
    if suivi == "sans_budget":
        for argent in ARGENT:
            actions = argent.sans_budget(exercice, actions)
        return actions
    return actions.exclude(Exists(Activite.objects.de_l_exercice(exercice).filter(action_collective=OuterRef("pk"))))


def actions_a_noter() -> ActionCollectiveQuerySet:
    """Return the actions an activity can be noted for: those not abandoned, the ones under way first."""
    return ActionCollective.objects.exclude(etat=EtatAction.ABANDONNEE).order_by(
        Case(When(etat=EtatAction.EN_COURS, then=0), default=1), "titre"
    )


def exercice_clos_de(action_collective: ActionCollective) -> Exercice | None:
    """Return the last closed exercice in which an action has activities or money, if any (R10)."""
    activites = Activite.objects.filter(action_collective=action_collective)
    return (
        Exercice.objects.filter(est_clos=True)
        .filter(
            Q(pk__in=ARGENT.exercices_comptes(action_collective))
            | Exists(activites.filter(date__range=(OuterRef("debut"), OuterRef("fin"))))
        )
        .order_by("debut")
        .last()
    )
