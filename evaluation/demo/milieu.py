"""Who takes part: organisations, people, seats' organisations, collaborations."""

import datetime

from demarche.models import Siege
from partenaires.models import Affiliation, CollaborationStructurante, Organisation, Personne, Representation

from .ecriture import Demo
from .fondations import DEBUT_MANDATS
from .lecture import lire

# Accounts that belong to an organisation: key of the account, key of the organisation, function.
AFFILIATIONS = (
    ("communautaire", "cfm", "Direction"),
    ("fiduciaire", "cdc", "Direction administrative"),
    ("partenaire", "trajectoires", "Coordination des événements"),
    ("ciusss", "ciusss", "Organisation communautaire"),
    ("ville", "ville", "Développement communautaire"),
    ("communautaire2", "trajectoires", "Direction"),
    ("loisirs", "loisirs", "Coordination des loisirs"),
)


def charger_organisations(demo: Demo) -> None:
    """Write the 21 organisations, the five citizens and the people who speak for an organisation."""
    donnees = lire("organisations")
    for ligne in donnees["organisations"]:
        champs = {cle: ligne[cle] for cle in ("nom", "sigle", "categorie", "mission", "autres_noms") if cle in ligne}
        demo.organisations[ligne["cle"]] = demo.creer(Organisation(**champs))
    for ligne in donnees["citoyens"]:
        demo.personnes[ligne["cle"]] = demo.creer(
            Personne(
                prenom=ligne["prenom"],
                nom=ligne["nom"],
                courriel=ligne["courriel"],
                utilisateur=demo.comptes.get(ligne["cle"]),
            )
        )
    for cle, organisation, fonction in AFFILIATIONS:
        compte = demo.comptes[cle]
        personne = demo.creer(
            Personne(prenom=compte.prenom, nom=compte.nom, courriel=compte.email, utilisateur=compte)
        )
        demo.personnes[cle] = personne
        demo.creer(
            Affiliation(
                personne=personne,
                organisation=demo.organisations[organisation],
                fonction=fonction,
                du=datetime.date(2023, 7, 1),
            )
        )


def charger_representations(demo: Demo) -> None:
    """Say which organisation each seat of the comité stands for."""
    sieges = {siege.numero: siege for siege in Siege.objects.filter(instance_gouvernance=demo.instances["CP"])}
    for numero, ligne in enumerate(lire("gouvernance")["sieges"], start=1):
        if "organisation" in ligne:
            demo.creer(
                Representation(
                    siege=sieges[numero], organisation=demo.organisations[ligne["organisation"]], du=DEBUT_MANDATS
                )
            )


def charger_collaborations(demo: Demo) -> None:
    """Write the collaborations beyond the partners."""
    for ligne in lire("evaluation")["collaborations"]:
        demo.creer(CollaborationStructurante(**ligne))
