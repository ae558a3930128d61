"""The three chantiers, the fourteen actions of 2023-2024 and their activities; the money of the year."""

from typing import Any

from chantiers.actions.enums import OrigineAction
from chantiers.actions.models import ActionCollective, Activite, Chantier, ObjectifChantier
from chantiers.budget.models import AffectationSurplus, LigneBudgetaire, ResultatFinancier
from demarche.gouvernance.models import Exercice
from evaluation.demo.ecriture import Demo
from evaluation.demo.lecture import lire

FICHIERS = ("actions_vivre_ensemble", "actions_securite_alimentaire", "actions_autres")


def charger_chantiers(demo: Demo) -> None:
    """Write the chantiers with the objectives of each exercice; the last ones hold for every exercice after."""
    for ordre, ligne in enumerate(lire("chantiers")["chantiers"], start=1):
        chantier = demo.ecrire(Chantier, ligne, instance_gouvernance=demo.instances[ligne["instance"]], ordre=ordre)
        demo.chantiers[ligne["cle"]] = chantier
        textes = {objectifs["exercice"]: objectifs["textes"] for objectifs in ligne["objectifs"]}
        for exercice in (demo.reference, *demo.suivants):
            for numero, texte in enumerate(textes.get(exercice.code, textes["2024-2025"]), start=1):
                demo.creer(ObjectifChantier(chantier=chantier, exercice=exercice, numero=numero, texte=texte))


def charger_actions(demo: Demo) -> None:
    """Write the fourteen actions and the logbook of each."""
    for fichier in FICHIERS:
        for ligne in lire(fichier)["actions"]:
            action = creer_action(demo, ligne)
            for activite in ligne["activites"]:
                demo.ecrire(Activite, activite, action_collective=action)


def creer_action(demo: Demo, ligne: dict[str, Any]) -> ActionCollective:
    """Write one action from its data: by default it comes from its chantier."""
    action = demo.ecrire(
        ActionCollective,
        {"origine": OrigineAction.CHANTIER, **ligne},
        chantier=demo.chantiers.get(ligne.get("chantier", "")),
        concertation=demo.instances.get(ligne.get("concertation", "")),
        porteur=demo.organisations.get(ligne.get("porteur", "")),
        territoire=demo.territoires.get(ligne.get("territoire", "")),
    )
    action.partenaires.set(demo.organisations[cle] for cle in ligne["partenaires"])
    demo.actions[ligne["cle"]] = action
    return action


def charger_budget(demo: Demo) -> None:
    """Write the budget of 2023-2024, the result of each past exercice and what the surplus is set aside for."""
    donnees = lire("budget")
    ecrire_lignes(demo, demo.reference, donnees["lignes_2023_2024"])
    passes = {code: exercice for code, exercice in demo.exercices.items() if exercice.fin < demo.jour}
    for ligne in donnees["resultats"]:
        if ligne["exercice"] in passes:
            demo.ecrire(ResultatFinancier, ligne, exercice=passes[ligne["exercice"]])
    for ordre, ligne in enumerate(donnees["affectations"], start=1):
        if ligne["exercice"] in passes:
            demo.ecrire(AffectationSurplus, ligne, exercice=passes[ligne["exercice"]], ordre=ordre)


def ecrire_lignes(demo: Demo, exercice: Exercice, lignes: list[list[Any]]) -> None:
    """Write budget lines given as [action or "", nature, label, bailleur, gestionnaire, planned, real if known]."""
    noms = ("nature", "libelle", "bailleur", "gestionnaire", "montant_prevu", "montant_reel")
    for action, *valeurs in lignes:
        ligne = dict(zip(noms, valeurs, strict=False))  # the real amount may be missing
        demo.ecrire(LigneBudgetaire, ligne, exercice=exercice, action_collective=demo.actions.get(action))
