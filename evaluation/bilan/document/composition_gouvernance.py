"""Compose the sections on governance: présentation, équipe, processus, planification."""

from chantiers.demandes.models import RegleAllocation
from demarche.comptes.enums import EQUIPE, Role
from demarche.comptes.models import RoleAttribue
from demarche.gouvernance.enums import GenreInstance, GenreSiege
from demarche.gouvernance.models import CadreReference, Demarche, Exercice, InstanceGouvernance, Siege
from evaluation.bilan.document import donnees
from evaluation.plan.models import PlanEvaluation
from evaluation.plan.queries.plans import plan_de


def composer_presentation(demarche: Demarche, exercice: Exercice) -> donnees.Presentation:
    """Return what the démarche is; two queries: the instances, the framework in force at the end of the exercice."""
    cadre = CadreReference.objects.filter(adopte_le__lte=exercice.fin).select_related("resolution").first()
    instances = InstanceGouvernance.objects.filter(est_active=True)
    return donnees.copier(
        donnees.Presentation,
        demarche,
        objectifs=tuple(demarche.liste_objectifs),
        vision=tuple(demarche.liste_vision),
        instances=tuple(donnees.copier(donnees.InstanceBilan, instance) for instance in instances),
        cadre=cadre
        and donnees.copier(
            donnees.CadreBilan,
            cadre,
            resume=cadre.texte,
            resolution=cadre.resolution.code if cadre.resolution else "",
        ),
    )


def lire_equipe(exercice: Exercice) -> tuple[donnees.MembreEquipe, ...]:
    """Return the team on the last day of the exercice, the coordination first; one query."""
    attributions = (
        RoleAttribue.objects.en_vigueur(exercice.fin)
        .filter(role__in=EQUIPE, utilisateur__is_active=True)
        .select_related("utilisateur")
    )
    ordre = sorted(attributions, key=lambda a: (a.role != Role.COORDONNATEUR, a.utilisateur.nom, a.utilisateur.prenom))
    return tuple(donnees.MembreEquipe(str(a.utilisateur), a.get_role_display()) for a in ordre)


def composer_processus(exercice: Exercice, *, texte: str) -> donnees.Processus:
    """Return the seats of the comité by kind and the thresholds in force at the end of the exercice; two queries."""
    genres = list(
        Siege.objects.filter(instance_gouvernance__genre=GenreInstance.COMITE_PILOTAGE, est_actif=True)
        .filter(instance_gouvernance__est_active=True)
        .order_by("numero")
        .values_list("genre", flat=True)
    )
    regle = RegleAllocation.objects.en_vigueur(exercice.fin)
    return donnees.Processus(
        texte=texte,
        sieges=tuple(donnees.LigneSieges(genres.count(g), str(GenreSiege(g).label)) for g in dict.fromkeys(genres)),
        regle=donnees.copier(donnees.RegleBilan, regle) if regle else None,
    )


def composer_planification(exercice: Exercice, *, texte: str) -> donnees.Planification:
    """Return the strategic plan, and the last evaluation plan in force in the exercice or that begins at its end.

    Queries: three.
    """
    plan = plan_de(exercice)
    evaluations = PlanEvaluation.objects.filter(debut__year__lte=exercice.fin.year, fin__gte=exercice.debut)
    evaluation = evaluations.prefetch_related("moments__instance_gouvernance").order_by("-debut", "-pk").first()
    return donnees.Planification(texte, str(plan or ""), _calendrier(evaluation) if evaluation else None)


def _calendrier(plan: PlanEvaluation) -> donnees.CalendrierEvaluation:
    moments = sorted(plan.moments.all(), key=lambda m: (m.collecte_du, m.pk))
    return donnees.copier(
        donnees.CalendrierEvaluation,
        plan,
        moments=tuple(
            donnees.copier(
                donnees.MomentBilan,
                moment,
                instance=moment.instance_gouvernance.nom if moment.instance_gouvernance else "",
                du=moment.collecte_du,
                au=moment.collecte_au,
            )
            for moment in moments
        ),
    )
