"""The exercice in progress: new actions, meetings past and announced, money, cibles."""

import datetime
from typing import Any

from chantiers.actions.enums import EtatAction
from chantiers.actions.models import Activite
from chantiers.budget.models import Enveloppe
from demarche.gouvernance.models import Exercice, Rencontre
from evaluation.demo.actions import creer_action, ecrire_lignes
from evaluation.demo.ecriture import Demo
from evaluation.demo.lecture import lire
from evaluation.demo.resultats import charger_plan, creer_cible, noter_effet
from evaluation.demo.suite import dates_assemblees, ecrire_assemblee
from evaluation.demo.temps import jour_il_y_a
from evaluation.plan.enums import StatutCible
from evaluation.plan.models import Contribution, ResultatTransitoire, Strategie

PREMIER_PLAN = 2025
DUREE_PLAN = 3
SAMEDI = 5
ASSEZ_AVANCE = datetime.timedelta(days=60)


def charger_actions_courantes(demo: Demo) -> None:
    """Write the actions of the exercice, dated around the day, each with a first activity."""
    for rang, ligne in enumerate(lire("vivant")["actions"]):
        debut = jour_il_y_a(demo, 60)
        action = creer_action(
            demo,
            {
                **ligne,
                "titre": ligne["titre"].format(exercice=demo.courant.code),
                "debut": debut,
                "fin": demo.jour + datetime.timedelta(days=75 + 20 * rang),
                "etat": EtatAction.PREPARATION if rang == 0 else EtatAction.EN_COURS,
            },
        )
        date = jour_il_y_a(demo, 25 - 5 * rang)
        demo.ecrire(Activite, ligne, action_collective=action, titre=ligne["activite"], date=date)


def charger_enveloppes(demo: Demo) -> dict[str, Enveloppe]:
    """Write the sums that can be granted this year: from a bailleur, reserved to a chantier, from the surplus."""
    donnees = lire("vivant")
    bailleur, reservee = donnees["enveloppe_bailleur"], donnees["enveloppe_chantier"]
    for enveloppe in (bailleur, reservee):
        enveloppe["nom"] = enveloppe["nom"].format(exercice=demo.courant.code)
    periode = {"du": demo.courant.debut, "au": demo.courant.fin}
    demo.creer(Enveloppe(chantier=demo.chantiers["sa"], **periode, **reservee))
    return {
        "bailleur": demo.creer(Enveloppe(**periode, **bailleur)),
        "surplus": demo.creer(Enveloppe(du=demo.courant.debut, **donnees["enveloppe_surplus"])),
    }


def charger_budget_courant(demo: Demo) -> None:
    """Write the budget of the exercice; what is real appears once it is two months old."""
    lignes: list[list[Any]] = lire("budget")["lignes_courantes"]
    if demo.jour - demo.courant.debut < ASSEZ_AVANCE:
        lignes = [ligne[:6] for ligne in lignes]
    ecrire_lignes(demo, demo.courant, lignes)


def charger_rencontres_courantes(demo: Demo) -> None:
    """Write the meetings announced, the next assemblée among them; those of the comité are in `rencontres`."""
    _rencontre(demo, "SA", "Chantier Sécurité alimentaire : saison du marché", 9, heure=13, publique=True)
    _rencontre(demo, "VE", "Rencontre citoyenne : un projet pour ma rue", 12, heure=19, publique=True)
    _rencontre(demo, "LF", "Table Loisirs et festivités : le calendrier de l’an prochain", 23, heure=9, publique=True)
    _rencontre(demo, "LO", "Chantier Logement : premiers gestes", 31, heure=13, publique=True)
    annee = demo.courant.fin.year
    suivant = Exercice(debut=datetime.date(annee, 7, 1), fin=datetime.date(annee + 1, 6, 30))
    prochaines = (*dates_assemblees(demo.courant), *dates_assemblees(suivant))
    ecrire_assemblee(demo, next(date for date in prochaines if date > demo.jour))


def _rencontre(demo: Demo, instance: str, titre: str, jours: int, *, heure: int, publique: bool = False) -> None:
    date = jour_il_y_a(demo, -jours) if jours < 0 else demo.jour + datetime.timedelta(days=jours)
    if jours > 0 and date.weekday() >= SAMEDI:  # nobody meets on a week-end
        date += datetime.timedelta(days=2)
    demo.convoquer(
        Rencontre(
            instance_gouvernance=demo.instances[instance],
            titre=titre,
            date=date,
            heure=datetime.time(heure, 30),
            lieu="Bureaux de la démarche",
            est_publique=publique,
        ),
        "Tour de table\nSuivis\nDécisions à prendre",
    )


def charger_plan_courant(demo: Demo, transitoires: dict[str, ResultatTransitoire]) -> None:
    """Write the plan that contains the day, with the cibles of its exercices: concluded, then in progress."""
    annee = PREMIER_PLAN + (demo.courant.debut.year - PREMIER_PLAN) // DUREE_PLAN * DUREE_PLAN
    debut, fin = datetime.date(annee, 7, 1), datetime.date(annee + DUREE_PLAN, 6, 30)
    titre = f"Plan stratégique {annee}-{annee + DUREE_PLAN}"
    objectifs = charger_plan(demo, "plan_suivant", titre=titre, debut=debut, fin=fin)
    strategies = {}
    for ligne in lire("plan_suivant")["strategies"]:
        code, numero = ligne["code"].rsplit(".", 1)
        strategie = demo.creer(Strategie(objectif=objectifs[code], numero=int(numero), enonce=ligne["enonce"]))
        strategies[ligne["code"]] = strategie
        for action in ligne["actions"]:
            demo.creer(Contribution(strategie=strategie, action_collective=demo.actions[action]))
        for exercice in (e for e in demo.suivants if e.debut >= debut):
            for rang, cible in enumerate(ligne["cibles"], start=1):
                saisie = _cible(cible, exercice, en_cours=exercice == demo.courant)
                creer_cible(demo, strategie, exercice, numero=rang, ligne=saisie, activites={})
            if exercice != demo.courant:
                noter_effet(demo, strategie, exercice, ligne, transitoires)
    for ligne in lire("vivant")["actions"]:
        for code in ligne["strategies"]:
            demo.creer(Contribution(strategie=strategies[code], action_collective=demo.actions[ligne["cle"]]))


def _cible(ligne: dict[str, Any], exercice: Exercice, *, en_cours: bool) -> dict[str, Any]:
    """Return what to write of one cible in one exercice: still open this year, concluded the years before."""
    visee: dict[str, Any] = {cle: ligne[cle] for cle in ("enonce", "valeur", "unite") if cle in ligne}
    if en_cours:
        return {**visee, "statut": StatutCible.EN_COURS}
    resultat = {"texte": ligne["obtenu"], "date": exercice.fin - datetime.timedelta(days=15)}
    if "nombre" in ligne:
        resultat |= {"valeur": ligne["nombre"], "unite": ligne["unite"]}
    return {**visee, "statut": ligne["statut"], "suite": ligne.get("suite", ""), "resultats": [resultat]}
