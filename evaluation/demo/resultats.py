"""What the year changed: the plan, its cibles and evidence, the effects, the measures, the texts of the bilan."""

from typing import Any

from chantiers.actions.models import Activite
from demarche.gouvernance.models import Exercice
from evaluation.bilan.enums import SectionNarrative
from evaluation.bilan.models import Narratif
from evaluation.demo.actions import FICHIERS
from evaluation.demo.ecriture import Demo
from evaluation.demo.lecture import lire
from evaluation.plan.enums import NatureEffet
from evaluation.plan.models import (
    Cible,
    Contribution,
    DomaineAction,
    EffetConstate,
    Indicateur,
    Mesure,
    MomentEvaluation,
    Objectif,
    Orientation,
    PlanEvaluation,
    PlanStrategique,
    Resultat,
    ResultatTransitoire,
    Strategie,
)

STRATEGIES = ("strategies_1", "strategies_2", "strategies_3")


def charger_transitoires(demo: Demo) -> dict[str, ResultatTransitoire]:
    """Write the 3 domaines and the 12 résultats transitoires that are missing; return the twelve by key."""
    par_cle = {}
    for ligne in lire("transitoires")["domaines"]:
        domaine = DomaineAction.objects.filter(numero=ligne["numero"]).first() or demo.ecrire(DomaineAction, ligne)
        for numero, resultat in enumerate(ligne["resultats"], start=1):
            cle = resultat.pop("cle")
            par_cle[cle] = domaine.resultats_transitoires.filter(numero=numero).first() or demo.creer(
                ResultatTransitoire(domaine=domaine, numero=numero, **resultat)
            )
    return par_cle


def charger_plan(demo: Demo, fichier: str, **dates: Any) -> dict[str, Objectif]:
    """Write one strategic plan with its orientations and objectives; return the objectives by code."""
    donnees = {**lire(fichier), **dates}
    plan = demo.ecrire(PlanStrategique, donnees)
    objectifs = {}
    for ligne in donnees["orientations"]:
        orientation = demo.ecrire(Orientation, ligne, plan=plan)
        for champs in ligne["objectifs"]:
            objectif = demo.ecrire(Objectif, champs, orientation=orientation)
            objectifs[objectif.code] = objectif
    return objectifs


def charger_strategies(demo: Demo, transitoires: dict[str, ResultatTransitoire]) -> None:
    """Write the 23 strategies with their 37 cibles, the evidence, the statuses and the effects of 2023-2024."""
    objectifs = charger_plan(demo, "plan")
    activites = {activite.titre: activite for activite in Activite.objects.all()}
    for fichier in STRATEGIES:
        for ligne in lire(fichier)["strategies"]:
            objectif, numero = ligne["code"].rsplit(".", 1)
            strategie = demo.creer(Strategie(objectif=objectifs[objectif], numero=int(numero), enonce=ligne["enonce"]))
            demo.strategies[ligne["code"]] = strategie
            for rang, cible in enumerate(ligne["cibles"], start=1):
                creer_cible(demo, strategie, demo.reference, numero=rang, ligne=cible, activites=activites)
            noter_effet(demo, strategie, demo.reference, ligne, transitoires)


def creer_cible(
    demo: Demo,
    strategie: Strategie,
    exercice: Exercice,
    *,
    numero: int,
    ligne: dict[str, Any],
    activites: dict[str, Activite],
) -> Cible:
    """Write one cible of one exercice with its evidence and its status."""
    cible = demo.ecrire(
        Cible, ligne, strategie=strategie, exercice=exercice, numero=numero, valeur_visee=ligne.get("valeur")
    )
    for resultat in ligne.get("resultats", ()):
        activite = activites[resultat["activite"]] if "activite" in resultat else None
        demo.ecrire(Resultat, resultat, cible=cible, activite=activite)
    return cible


def noter_effet(
    demo: Demo,
    strategie: Strategie,
    exercice: Exercice,
    ligne: dict[str, Any],
    transitoires: dict[str, ResultatTransitoire],
) -> None:
    """Write what one strategy changed in one exercice."""
    noms = {"nature": NatureEffet.IDENTIFIE, **ligne}
    effet = demo.ecrire(EffetConstate, noms, strategie=strategie, exercice=exercice)
    effet.resultats_transitoires.set(transitoires[cle] for cle in ligne.get("effets", ()))


def charger_contributions(demo: Demo) -> None:
    """Say which strategies each action serves."""
    for fichier in FICHIERS:
        for ligne in lire(fichier)["actions"]:
            for code in ligne["strategies"]:
                demo.creer(Contribution(strategie=demo.strategies[code], action_collective=demo.actions[ligne["cle"]]))


def charger_evaluation(demo: Demo) -> None:
    """Write the evaluation plan and the measures, each with its date and its source."""
    donnees = lire("evaluation")
    ligne = donnees["plan"]
    plan = demo.ecrire(PlanEvaluation, ligne)
    for moment in ligne["moments"]:
        instance = demo.instances[moment.pop("instance")]
        demo.creer(MomentEvaluation(plan=plan, instance_gouvernance=instance, **moment))
    for champs in donnees["indicateurs"]:
        indicateur = demo.ecrire(Indicateur, champs)
        for mesure in champs["mesures"]:
            demo.creer(Mesure(indicateur=indicateur, **mesure))


def charger_narratifs(demo: Demo) -> None:
    """Write every narrative section of the bilan 2023-2024."""
    for section, texte in lire("narratifs").items():
        demo.creer(Narratif(exercice=demo.reference, section=SectionNarrative(section), texte=texte))
