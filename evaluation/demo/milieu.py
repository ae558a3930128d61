"""Who takes part: organisations, people, seats' organisations, collaborations."""

from demarche.gouvernance.models import Siege
from evaluation.demo.ecriture import Demo
from evaluation.demo.fondations import DEBUT_MANDATS, DEBUT_ROLES, DOMAINE
from evaluation.demo.lecture import lire
from partenaires.models import Affiliation, CollaborationStructurante, Organisation, Personne, Representation

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
        demo.organisations[ligne["cle"]] = demo.ecrire(Organisation, ligne)
    for ligne in donnees["citoyens"]:
        demo.personnes[ligne["cle"]] = demo.ecrire(Personne, ligne, utilisateur=demo.comptes.get(ligne["cle"]))
    for cle, organisation, fonction in AFFILIATIONS:
        compte = demo.comptes[cle]
        personne = Personne(prenom=compte.prenom, nom=compte.nom, courriel=compte.email, utilisateur=compte)
        demo.personnes[cle] = _affilier(demo, personne, demo.organisations[organisation], fonction)
    for ligne in donnees["organisations"]:
        if "contact" in ligne:
            prenom, nom, fonction = ligne["contact"]
            personne = Personne(prenom=prenom, nom=nom, courriel=f"{ligne['cle']}.contact@{DOMAINE}")
            _affilier(demo, personne, demo.organisations[ligne["cle"]], fonction)


def _affilier(demo: Demo, personne: Personne, organisation: Organisation, fonction: str) -> Personne:
    """Write one person and say which organisation they speak for."""
    demo.creer(personne)
    demo.creer(Affiliation(personne=personne, organisation=organisation, fonction=fonction, du=DEBUT_ROLES))
    return personne


def charger_representations(demo: Demo) -> None:
    """Say which organisation each seat of the comité stands for."""
    sieges = {siege.numero: siege for siege in Siege.objects.filter(instance_gouvernance=demo.instances["CP"])}
    for numero, ligne in enumerate(lire("gouvernance")["sieges"], start=1):
        if "organisation" in ligne:
            organisation = demo.organisations[ligne["organisation"]]
            demo.creer(Representation(siege=sieges[numero], organisation=organisation, du=DEBUT_MANDATS))


def charger_collaborations(demo: Demo) -> None:
    """Write the collaborations beyond the partners."""
    for ligne in lire("evaluation")["collaborations"]:
        demo.creer(CollaborationStructurante(**ligne))
