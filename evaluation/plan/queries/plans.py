"""The strategic plan of an exercice: its strategies, their targets, evidence and effects."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from django.db.models import Count, Prefetch, Q, QuerySet

from chantiers.actions.models import ActionCollective
from demarche.gouvernance.models import Exercice
from evaluation.plan.comparaisons import Comparaison, comparer
from evaluation.plan.enums import STATUTS_AVEC_PREUVE, TON_STATUT, NatureEffet, StatutCible, SuiteCible
from evaluation.plan.models import Cible, EffetConstate, PlanStrategique, Resultat, ResultatTransitoire, Strategie


@dataclass(frozen=True)
class LigneResultat:
    """One piece of evidence, in plain values."""

    pk: int
    texte: str
    date: datetime.date | None
    valeur: Decimal | None
    unite: str
    document: str  # title, empty without a document
    document_url: str
    activite: str  # title, empty without an activity


@dataclass(frozen=True)
class LigneCible:
    """One target of the exercice with its status, what comes next and its evidence."""

    pk: int
    numero: int
    enonce: str
    valeur_visee: Decimal | None
    unite: str
    statut: str
    suite: str
    resultats: tuple[LigneResultat, ...]
    comparaison: Comparaison

    @property
    def libelle_statut(self) -> str:
        return str(StatutCible(self.statut).label)

    @property
    def ton(self) -> str:
        return TON_STATUT[self.statut]

    @property
    def libelle_suite(self) -> str:
        return str(SuiteCible(self.suite).label) if self.suite else ""

    @property
    def est_a_statuer(self) -> bool:
        return self.statut == StatutCible.EN_COURS

    @property
    def est_sans_preuve(self) -> bool:
        """True when evidence is expected (R14) and there is none."""
        return not self.resultats and (self.est_a_statuer or self.statut in STATUTS_AVEC_PREUVE)


@dataclass(frozen=True)
class EffetsDomaine:
    """The résultats transitoires seen in one domaine d’action."""

    numero: int
    nom: str
    resultats_transitoires: tuple[str, ...]


@dataclass(frozen=True)
class LigneEffet:
    """What a strategy changed in the exercice (R15)."""

    nature: str
    precision: str
    domaines: tuple[EffetsDomaine, ...]  # empty unless identified

    @property
    def libelle_nature(self) -> str:
        return str(NatureEffet(self.nature).label)


@dataclass(frozen=True)
class LigneSynthese:
    """One strategy of the plan in one exercice: its place, its targets, its effects."""

    pk: int
    code: str
    enonce: str
    orientation_pk: int
    orientation_numero: int
    orientation: str
    objectif_pk: int
    objectif_code: str
    objectif: str
    cibles: tuple[LigneCible, ...]
    effet: LigneEffet | None

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
    resultats = Resultat.objects.select_related("document", "activite").order_by("date", "pk")
    return Cible.objects.select_related("exercice", "strategie__objectif__orientation").prefetch_related(
        Prefetch("resultats", queryset=resultats)
    )


def _completer(strategies: QuerySet[Strategie], exercice: Exercice) -> QuerySet[Strategie]:
    """Add the targets of the exercice, their evidence and the effects."""
    resultats = Resultat.objects.select_related("document", "activite").order_by("date", "pk")
    cibles = Cible.objects.filter(exercice=exercice).order_by("numero")
    transitoires = ResultatTransitoire.objects.select_related("domaine")
    effets = EffetConstate.objects.filter(exercice=exercice)
    return strategies.prefetch_related(
        Prefetch("cibles", queryset=cibles.prefetch_related(Prefetch("resultats", queryset=resultats))),
        Prefetch(
            "effets",
            queryset=effets.prefetch_related(Prefetch("resultats_transitoires", queryset=transitoires)),
        ),
    )


def _ligne(strategie: Strategie) -> LigneSynthese:
    objectif = strategie.objectif
    orientation = objectif.orientation
    effet = next(iter(strategie.effets.all()), None)
    return LigneSynthese(
        pk=strategie.pk,
        code=strategie.code,
        enonce=strategie.enonce,
        orientation_pk=orientation.pk,
        orientation_numero=orientation.numero,
        orientation=orientation.titre,
        objectif_pk=objectif.pk,
        objectif_code=objectif.code,
        objectif=objectif.titre,
        cibles=tuple(ligne_cible(cible) for cible in strategie.cibles.all()),
        effet=ligne_effet(effet) if effet else None,
    )


def ligne_cible(cible: Cible) -> LigneCible:
    """Return one target with its prefetched results, in plain values."""
    resultats = tuple(
        LigneResultat(
            pk=resultat.pk,
            texte=resultat.texte,
            date=resultat.date,
            valeur=resultat.valeur,
            unite=resultat.unite,
            document=resultat.document.titre if resultat.document else "",
            document_url=resultat.document.get_absolute_url() if resultat.document else "",
            activite=resultat.activite.titre if resultat.activite else "",
        )
        for resultat in cible.resultats.all()
    )
    return LigneCible(
        pk=cible.pk,
        numero=cible.numero,
        enonce=cible.enonce,
        valeur_visee=cible.valeur_visee,
        unite=cible.unite,
        statut=cible.statut,
        suite=cible.suite,
        resultats=resultats,
        comparaison=comparer(cible.valeur_visee, cible.unite, resultats),
    )


def ligne_effet(effet: EffetConstate) -> LigneEffet:
    """Return the effects of one strategy, the résultats transitoires grouped by domaine."""
    choisis: Iterable[ResultatTransitoire] = sorted(
        effet.resultats_transitoires.all(), key=lambda r: (r.domaine.numero, r.numero)
    )
    domaines = tuple(
        EffetsDomaine(domaine.numero, domaine.nom, tuple(r.nom for r in lot))
        for domaine, lot in groupby(choisis, key=lambda r: r.domaine)
    )
    return LigneEffet(effet.nature, effet.precision, domaines)


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


@dataclass(frozen=True)
class GroupeObjectif:
    """One objectif with its strategies."""

    code: str
    titre: str
    lignes: tuple[LigneSynthese, ...]


@dataclass(frozen=True)
class GroupeOrientation:
    """One orientation with its objectifs, as a page or a table lays them out."""

    numero: int
    titre: str
    objectifs: tuple[GroupeObjectif, ...]


def regrouper(lignes: Iterable[LigneSynthese]) -> tuple[GroupeOrientation, ...]:
    """Return the strategies under their objectif and their orientation, in order."""
    return tuple(
        GroupeOrientation(numero, titre, tuple(_objectifs(lot)))
        for (_, numero, titre), lot in groupby(
            lignes, key=lambda ligne: (ligne.orientation_pk, ligne.orientation_numero, ligne.orientation)
        )
    )


def _objectifs(lignes: Iterable[LigneSynthese]) -> Iterator[GroupeObjectif]:
    for (_, code, titre), lot in groupby(lignes, key=lambda li: (li.objectif_pk, li.objectif_code, li.objectif)):
        yield GroupeObjectif(code, titre, tuple(lot))


def filtrer_synthese(
    lignes: Iterable[LigneSynthese], *, statut: str = "", attention: str = ""
) -> tuple[LigneSynthese, ...]:
    """Keep the targets of one status, or those « a_statuer » or « sans_preuve », and the strategies that have some."""

    def garder(cible: LigneCible) -> bool:
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


@dataclass(frozen=True)
class OngletExercice:
    """One exercice of the life of a strategy."""

    libelle: str
    url: str
    actif: bool


def onglets_exercices(strategie: Strategie, choisi: Exercice) -> tuple[OngletExercice, ...]:
    """Return the exercices of a strategy's plan, those where it has targets, and the one shown."""
    plan = strategie.objectif.orientation.plan
    exercices = Exercice.objects.filter(
        Q(debut__lte=plan.fin, fin__gte=plan.debut) | Q(cibles__strategie=strategie) | Q(pk=choisi.pk)
    ).distinct()
    adresse = strategie.get_absolute_url()
    return tuple(
        OngletExercice(exercice.code, f"{adresse}?exercice={exercice.code}", exercice == choisi)
        for exercice in exercices.order_by("debut")
    )
