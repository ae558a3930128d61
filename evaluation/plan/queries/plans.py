"""The strategic plan of an exercice: its strategies, their targets, evidence and effects."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from chantiers.actions.models import ActionCollective
from demarche.gouvernance.models import Exercice
from evaluation.plan.enums import STATUTS_AVEC_PREUVE, TON_STATUT, StatutCible
from evaluation.plan.models import Cible, EffetConstate, PlanStrategique, Resultat, ResultatTransitoire, Strategie


@dataclass(frozen=True)
class LigneSynthese:
    """One strategy of the plan in one exercice: its targets, with their evidence, and its effects."""

    strategie: Strategie
    cibles: tuple[Cible, ...]
    effet: EffetConstate | None

    @property
    def est_a_surveiller(self) -> bool:
        """True when a target waits for its status or its evidence."""
        return any(cible.est_a_statuer or cible.est_sans_preuve for cible in self.cibles)


@dataclass(frozen=True)
class CompteStatut:
    """How many targets of the exercice have one status."""

    statut: str
    libelle: str
    ton: str
    nombre: int


@dataclass(frozen=True)
class ComptesStatuts:
    """The targets of an exercice by status: one line a status, zeros included, and their total."""

    total: int
    comptes: tuple[CompteStatut, ...]

    def nombre(self, statut: str) -> int:
        return next(compte.nombre for compte in self.comptes if compte.statut == statut)


def plan_de(exercice: Exercice) -> PlanStrategique | None:
    """Return the strategic plan in force in the exercice, the latest if several; None when there is none."""
    return PlanStrategique.objects.filter(debut__lte=exercice.fin, fin__gte=exercice.debut).order_by("-debut").first()


def plans_de_l_action(action_collective: ActionCollective) -> list[PlanStrategique]:
    """Return the plans that an action may serve: those in force during it, and those it serves already."""
    pendant = Q(fin__gte=action_collective.debut)
    if action_collective.fin:
        pendant &= Q(debut__lte=action_collective.fin)
    deja = action_collective.contributions.values("strategie__objectif__orientation__plan")
    return list(PlanStrategique.objects.filter(pendant | Q(pk__in=deja)).order_by("-debut"))


def exercice_de_la_strategie(strategie: Strategie, courant: Exercice) -> Exercice:
    """Return the exercice on which the page of a strategy opens: the current one, or the last one of an older plan."""
    plan = strategie.objectif.orientation.plan
    if plan.debut <= courant.fin and courant.debut <= plan.fin:
        return courant
    return Exercice.objects.filter(debut__lte=plan.fin, fin__gte=plan.debut).order_by("-debut").first() or courant


def strategies_de(exercice: Exercice) -> QuerySet[Strategie]:
    """Return the strategies of the plan in force, and any other that has targets in the exercice."""
    plan = plan_de(exercice)
    avec_cibles = Cible.objects.filter(exercice=exercice).values("strategie")
    return (
        Strategie.objects.filter(Q(objectif__orientation__plan=plan) | Q(pk__in=avec_cibles))
        .select_related("objectif__orientation")
        .order_by(
            "objectif__orientation__plan__debut", "objectif__orientation__numero", "objectif__numero", "numero", "pk"
        )
    )


def synthese(exercice: Exercice) -> tuple[LigneSynthese, ...]:
    """Return every strategy of the exercice with its targets, their evidence and its effects: the synthesis table.

    Shape:   strategies in the order of their codes; a strategy without target or effect is there, empty.
    Queries: six, whatever the rows.
    Source:  bilan 2023-2024, Synthèse des résultats.
    """
    return tuple(_ligne(strategie) for strategie in _completer(strategies_de(exercice), exercice))


def ligne_strategie(strategie: Strategie, exercice: Exercice) -> LigneSynthese:
    """Return one strategy as `synthese` does."""
    seule = Strategie.objects.filter(pk=strategie.pk).select_related("objectif__orientation")
    return _ligne(_completer(seule, exercice).get())


def lire_cibles() -> QuerySet[Cible]:
    """Return the targets with all that their page shows."""
    return Cible.objects.select_related("exercice", "strategie__objectif__orientation").prefetch_related(_preuves())


def _preuves() -> "Prefetch[Any]":
    return Prefetch("resultats", Resultat.objects.select_related("document", "activite").order_by("date", "pk"))


def _completer(strategies: QuerySet[Strategie], exercice: Exercice) -> QuerySet[Strategie]:
    """Add the targets of the exercice, their evidence and the effects."""
    cibles = Cible.objects.filter(exercice=exercice).order_by("numero").prefetch_related(_preuves())
    transitoires = Prefetch("resultats_transitoires", ResultatTransitoire.objects.select_related("domaine"))
    effets = EffetConstate.objects.filter(exercice=exercice).prefetch_related(transitoires)
    return strategies.prefetch_related(Prefetch("cibles", cibles), Prefetch("effets", effets))


def _ligne(strategie: Strategie) -> LigneSynthese:
    return LigneSynthese(strategie, tuple(strategie.cibles.all()), next(iter(strategie.effets.all()), None))


def compte_statuts(exercice: Exercice) -> ComptesStatuts:
    """Return how many targets of the exercice have each status, in the order of the statuses; one query."""
    lignes = Cible.objects.filter(exercice=exercice).order_by().values_list("statut").annotate(n=Count("pk"))
    nombres: dict[str, int] = dict(lignes)
    return ComptesStatuts(
        total=sum(nombres.values()),
        comptes=tuple(
            CompteStatut(statut.value, str(statut.label), TON_STATUT[statut], nombres.get(statut.value, 0))
            for statut in StatutCible
        ),
    )


def cibles_en_souffrance(exercice: Exercice) -> tuple[int, int]:
    """Return how many targets are under way, and how many others lack the evidence of their status; one query."""
    comptes = Cible.objects.filter(exercice=exercice).aggregate(
        a_statuer=Count("pk", filter=Q(statut=StatutCible.EN_COURS), distinct=True),
        sans_preuve=Count("pk", filter=Q(statut__in=STATUTS_AVEC_PREUVE, resultats__isnull=True), distinct=True),
    )
    return comptes["a_statuer"], comptes["sans_preuve"]


def filtrer_synthese(
    lignes: Iterable[LigneSynthese], *, statut: str = "", attention: str = ""
) -> tuple[LigneSynthese, ...]:
    """Keep the targets of one status, or those « a_statuer » or « sans_preuve », and the strategies that have some."""

    def garder(cible: Cible) -> bool:
        return (
            (not statut or cible.statut == statut)
            and (attention != "a_statuer" or cible.est_a_statuer)
            and (attention != "sans_preuve" or cible.est_sans_preuve)
        )

    lignes = tuple(lignes)
    if not statut and attention not in {"a_statuer", "sans_preuve"}:
        return lignes
    gardees = (replace(ligne, cibles=tuple(c for c in ligne.cibles if garder(c))) for ligne in lignes)
    return tuple(ligne for ligne in gardees if ligne.cibles)


def onglets_exercices(strategie: Strategie, choisi: Exercice) -> list[dict[str, Any]]:
    """Return the exercices of a strategy's plan, those where it has targets, and the one shown."""
    plan = strategie.objectif.orientation.plan
    exercices = Exercice.objects.filter(
        Q(debut__lte=plan.fin, fin__gte=plan.debut) | Q(cibles__strategie=strategie) | Q(pk=choisi.pk)
    ).distinct()
    adresse = strategie.get_absolute_url()
    return [
        {"libelle": un.code, "url": f"{adresse}?exercice={un.code}", "actif": un == choisi}
        for un in exercices.order_by("debut")
    ]
