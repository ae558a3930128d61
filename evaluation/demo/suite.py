"""After 2023-2024: what comes back every year, up to the day."""

import datetime
from typing import Any

from demarche.gouvernance.models import Exercice, Rencontre
from evaluation.demo.actions import creer_activite
from evaluation.demo.assemblees import EQUIPE
from evaluation.demo.ecriture import Demo
from evaluation.demo.lecture import lire
from partenaires.models import Presence

MERCREDI = 2
PREMIER_MOIS = 7


def charger_suite(demo: Demo) -> None:
    """Write the activities and the assemblées of the exercices that follow, none after the day."""
    donnees = lire("suite")
    for ligne in donnees["datees"]:
        _noter(demo, ligne)
    for exercice in demo.suivants:
        for ligne in donnees["annuelles"]:
            annee = exercice.debut.year if ligne["mois"] >= PREMIER_MOIS else exercice.fin.year
            _noter(demo, {**ligne, "date": datetime.date(annee, ligne["mois"], ligne["jour"])})
        for date in dates_assemblees(exercice):
            if date <= demo.jour:
                _presences(demo, ecrire_assemblee(demo, date))


def _noter(demo: Demo, ligne: dict[str, Any]) -> None:
    if ligne["date"] <= demo.jour:
        creer_activite(demo, demo.actions[ligne["action"]], ligne)


def dates_assemblees(exercice: Exercice) -> tuple[datetime.date, datetime.date]:
    """Return the days of the two assemblées of an exercice: a Wednesday of October, a Wednesday of May."""
    return _mercredi(exercice.debut.year, 10, rang=3), _mercredi(exercice.fin.year, 5, rang=2)


def _mercredi(annee: int, mois: int, *, rang: int) -> datetime.date:
    premier = datetime.date(annee, mois, 1)
    return premier + datetime.timedelta(days=(MERCREDI - premier.weekday()) % 7 + 7 * (rang - 1))


def ecrire_assemblee(demo: Demo, date: datetime.date) -> Rencontre:
    """Write one assemblée, past or announced."""
    saison = "automne" if date.month >= PREMIER_MOIS else "printemps"
    return demo.convoquer(
        Rencontre(
            instance_gouvernance=demo.instances["AP"],
            titre=f"Assemblée des partenaires, {saison} {date.year}",
            date=date,
            heure=datetime.time(13, 0),
            lieu="Centre communautaire du Trait-Carré",
            est_publique=True,
        ),
        "Accueil et réseautage\nCe qui a bougé dans les chantiers\nDécisions\nMicro ouvert",
    )


def _presences(demo: Demo, rencontre: Rencontre) -> None:
    """Write who came: most organisations, in turn, some citizens, the team."""
    rang = rencontre.date.year % 3
    for numero, organisation in enumerate(demo.organisations.values()):
        if (numero + rang) % 4:
            nombre = 2 if (numero + rang) % 5 == 0 else 1
            demo.creer(Presence(rencontre=rencontre, organisation=organisation, nb_personnes=nombre))
    demo.creer(Presence(rencontre=rencontre, precision="Citoyennes et citoyens", nb_personnes=6 + rang))
    demo.creer(Presence(rencontre=rencontre, precision=EQUIPE, nb_personnes=3))
