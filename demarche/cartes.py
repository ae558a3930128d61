"""What the app `demarche` offers: menu entries, settings pages, access to documents."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from . import cartes_dossiers, cartes_proces_verbaux  # noqa: F401 - they register what they offer
from .champs import ecrire_date
from .defauts import DEFAUTS, RAPPEL_AVANT, SCRUTINS, SIEGES
from .enums import QUI_DECIDENT, GenreInstance, ModeDecision
from .models import Utilisateur
from .permissions import (
    document_du_cadre,
    est_coordonnateur,
    peut_gerer_reglages,
    peut_voir_decisions,
    peut_voir_instance,
)
from .phrases_regle import compter, ecrire_regle
from .queries.gouvernance import (
    arbre_instances,
    sieges_suivis,
)
from .queries.reglages import valeur_de, valeurs_reglables
from .queries.scrutins import scrutins_loin_du_quorum, voix_en_attente
from .registre import Attente, EntreeMenu, LienReglage, ValeurReglee, registre
from .services.scrutins import clore_echus


def toujours(utilisateur: Utilisateur) -> bool:
    return True


def a_voter(utilisateur: Utilisateur) -> Iterable[Attente]:
    """Offer each open remote ballot that waits for a voice of this person, whatever it is about (R5)."""
    voix = voix_en_attente(utilisateur)
    pages = registre.pages_des_scrutins(electeur.scrutin for electeur in voix)
    for electeur in voix:
        scrutin = electeur.scrutin
        yield Attente(
            verbe="À signer" if scrutin.mode == ModeDecision.RESOLUTION_ECRITE else "À voter",
            libelle=scrutin.question,
            url=pages[scrutin.pk],
            echeance=scrutin.echeance,
            precision=f"{scrutin.instance_gouvernance}, au nom de « {electeur.libelle} »",
        )


def quorums_a_atteindre(utilisateur: Utilisateur) -> Iterable[Attente]:
    """Offer the coordination the remote ballots without their quorum yet, in the delay of their reminder (R5)."""
    if not est_coordonnateur(utilisateur):
        return
    lignes = scrutins_loin_du_quorum(timezone.now() + datetime.timedelta(hours=valeur_de(RAPPEL_AVANT)))
    pages = registre.pages_des_scrutins(scrutin for scrutin, _ in lignes)
    for scrutin, decompte in lignes:
        yield Attente(
            verbe="Quorum pas atteint",
            libelle=scrutin.question,
            url=pages[scrutin.pk],
            echeance=scrutin.echeance,
            precision=f"{compter(decompte.nb_participants, 'réponse')}, il en faut {decompte.quorum}",
        )


registre.echeances.append(clore_echus)
registre.attentes += [a_voter, quorums_a_atteindre]
registre.routes_de_scrutin += ["demarche:scrutin_detail", "demarche:scrutin_voter"]


def sieges_a_pourvoir(utilisateur: Utilisateur) -> Iterable[Attente]:
    """Offer the coordination the vacant seats, and the mandates that end soon with nobody after."""
    if not est_coordonnateur(utilisateur):
        return
    jour = timezone.localdate()
    suivis = sieges_suivis(jour)
    for ligne in suivis:
        instance = str(ligne.siege.instance_gouvernance)
        if ligne.titulaire is None and not ligne.a_venir:
            depuis = f"Siège vacant depuis le {ecrire_date(ligne.vacant_depuis)}" if ligne.vacant_depuis else ""
            precision = f"{depuis or 'Siège vacant'}, {instance}"
            yield Attente("À pourvoir", str(ligne.siege), ligne.siege.get_absolute_url(), precision=precision)
        elif ligne.finit_bientot and ligne.titulaire:
            titulaire = ligne.titulaire
            precision = f"{titulaire.utilisateur}, {instance}"
            yield Attente(
                "Mandat à renouveler", str(ligne.siege), ligne.siege.get_absolute_url(), titulaire.au, precision
            )


def regles_des_instances() -> Iterable[ValeurReglee]:
    """Say how each active instance decides: sentence by sentence for those that grant money, in one for the others."""
    jour = timezone.localdate()
    lignes = arbre_instances(jour, actives=True)
    for ligne in sorted(lignes, key=lambda ligne: ligne.instance_gouvernance.genre not in QUI_DECIDENT):
        une = ligne.instance_gouvernance
        nb_voix = registre.nb_voix_de(une, jour) if une.genre == GenreInstance.ASSEMBLEE else ligne.nb_pourvus
        regle = ecrire_regle(une, nb_voix=nb_voix)
        url = reverse("demarche:instance_detail", args=[une.pk])
        if une.genre not in QUI_DECIDENT:
            yield ValeurReglee("Autres instances", str(une), regle.phrases[0].texte, regle.source, url)
            continue
        for phrase in regle.phrases:
            yield ValeurReglee(str(une), phrase.nom, phrase.texte, regle.source, url)


def regles_de_la_gouvernance() -> Iterable[ValeurReglee]:
    """Say what the tool itself fixes about ballots and seats."""
    minutes = settings.VOTE_CONNEXION_RECENTE // 60
    yield ValeurReglee(SCRUTINS, "Qui répond s’est connecté", f"depuis moins de {minutes} minutes")
    yield ValeurReglee(SIEGES, "Une personne", "ne tient qu’un siège par instance")


def lit_des_resolutions(utilisateur: Utilisateur) -> bool:
    """True for those who see every decision, and for a partner, who reads some."""
    return peut_voir_decisions(utilisateur) or registre.resolutions_lisibles_par(utilisateur) is not None


registre.menu += [
    EntreeMenu("", "Mon espace", "demarche:espace", "accueil", 0, toujours),
    EntreeMenu("Décider", "Rencontres", "demarche:rencontre_liste", "rencontre", 30, toujours, ("/points/",)),
    EntreeMenu("Décider", "Scrutins", "demarche:scrutin_liste", "vote", 28, peut_voir_decisions),
    EntreeMenu("Décider", "Résolutions", "demarche:resolution_liste", "resolution", 32, lit_des_resolutions),
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
registre.attentes.append(sieges_a_pourvoir)
registre.valeurs += [regles_des_instances, regles_de_la_gouvernance, valeurs_reglables]
registre.offrir_defauts(*DEFAUTS)
