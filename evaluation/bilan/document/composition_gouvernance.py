"""Compose the sections on governance: présentation, équipe, processus, planification."""

from chantiers.demandes.models import RegleAllocation
from demarche.comptes.enums import EQUIPE, Role
from demarche.comptes.models import RoleAttribue
from demarche.gouvernance.enums import GenreInstance, GenreSiege
from demarche.gouvernance.models import CadreReference, Demarche, Exercice, InstanceGouvernance, Siege
from evaluation.bilan.document.donnees import (
    CadreBilan,
    CalendrierEvaluation,
    InstanceBilan,
    LigneSieges,
    MembreEquipe,
    MomentBilan,
    Planification,
    Presentation,
    Processus,
    RegleBilan,
)
from evaluation.plan.models import PlanEvaluation
from evaluation.plan.queries.plans import plan_de


def composer_presentation(demarche: Demarche, exercice: Exercice) -> Presentation:
    """Return what the démarche is; two queries: the instances, the framework in force at the end of the exercice."""
    return Presentation(
        presentation=demarche.presentation,
        mission=demarche.mission,
        objectifs=tuple(demarche.liste_objectifs),
        vision=tuple(demarche.liste_vision),
        horizon_vision=demarche.horizon_vision,
        instances=tuple(
            InstanceBilan(i.pk, i.nom, i.genre, i.parent_id, i.role)
            for i in InstanceGouvernance.objects.filter(est_active=True)
        ),
        cadre=_cadre(exercice),
    )


def _cadre(exercice: Exercice) -> CadreBilan | None:
    cadre = CadreReference.objects.filter(adopte_le__lte=exercice.fin).select_related("resolution").first()
    if cadre is None:
        return None
    return CadreBilan(
        version=cadre.version,
        adopte_le=cadre.adopte_le,
        resume=cadre.texte,
        definition_partenaire=cadre.definition_partenaire,
        resolution=cadre.resolution.code if cadre.resolution else "",
    )


def lire_equipe(exercice: Exercice) -> tuple[MembreEquipe, ...]:
    """Return the team on the last day of the exercice, the coordination first; one query."""
    attributions = (
        RoleAttribue.objects.en_vigueur(exercice.fin)
        .filter(role__in=EQUIPE, utilisateur__is_active=True)
        .select_related("utilisateur")
    )
    ordre = sorted(attributions, key=lambda a: (a.role != Role.COORDONNATEUR, a.utilisateur.nom, a.utilisateur.prenom))
    return tuple(MembreEquipe(str(a.utilisateur), a.get_role_display()) for a in ordre)


def composer_processus(exercice: Exercice, *, texte: str) -> Processus:
    """Return the seats of the comité by kind and the thresholds in force at the end of the exercice; two queries."""
    genres = list(
        Siege.objects.filter(instance_gouvernance__genre=GenreInstance.COMITE_PILOTAGE, est_actif=True)
        .filter(instance_gouvernance__est_active=True)
        .order_by("numero")
        .values_list("genre", flat=True)
    )
    sieges = tuple(LigneSieges(genres.count(g), str(GenreSiege(g).label)) for g in dict.fromkeys(genres))
    regle = RegleAllocation.objects.en_vigueur(exercice.fin)
    return Processus(
        texte=texte,
        sieges=sieges,
        regle=RegleBilan(regle.en_vigueur_du, regle.seuil_comite, regle.seuil_assemblee, regle.source)
        if regle
        else None,
    )


def composer_planification(exercice: Exercice, *, texte: str) -> Planification:
    """Return the strategic plan and the calendar of the evaluation plan; three queries."""
    plan = plan_de(exercice)
    return Planification(texte, str(plan) if plan else "", _calendrier(exercice))


def _calendrier(exercice: Exercice) -> CalendrierEvaluation | None:
    """Return the last evaluation plan that was in force in the exercice or begins at its end."""
    plans = PlanEvaluation.objects.filter(debut__year__lte=exercice.fin.year, fin__gte=exercice.debut)
    plan = plans.prefetch_related("moments__instance_gouvernance").order_by("-debut", "-pk").first()
    if plan is None:
        return None
    moments = sorted(plan.moments.all(), key=lambda m: (m.collecte_du, m.pk))
    return CalendrierEvaluation(
        titre=plan.titre,
        debut=plan.debut,
        fin=plan.fin,
        moments=tuple(
            MomentBilan(
                dimension=m.dimension,
                instance=m.instance_gouvernance.nom if m.instance_gouvernance else "",
                frequence=m.frequence,
                du=m.collecte_du,
                au=m.collecte_au,
            )
            for m in moments
        ),
    )
