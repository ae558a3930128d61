"""The numbers of ours that a démarche confirms or changes: reminders of ballots, warnings about seats (R3, R5)."""

from demarche.gouvernance.protocoles import Defaut

SCRUTINS, SIEGES = "Scrutins", "Sièges et mandats"

RAPPEL_AVANT = Defaut(
    "rappel_avant",
    SCRUTINS,
    "Le rappel à qui n’a pas répondu",
    "dans les {} heures avant l’échéance",
    "heures",
    48,
    12,
    240,
)
RAPPEL_APRES = Defaut(
    "rappel_apres", SCRUTINS, "Aucun rappel juste après l’ouverture", "pendant {} heures", "heures", 24, 0, 120
)
MANDAT_FINISSANT = Defaut(
    "mandat_finissant",
    SIEGES,
    "Un mandat qui finit paraît dans «\u00a0Mon espace\u00a0» de la coordination",
    "{} jours avant la fin",
    "jours",
    60,
    1,
    365,
)
MANDAT_COURRIEL = Defaut(
    "mandat_courriel",
    SIEGES,
    "Un courriel annonce la fin d’un mandat à la coordination",
    "{} jours avant la fin",
    "jours",
    30,
    1,
    365,
)
SIEGE_VACANT = Defaut(
    "siege_vacant", SIEGES, "Le vérificateur signale un siège vacant", "après {} jours", "jours", 30, 0, 365
)
DEFAUTS = (RAPPEL_AVANT, RAPPEL_APRES, MANDAT_FINISSANT, MANDAT_COURRIEL, SIEGE_VACANT)
