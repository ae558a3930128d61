"""The closing of the oldest exercice, opened again once for a late paper, and closed for good."""

import datetime

from demarche.gouvernance.services.exercices import clore_exercice, rouvrir_exercice
from evaluation.demo.ecriture import Demo
from evaluation.demo.temps import a_l_instant, instant

PREMIERE_CLOTURE = datetime.date(2024, 6, 12)
REOUVERTURE = datetime.date(2024, 9, 10)
DERNIERE_CLOTURE = datetime.date(2024, 9, 24)
MOTIF = "Le relevé final du fiduciaire est arrivé après la clôture : un montant était à reprendre."


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
