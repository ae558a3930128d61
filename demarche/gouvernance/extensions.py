"""What the governance gives to the rooms below: menu, settings, its rules, the closing of a year."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from demarche.comptes.enums import Role
from demarche.comptes.models import RoleAttribue, Utilisateur
from demarche.comptes.permissions import est_coordonnateur, peut_gerer_reglages
from demarche.comptes.protocoles import (
    DOCUMENTS,
    PAGES,
    AccesDocuments,
    Attente,
    EntreeMenu,
    LienReglage,
    Pages,
    Section,
    toujours,
)
from demarche.gouvernance.defauts import DEFAUTS, SCRUTINS, SIEGES
from demarche.gouvernance.enums import QUI_DECIDENT, GenreInstance
from demarche.gouvernance.models import CadreReference, Demarche, Exercice, InstanceGouvernance, Mandat, Siege
from demarche.gouvernance.permissions import peut_voir_decisions, peut_voir_instance
from demarche.gouvernance.phrases_registre import dire_reouverture, nommer_exercices
from demarche.gouvernance.phrases_regle import ecrire_regle
from demarche.gouvernance.protocoles import (
    ANNEES,
    MEMBRES,
    REGLES,
    Annee,
    EtapeInstallation,
    PointDeCloture,
    Regles,
    ValeurReglee,
)
from demarche.gouvernance.queries.gouvernance import arbre_instances, sieges_suivis
from demarche.gouvernance.queries.reglages import valeurs_reglables
from demarche.gouvernance.services.controles_registre import controler_exercices
from demarche.gouvernance.verifications import VERIFICATIONS
from demarche.registre.enums import GenreEvenement
from demarche.registre.protocoles import MATIERES, Matiere
from demarche.socle.francais import ecrire_date
from demarche.socle.models import Document


def regles_des_instances() -> Iterable[ValeurReglee]:
    """Say how each active instance decides: sentence by sentence for those that grant money, in one for the others."""
    jour = timezone.localdate()
    lignes = arbre_instances(jour, actives=True)
    for ligne in sorted(lignes, key=lambda ligne: ligne.instance_gouvernance.genre not in QUI_DECIDENT):
        une = ligne.instance_gouvernance
        nb_voix = MEMBRES.nb_voix_de(une, jour) if une.genre == GenreInstance.ASSEMBLEE else ligne.nb_pourvus
        regle = ecrire_regle(une, nb_voix=nb_voix)
        url = reverse("gouvernance:instance_detail", args=[une.pk])
        if une.genre not in QUI_DECIDENT:
            yield ValeurReglee("Autres instances", str(une), regle.phrases[0].texte, regle.source, url)
            continue
        for phrase in regle.phrases:
            yield ValeurReglee(str(une), phrase.nom, phrase.texte, regle.source, url)


def compte_et_ses_sieges(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Show on the page of an account the seats it holds, held, or will hold."""
    if not isinstance(objet, Utilisateur):
        return None
    return {"mandats": objet.mandats.select_related("siege__instance_gouvernance").order_by("-du")}


@PAGES.ajouter
class PagesGouvernance(Pages):
    menu = (
        EntreeMenu("", "Mon espace", "espace", "accueil", 0, toujours),
        EntreeMenu(
            "Décider",
            "Gouvernance",
            "gouvernance:gouvernance",
            "reseau",
            34,
            peut_voir_instance,
            ("/instances/", "/sieges/", "/cadres/"),
        ),
        EntreeMenu("Décider", "Registre", "gouvernance:registre_liste", "cadenas", 36, peut_voir_decisions),
        EntreeMenu("Démarche", "Réglages", "reglages", "reglages", 90, peut_gerer_reglages),
    )
    menu_public = (EntreeMenu("", "Accueil", "accueil", "accueil", 0, toujours),)
    sections = (Section("comptes.compte", "Sièges", "gouvernance/_compte_sieges.html", 10, compte_et_ses_sieges),)
    reglages = tuple(
        LienReglage(titre, description, route, ordre, peut_gerer_reglages)
        for ordre, route, titre, description in (
            (
                10,
                "gouvernance:demarche_modifier",
                "La démarche",
                "Nom, territoire, mission, vision, fiduciaire, couleur.",
            ),
            (
                20,
                "gouvernance:exercice_liste",
                "Exercices",
                "Les années de la démarche, du 1er juillet au 30 juin par défaut.",
            ),
            (30, "gouvernance:instance_liste", "Instances et sièges", "Qui décide, comment, et qui siège."),
            (40, "comptes:compte_liste", "Comptes", "Inviter une personne, donner ou terminer un rôle."),
            (50, "gouvernance:cadre_liste", "Cadre de référence", "Ses versions adoptées, avec leur document."),
            (
                55,
                "gouvernance:valeur_liste",
                "Valeurs par défaut",
                "Les règles, les seuils et les délais en vigueur, et d’où vient chacun.",
            ),
            (60, "gouvernance:territoire_liste", "Territoires", "Région, arrondissement ou MRC, quartiers."),
        )
    )

    def attentes(self, utilisateur: Utilisateur) -> Iterable[Attente]:
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

    def sieges(self, comptes: Collection[Utilisateur]) -> Mapping[int, Sequence[str]]:
        mandats = Mandat.objects.en_vigueur(timezone.localdate()).filter(utilisateur__in=[une.pk for une in comptes])
        tenus: dict[int, list[str]] = defaultdict(list)
        for mandat in mandats.select_related("siege__instance_gouvernance"):
            tenus[mandat.utilisateur_id].append(f"{mandat.siege.instance_gouvernance.nom}, {mandat.siege.libelle}")
        return tenus


@DOCUMENTS.ajouter
class DocumentsGouvernance(AccesDocuments):
    def lisible(self, utilisateur: Utilisateur | None, document: Document) -> bool:
        return utilisateur is not None and CadreReference.objects.filter(document=document).exists()


@REGLES.ajouter
class ReglesGouvernance(Regles):
    defauts = DEFAUTS

    def valeurs(self) -> Iterable[ValeurReglee]:
        yield from regles_des_instances()
        minutes = settings.VOTE_CONNEXION_RECENTE // 60
        yield ValeurReglee(SCRUTINS, "Qui répond s’est connecté", f"depuis moins de {minutes} minutes")
        yield ValeurReglee(SIEGES, "Une personne", "ne tient qu’un siège par instance")
        yield from valeurs_reglables()

    def etapes(self, utilisateur: Utilisateur) -> Iterable[EtapeInstallation]:
        jour = timezone.localdate()
        for libelle, texte, route, est_faite in (
            (
                "Décrire la démarche",
                "Son nom, son territoire, sa mission : la page d’accueil et les documents en vivent.",
                "gouvernance:demarche_modifier",
                Demarche.objects.exists(),
            ),
            (
                "Ouvrir l’exercice",
                "Du 1er juillet au 30 juin, ou selon votre année.",
                "gouvernance:exercice_liste",
                Exercice.objects.contenant(jour).exists(),
            ),
            (
                "Nommer les instances",
                "L’assemblée, le comité de pilotage, la coordination : qui décide, et comment.",
                "gouvernance:instance_liste",
                InstanceGouvernance.objects.exists(),
            ),
            (
                "Inviter les personnes",
                "L’équipe, le fiduciaire, les membres du comité : chaque personne se connecte avec son courriel.",
                "comptes:compte_liste",
                RoleAttribue.objects.filter(role=Role.AGENT).exists() or Utilisateur.objects.count() > 1,
            ),
            (
                "Pourvoir les sièges",
                "Un siège vote une fois; sans titulaire, il reste vacant.",
                "gouvernance:instance_liste",
                Siege.objects.exists() and Mandat.objects.en_vigueur(jour).exists(),
            ),
        ):
            yield EtapeInstallation(libelle, texte, reverse(route), est_faite)


@ANNEES.ajouter
class AnneeGouvernance(Annee):
    verifications = VERIFICATIONS

    def points_de_cloture(self, exercice: Exercice) -> Iterable[PointDeCloture]:
        yield PointDeCloture(
            "L’exercice est terminé",
            est_fait=exercice.est_termine,
            est_bloquant=True,
            precision=f"son dernier jour est le {ecrire_date(exercice.fin)}",
        )
        avant = Exercice.objects.filter(debut__lt=exercice.debut, est_clos=False).order_by("debut").first()
        yield PointDeCloture(
            "Les exercices précédents sont clos",
            est_fait=avant is None,
            est_bloquant=True,
            precision=f"{avant} est encore ouvert, et ce qui est de côté part de son résultat" if avant else "",
            url=reverse("gouvernance:exercice_cloture", args=[avant.pk]) if avant else "",
        )


@MATIERES.ajouter
class MatiereGouvernance(Matiere):
    nommer = {"exercice": nommer_exercices}
    dire = {GenreEvenement.EXERCICE_ROUVERT: dire_reouverture}
    controles = (controler_exercices,)
