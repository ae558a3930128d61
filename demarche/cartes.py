"""What the app `demarche` offers: menu entries, settings pages, access to documents."""

from .models import Utilisateur
from .permissions import document_du_cadre, peut_gerer_reglages, peut_voir_decisions, peut_voir_instance
from .registre import EntreeMenu, LienReglage, registre


def toujours(utilisateur: Utilisateur) -> bool:
    return True


registre.menu += [
    EntreeMenu("", "Mon espace", "demarche:espace", "accueil", 0, toujours),
    EntreeMenu("Décider", "Rencontres", "demarche:rencontre_liste", "rencontre", 30, toujours),
    EntreeMenu("Décider", "Résolutions", "demarche:resolution_liste", "resolution", 32, peut_voir_decisions),
    EntreeMenu(
        "Décider",
        "Gouvernance",
        "demarche:gouvernance",
        "reseau",
        34,
        peut_voir_instance,
        ("/instances/", "/sieges/", "/cadres/"),
    ),
    EntreeMenu("Décider", "Registre", "demarche:registre", "cadenas", 36, peut_voir_decisions),
    EntreeMenu("Démarche", "Réglages", "demarche:reglages", "reglages", 90, peut_gerer_reglages),
]

registre.menu_public += [
    EntreeMenu("", "Accueil", "demarche:accueil", "accueil", 0, toujours),
    EntreeMenu("", "Agenda", "demarche:agenda", "calendrier", 30, toujours),
]

registre.reglages += [
    LienReglage(
        "La démarche",
        "Nom, territoire, mission, vision, fiduciaire, couleur.",
        "demarche:reglages_demarche",
        10,
        peut_gerer_reglages,
    ),
    LienReglage(
        "Exercices",
        "Les années de la démarche, du 1er juillet au 30 juin par défaut.",
        "demarche:exercices",
        20,
        peut_gerer_reglages,
    ),
    LienReglage(
        "Instances et sièges",
        "Qui décide, comment, et qui siège.",
        "demarche:instances",
        30,
        peut_gerer_reglages,
    ),
    LienReglage(
        "Comptes",
        "Inviter une personne, donner ou terminer un rôle.",
        "demarche:comptes",
        40,
        peut_gerer_reglages,
    ),
    LienReglage(
        "Cadre de référence",
        "Ses versions adoptées, avec leur document.",
        "demarche:cadres",
        50,
        peut_gerer_reglages,
    ),
    LienReglage(
        "Valeurs par défaut",
        "Les règles, les seuils et les délais en vigueur, et d’où vient chacun.",
        "demarche:valeurs",
        55,
        peut_gerer_reglages,
    ),
    LienReglage(
        "Territoires",
        "Région, arrondissement ou MRC, quartiers.",
        "demarche:territoires",
        60,
        peut_gerer_reglages,
    ),
]

registre.acces_documents.append(document_du_cadre)
