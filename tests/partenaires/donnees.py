"""What a person sends with the adhesion form; each test changes one thing."""

import uuid

from partenaires.forms.adhesions import empreinte

MISSION = "Réunir les forces du milieu contre la pauvreté et l’exclusion."


def formulaire(**changements):
    """Return the data of a valid form of an organisation, as a browser posts it."""
    donnees = {
        "jeton": str(uuid.uuid4()),
        "mission_lue": empreinte(MISSION),
        "site_internet": "",
        "categorie": "organisme",
        "nom_organisation": "Cuisines du Nord",
        "prenom": "Mireille",
        "nom": "Tanguay",
        "fonction": "Coordonnatrice",
        "courriel": "mireille@exemple.test",
        "telephone": "",
        "oeuvre_sur_territoire": "on",
        "adhere_mission": "on",
        "commentaire": "",
    }
    donnees.update(changements)
    return {cle: valeur for cle, valeur in donnees.items() if valeur is not None}


def nettoyees(**changements):
    """Return the same, as the form hands it to the service."""
    donnees = formulaire(**changements)
    donnees["oeuvre_sur_territoire"] = donnees["adhere_mission"] = True
    return donnees
