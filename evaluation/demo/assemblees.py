"""The two assemblées of 2023-2024, the other meetings of the year, the framework and the adhesions it gave."""

import datetime
from typing import Any

from chantiers.demandes.models import RegleAllocation
from demarche.gouvernance.models import CadreReference, Rencontre
from demarche.scrutins.services.resolutions import inscrire_resolution
from evaluation.demo.ecriture import Demo, champs
from evaluation.demo.lecture import lire
from evaluation.demo.temps import a_l_instant, instant
from partenaires.enums import CategoriePartenaire, FinaliteConsentement
from partenaires.models import Presence
from partenaires.services.adhesions import accepter_adhesion, enregistrer_adhesion_papier
from partenaires.services.consentements import noter_consentements
from partenaires.services.participation import enregistrer_adhesions_tacites

AUTOMNE = datetime.date(2023, 10, 18)
PRINTEMPS = datetime.date(2024, 5, 8)
EQUIPE, CITOYENS = "Équipe de développement", "Citoyennes et citoyens"


def charger_assemblees(demo: Demo) -> None:
    """Write both assemblées with who came: 31 people, then 34."""
    automne = _assemblee(
        demo,
        AUTOMNE,
        "Assemblée des partenaires, automne 2023",
        "Accueil et réseautage\nPlan stratégique : les cibles de l’année\nOù en sont les chantiers\nÉbauche du cadre "
        "de référence",
    )
    printemps = _assemblee(
        demo,
        PRINTEMPS,
        "Assemblée des partenaires, printemps 2024",
        "Cadre de référence : présentation et adoption\nPortrait de l’habitation\nAteliers : vivre-ensemble, sécurité "
        "alimentaire, logement, concertations locales\nMicro ouvert",
    )
    donnees = lire("organisations")
    for rencontre, saison in ((automne, "automne"), (printemps, "printemps")):
        for ligne in donnees["organisations"]:
            if ligne[saison]:
                organisation = demo.organisations[ligne["cle"]]
                demo.creer(Presence(rencontre=rencontre, organisation=organisation, nb_personnes=ligne[saison]))
        for ligne in donnees["citoyens"]:
            if ligne.get(saison, True):
                demo.creer(Presence(rencontre=rencontre, personne=demo.personnes[ligne["cle"]]))
    demo.creer(Presence(rencontre=automne, precision=CITOYENS, nb_personnes=5))
    demo.creer(Presence(rencontre=automne, precision=EQUIPE, nb_personnes=2))
    demo.creer(Presence(rencontre=printemps, precision=EQUIPE, nb_personnes=3))
    _adopter_cadre(demo, printemps)
    _accueillir_partenaires(demo, printemps)


def _assemblee(demo: Demo, date: datetime.date, titre: str, ordre_du_jour: str) -> Rencontre:
    return demo.convoquer(
        Rencontre(
            instance_gouvernance=demo.instances["AP"],
            titre=titre,
            date=date,
            heure=datetime.time(13, 0),
            lieu="Centre communautaire du Trait-Carré",
            est_publique=True,
        ),
        ordre_du_jour,
    )


def _adopter_cadre(demo: Demo, rencontre: Rencontre) -> None:
    """Write the framework, the resolution that adopts it and the thresholds it sets."""
    donnees = lire("demarche")
    cadre = donnees["cadre"]
    with a_l_instant(instant(PRINTEMPS, 15)):
        resolution = inscrire_resolution(
            instance_gouvernance=demo.instances["AP"],
            exercice=demo.reference,
            titre=cadre.pop("titre_resolution"),
            texte=cadre.pop("texte_resolution"),
            adoptee_le=PRINTEMPS,
            auteur=demo.auteur,
            rencontre=rencontre,
        )
    demo.creer(CadreReference(resolution=resolution, **cadre))
    demo.creer(RegleAllocation(**donnees["regle"]))


def _accueillir_partenaires(demo: Demo, rencontre: Rencontre) -> None:
    """Twenty-five tacit adhesions, and one signed form, the same day; each citizen agrees to be named."""
    donnees = lire("organisations")
    publication = frozenset({FinaliteConsentement.PUBLICATION_NOM.value})
    tacites = [c for c in donnees["citoyens"] if not c.get("formelle")]
    groupes = {demo.personnes[c["cle"]]: c["precision"] for c in tacites}
    with a_l_instant(instant(PRINTEMPS, 16)):
        adhesions = enregistrer_adhesions_tacites(
            rencontre,
            organisations=demo.organisations.values(),
            personnes=[demo.personnes[c["cle"]] for c in tacites],
            auteur=demo.auteur,
        )
        for adhesion in adhesions:
            if adhesion.personne is not None:
                adhesion.fonction = groupes[adhesion.personne]
                demo.creer(adhesion)
                noter_consentements(adhesion, publication, auteur=demo.auteur, raison="Feuille signée à l’assemblée")
        for citoyen in (c for c in donnees["citoyens"] if c.get("formelle")):
            papier = enregistrer_adhesion_papier(_formulaire(citoyen), accords=publication, auteur=demo.auteur)
            accepter_adhesion(papier, auteur=demo.auteur, du=PRINTEMPS, personne=demo.personnes[citoyen["cle"]])


def _formulaire(citoyen: dict[str, Any]) -> dict[str, Any]:
    return {
        "categorie": CategoriePartenaire.CITOYEN,
        "nom_organisation": "",
        "prenom": citoyen["prenom"],
        "nom": citoyen["nom"],
        "fonction": citoyen["precision"],
        "courriel": citoyen["courriel"],
        "telephone": "",
        "oeuvre_sur_territoire": True,
        "adhere_mission": True,
        "commentaire": "",
    }


def charger_rencontres(demo: Demo) -> None:
    """Write the other meetings of 2023-2024: comité, chantiers, the new table."""
    for ligne in lire("chantiers")["rencontres"]:
        instance = demo.instances[ligne["instance"]]
        prevue = Rencontre(instance_gouvernance=instance, **champs(Rencontre, ligne))
        rencontre = demo.convoquer(prevue, ligne["ordre_du_jour"])
        for cle in ligne.get("organisations", ()):
            demo.creer(Presence(rencontre=rencontre, organisation=demo.organisations[cle]))
        if "citoyens" in ligne:
            demo.creer(Presence(rencontre=rencontre, precision=CITOYENS, nb_personnes=ligne["citoyens"]))
