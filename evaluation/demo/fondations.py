"""The démarche, its places, its years, its accounts, its instances and its seats."""

import datetime
from typing import Any

from demarche.comptes.models import RoleAttribue, Utilisateur
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import Demarche, Exercice, InstanceGouvernance, Mandat, Siege, Territoire
from evaluation.demo.ecriture import Demo, champs
from evaluation.demo.lecture import lire

PREMIER_EXERCICE = 2022
DEBUT_ROLES = datetime.date(2023, 7, 1)
DEBUT_MANDATS = datetime.date(2023, 9, 1)
DOMAINE = "demo.example"


def charger_demarche(demo: Demo) -> None:
    """Write the démarche, its places and its exercices up to today's."""
    donnees = lire("demarche")
    demo.creer(Demarche(pk=1, **donnees["demarche"]))
    for ligne in donnees["territoires"]:
        parent = demo.territoires.get(ligne.pop("parent", ""))
        demo.territoires[ligne["nom"]] = demo.creer(Territoire(parent=parent, **ligne))
    for annee in range(PREMIER_EXERCICE, demo.jour.year + 1):
        debut, fin = datetime.date(annee, 7, 1), datetime.date(annee + 1, 6, 30)
        if debut <= demo.jour:
            code = f"{annee}-{annee + 1}"
            demo.exercices[code] = demo.creer(Exercice(code=code, debut=debut, fin=fin))


def charger_comptes(demo: Demo) -> None:
    """Open the accounts in the order of the sign-in page, with their roles."""
    for ligne in lire("gouvernance")["comptes"]:
        compte = Utilisateur.objects.create_user(f"{ligne['cle']}@{DOMAINE}", prenom=ligne["prenom"], nom=ligne["nom"])
        demo.comptes[ligne["cle"]] = compte
        if "role" in ligne:
            demo.creer(RoleAttribue(utilisateur=compte, role=ligne["role"], du=DEBUT_ROLES))


def charger_gouvernance(demo: Demo) -> None:
    """Write the instances, the seven seats and the mandates; the last seat stays vacant."""
    donnees = lire("gouvernance")
    for ordre, ligne in enumerate(donnees["instances"], start=1):
        parent = demo.instances.get(ligne.pop("parent", ""))
        demo.instances[ligne["prefixe"]] = demo.creer(InstanceGouvernance(parent=parent, ordre=ordre, **ligne))
    comite = demo.instances["CP"]
    assert comite.genre == GenreInstance.COMITE_PILOTAGE  # noqa: S101 - the data file says so
    for numero, ligne in enumerate(donnees["sieges"], start=1):
        siege = demo.creer(Siege(instance_gouvernance=comite, numero=numero, **champs(Siege, ligne)))
        _donner_siege(demo, siege, ligne)


def _donner_siege(demo: Demo, siege: Siege, ligne: dict[str, Any]) -> None:
    """Write who holds one seat, and who held it before; a seat without holder stays vacant."""
    du = ligne.get("du", DEBUT_MANDATS)
    if "precedent" in ligne:
        fin = demo.jour - datetime.timedelta(days=ligne["vacant_depuis"]) if "vacant_depuis" in ligne else du
        veille = fin - datetime.timedelta(days=1)
        demo.creer(Mandat(siege=siege, utilisateur=demo.comptes[ligne["precedent"]], du=DEBUT_MANDATS, au=veille))
    if "titulaire" in ligne:
        au = demo.jour + datetime.timedelta(days=ligne["fin_dans"]) if "fin_dans" in ligne else None
        demo.creer(Mandat(siege=siege, utilisateur=demo.comptes[ligne["titulaire"]], du=du, au=au))


def personas() -> list[tuple[str, str, str]]:
    """Return who one can sign in as: name, quality, e-mail, in the order of the sign-in page."""
    return [
        (f"{ligne['prenom']} {ligne['nom']}", ligne["qualite"], f"{ligne['cle']}@{DOMAINE}")
        for ligne in lire("gouvernance")["comptes"]
    ]
