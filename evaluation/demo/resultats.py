"""What the year changed: the plan, its cibles and evidence, the effects, the measures, the texts of the bilan."""

from typing import Any

from chantiers.actions.models import Activite
from demarche.gouvernance.models import Exercice
from evaluation.bilan.enums import SectionNarrative
from evaluation.bilan.models import Narratif
from evaluation.demo.actions import FICHIERS
from evaluation.demo.ecriture import Demo
from evaluation.demo.lecture import lire
from evaluation.plan import models
from evaluation.plan.enums import NatureEffet

STRATEGIES = ("strategies_1", "strategies_2", "strategies_3")


def charger_transitoires(demo: Demo) -> dict[str, models.ResultatTransitoire]:
    """Write the 3 domaines and the 12 résultats transitoires that are missing; return the twelve by key."""
    par_cle = {}
    for ligne in lire("transitoires")["domaines"]:
        domaine = models.DomaineAction.objects.filter(numero=ligne["numero"]).first() or demo.ecrire(
            models.DomaineAction, ligne
        )
        for numero, resultat in enumerate(ligne["resultats"], start=1):
            cle = resultat.pop("cle")
            par_cle[cle] = domaine.resultats_transitoires.filter(numero=numero).first() or demo.creer(
                models.ResultatTransitoire(domaine=domaine, numero=numero, **resultat)
            )
    return par_cle


def charger_plan(demo: Demo, fichier: str, **dates: Any) -> dict[str, models.Objectif]:
    """Write one strategic plan with its orientations and objectives; return the objectives by code."""
    donnees = {**lire(fichier), **dates}
    plan = demo.ecrire(models.PlanStrategique, donnees)
    objectifs = {}
    for ligne in donnees["orientations"]:
        orientation = demo.ecrire(models.Orientation, ligne, plan=plan)
        for champs in ligne["objectifs"]:
            objectif = demo.ecrire(models.Objectif, champs, orientation=orientation)
            objectifs[objectif.code] = objectif
    return objectifs


def charger_strategies(demo: Demo, transitoires: dict[str, models.ResultatTransitoire]) -> None:
    """Write the 23 strategies with their 37 cibles, the evidence, the statuses and the effects of 2023-2024."""
    objectifs = charger_plan(demo, "plan")
    activites = {activite.titre: activite for activite in Activite.objects.all()}
    for fichier in STRATEGIES:
        for ligne in lire(fichier)["strategies"]:
            objectif, numero = ligne["code"].rsplit(".", 1)
            strategie = demo.creer(
                models.Strategie(objectif=objectifs[objectif], numero=int(numero), enonce=ligne["enonce"])
            )
            demo.strategies[ligne["code"]] = strategie
            for rang, cible in enumerate(ligne["cibles"], start=1):
                creer_cible(demo, strategie, demo.reference, numero=rang, ligne=cible, activites=activites)
            noter_effet(demo, strategie, demo.reference, ligne, transitoires)


def creer_cible(
    demo: Demo,
    strategie: models.Strategie,
    exercice: Exercice,
    *,
    numero: int,
    ligne: dict[str, Any],
    activites: dict[str, Activite],
) -> models.Cible:
    """Write one cible of one exercice with its evidence and its status."""
    cible = demo.ecrire(
        models.Cible, ligne, strategie=strategie, exercice=exercice, numero=numero, valeur_visee=ligne.get("valeur")
    )
    for resultat in ligne.get("resultats", ()):
        activite = activites[resultat["activite"]] if "activite" in resultat else None
        demo.ecrire(models.Resultat, resultat, cible=cible, activite=activite)
    return cible


def noter_effet(
    demo: Demo,
    strategie: models.Strategie,
    exercice: Exercice,
    ligne: dict[str, Any],
    transitoires: dict[str, models.ResultatTransitoire],
) -> None:
    """Write what one strategy changed in one exercice."""
    noms = {"nature": NatureEffet.IDENTIFIE, **ligne}
    effet = demo.ecrire(models.EffetConstate, noms, strategie=strategie, exercice=exercice)
    effet.resultats_transitoires.set(transitoires[cle] for cle in ligne.get("effets", ()))


def charger_contributions(demo: Demo) -> None:
    """Say which strategies each action serves."""
    for fichier in FICHIERS:
        for ligne in lire(fichier)["actions"]:
            for code in ligne["strategies"]:
                demo.creer(
                    models.Contribution(strategie=demo.strategies[code], action_collective=demo.actions[ligne["cle"]])
                )


def charger_evaluation(demo: Demo) -> None:
    """Write the evaluation plan and the measures, each with its date and its source."""
    donnees = lire("evaluation")
    ligne = donnees["plan"]
    plan = demo.ecrire(models.PlanEvaluation, ligne)
    for moment in ligne["moments"]:
        instance = demo.instances[moment.pop("instance")]
        demo.creer(models.MomentEvaluation(plan=plan, instance_gouvernance=instance, **moment))
    for champs in donnees["indicateurs"]:
        indicateur = demo.ecrire(models.Indicateur, champs)
        for mesure in champs["mesures"]:
            demo.creer(models.Mesure(indicateur=indicateur, **mesure))


def charger_narratifs(demo: Demo) -> None:
    """Write every narrative section of the bilan 2023-2024."""
    for section, texte in lire("narratifs").items():
        demo.creer(Narratif(exercice=demo.reference, section=SectionNarrative(section), texte=texte))
