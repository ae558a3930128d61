"""After 2023-2024: the closing of the oldest exercice, a resolution corrected, what comes back every year."""

import datetime
from typing import Any

from chantiers.actions.models import Activite
from demarche.gouvernance.models import Exercice, Rencontre, Resolution
from demarche.gouvernance.services.exercices import clore_exercice, rouvrir_exercice
from demarche.rencontres.services.votes_main_levee import CompteSalle, clore_par_nombre, ouvrir_vote_en_rencontre
from evaluation.demo.assemblees import EQUIPE
from evaluation.demo.ecriture import Demo
from evaluation.demo.lecture import lire
from evaluation.demo.temps import a_l_instant, instant
from partenaires.models import Presence

MERCREDI = 2
PREMIER_MOIS = 7
PREMIERE_CLOTURE = datetime.date(2024, 6, 12)
REOUVERTURE = datetime.date(2024, 9, 10)
DERNIERE_CLOTURE = datetime.date(2024, 9, 24)
MOTIF = "Le relevé final du fiduciaire est arrivé après la clôture : un montant était à reprendre."
QUESTION = "Cadre de référence : l’équipe le publie en septembre"
TEXTE = (
    "La version mise au net du cadre de référence a demandé plus de temps que prévu. Là où la résolution disait juin "
    "2024, lire septembre 2024. Le reste ne change pas."
)
PRESENTS, ABSTENTIONS = 24, 1


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
        demo.ecrire(Activite, ligne, action_collective=demo.actions[ligne["action"]])


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


def clore_le_premier(demo: Demo) -> None:
    """Close the oldest exercice through the verbs of the application, each at its instant."""
    premier = min(demo.exercices.values(), key=lambda exercice: exercice.debut)
    with a_l_instant(instant(PREMIERE_CLOTURE, 14)):
        clore_exercice(premier.pk, auteur=demo.auteur)
    with a_l_instant(instant(REOUVERTURE, 9, 40)):
        rouvrir_exercice(premier.pk, motif=MOTIF, auteur=demo.auteur)
    with a_l_instant(instant(DERNIERE_CLOTURE, 11, 15)):
        clore_exercice(premier.pk, auteur=demo.auteur)
    premier.refresh_from_db()


def corriger_le_cadre(demo: Demo) -> None:
    """Adopt, in the first assemblée after it, the correction of the resolution that adopted the framework."""
    corrigee = Resolution.objects.filter(exercice=demo.reference).order_by("pk").first()
    suivantes = Rencontre.objects.filter(instance_gouvernance=demo.instances["AP"], date__gt=demo.reference.fin)
    rencontre = suivantes.filter(date__lt=demo.jour).order_by("date").first()
    if corrigee is None or rencontre is None:
        return
    with a_l_instant(instant(rencontre.date, 14, 20)):
        scrutin = ouvrir_vote_en_rencontre(
            rencontre=rencontre,
            question=QUESTION,
            texte=TEXTE,
            auteur=demo.auteur,
            inscrit_resolution=True,
            corrige=corrigee,
        )
        compte = CompteSalle(
            nb_presents=PRESENTS, nb_pour=PRESENTS - ABSTENTIONS, nb_contre=0, nb_abstentions=ABSTENTIONS
        )
        clore_par_nombre(scrutin.pk, compte=compte)
