"""What the partners give to the rooms below: menu, cards, the voices of the assemblée, who was at a meeting."""

import datetime
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Q
from django.urls import reverse
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import est_equipe
from demarche.comptes.protocoles import PAGES, Attente, Carte, EntreeMenu, Pages, Section, toujours
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import InstanceGouvernance, Mandat, Rencontre, Siege
from demarche.gouvernance.protocoles import (
    ANNEES,
    MEMBRES,
    REGLES,
    SUITES,
    Annee,
    Membres,
    Regles,
    Suites,
    ValeurReglee,
)
from demarche.rencontres.protocoles import AGENDAS, Agenda, Assistance
from demarche.rencontres.queries.rencontres import ce_qui_fige, proces_verbal_de
from demarche.scrutins.models import Scrutin
from demarche.scrutins.protocoles import ELECTORATS, Electorat
from partenaires.models import Adhesion
from partenaires.models.adhesions import DELAI_CONFIRMATION, DELAI_REPONSE
from partenaires.permissions import (
    a_une_personne,
    est_partenaire,
    organisations_de,
    peut_decider_adhesion,
    peut_gerer_organisations,
    peut_gerer_representations,
    peut_voir_adhesions,
)
from partenaires.queries import assemblee
from partenaires.queries.liste import partenaires_en_date
from partenaires.queries.organisations import organisations_des_sieges, representations_du_siege
from partenaires.queries.participation import (
    lignes_presences,
    presences_rencontre,
    presents_non_partenaires,
    rencontres_avec_presences,
)
from partenaires.services.scrutins import ouvrir_scrutin_assemblee, partenaires_appeles
from partenaires.verifications import VERIFICATIONS

GROUPE = "Partenaires"
ASSEMBLEE = GenreInstance.ASSEMBLEE
RECENTES = datetime.timedelta(days=120)


def attentes_des_partenaires(utilisateur: Utilisateur) -> Iterable[Attente]:
    """Offer the adhesions to study to the coordination, the missing presences of past assemblées to the team."""
    if peut_decider_adhesion(utilisateur):
        for adhesion in Adhesion.objects.a_etudier().select_related("organisation", "personne"):
            yield Attente(
                "À décider",
                f"Adhésion de {adhesion.nom_partenaire}",
                adhesion.get_absolute_url(),
                adhesion.reponse_promise_le,
                "Réponse promise à la personne",
            )
    if est_equipe(utilisateur):
        jour = timezone.localdate()
        passees = Rencontre.objects.maintenues().filter(
            instance_gouvernance__genre=ASSEMBLEE, date__range=(jour - RECENTES, jour)
        )
        for compte in rencontres_avec_presences(passees):
            if not compte.est_notee:
                yield Attente(
                    "À compléter",
                    f"Présences : {compte.rencontre}",
                    reverse("partenaires:presence_modifier", args=[compte.rencontre.pk]),
                    compte.rencontre.date,
                    "Aucune présence n’est notée",
                )


def carte_adhesion(utilisateur: Utilisateur | None) -> dict[str, Any] | None:
    """Invite visitors to join, with the number of partners of today."""
    liste = partenaires_en_date(timezone.localdate())
    return {"nb_organisations": liste.nb_organisations, "nb_citoyens": liste.nb_citoyens}


def carte_mon_organisation(utilisateur: Utilisateur | None) -> dict[str, Any] | None:
    """Lead a partner to the page of their organisation."""
    if utilisateur is None or est_equipe(utilisateur) or not a_une_personne(utilisateur):
        return None
    miennes = organisations_de(utilisateur)
    return {"organisations": miennes, "est_partenaire": est_partenaire(utilisateur)} if miennes else None


def onglet_presences(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Show the team who was at a meeting."""
    if utilisateur is None or not est_equipe(utilisateur) or not isinstance(objet, Rencontre):
        return None
    sieges = Mandat.objects.en_vigueur(objet.date).filter(siege__instance_gouvernance=objet.instance_gouvernance_id)
    a_des_sieges = sieges.exists()
    fige = bool(ce_qui_fige(objet, proces_verbal_de(objet)))
    lignes = lignes_presences(objet)
    if a_des_sieges and objet.date > timezone.localdate() or fige and not lignes:
        return None  # the convocation says who is expected; nothing is noted any more
    tacites = objet.instance_gouvernance.genre == ASSEMBLEE and peut_decider_adhesion(utilisateur)
    organisations, personnes = presents_non_partenaires(objet) if tacites else ([], [])
    return {
        "rencontre": objet,
        "lignes": lignes,
        "total": presences_rencontre(objet),
        "nb_tacites_possibles": len(organisations) + len(personnes),
        "est_passee": objet.date <= timezone.localdate(),
        "a_des_sieges": a_des_sieges,
        "fige": fige,
    }


def onglet_representations(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Lead to where one says which organisation each seat of an instance stands for; its page shows them."""
    if (
        utilisateur is None
        or not isinstance(objet, InstanceGouvernance)
        or not peut_gerer_representations(utilisateur)
    ):
        return None
    return {"instance_gouvernance": objet} if objet.sieges.filter(est_actif=True).exists() else None


def onglet_representations_du_siege(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Show for which organisations a seat was held, and when."""
    if utilisateur is None or not isinstance(objet, Siege):
        return None
    return {
        "representations": representations_du_siege(objet),
        "siege": objet,
        "peut_gerer": peut_gerer_representations(utilisateur),
    }


def onglet_voix(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Show a partner who answered in its name; show the team the partners that have no account."""
    if utilisateur is None or not isinstance(objet, Scrutin) or objet.instance_gouvernance.genre != ASSEMBLEE:
        return None
    electeur = assemblee.voix_du_partenaire(objet, utilisateur)
    reponses = assemblee.reponses_de_la_voix(electeur) if electeur else []
    equipe = est_equipe(utilisateur) and objet.est_ouvert and objet.est_a_distance
    sans_compte = assemblee.partenaires_sans_compte(objet) if equipe else []
    if not reponses and not sans_compte:
        return None
    return {"scrutin": objet, "electeur": electeur, "reponses": reponses, "sans_compte": sans_compte}


@PAGES.ajouter
class PagesPartenaires(Pages):
    menu = (
        EntreeMenu(GROUPE, "Mon organisation", "partenaires:mon_organisation", "organisation", 38, a_une_personne),
        EntreeMenu(GROUPE, "Partenaires", "partenaires:partenaire_liste", "partenaire", 40, toujours),
        EntreeMenu(GROUPE, "Adhésions", "partenaires:adhesion_liste", "adhesion", 42, peut_voir_adhesions),
        EntreeMenu(
            GROUPE, "Organisations", "partenaires:organisation_liste", "organisation", 44, peut_gerer_organisations
        ),
        EntreeMenu(
            GROUPE, "Collaborations", "partenaires:collaboration_liste", "reseau", 46, peut_gerer_organisations
        ),
    )
    menu_public = (
        EntreeMenu("", "Partenaires", "partenaires:partenaire_liste", "partenaire", 40, toujours),
        EntreeMenu("", "Devenir partenaire", "partenaires:adhesion_demander", "adhesion", 45, toujours),
    )
    cartes = (
        Carte("accueil", "partenaires/_carte_adhesion.html", 40, carte_adhesion),
        Carte("espace", "partenaires/_carte_mon_organisation.html", 40, carte_mon_organisation),
    )
    sections = (
        Section("scrutins.scrutin", "La voix des partenaires", "partenaires/_voix.html", 10, onglet_voix),
        Section(
            "gouvernance.siege",
            "Organisations représentées",
            "partenaires/_representations_siege.html",
            10,
            onglet_representations_du_siege,
        ),
        Section(
            "rencontres.rencontre",
            "Personnes et organisations présentes",
            "partenaires/_presences.html",
            20,
            onglet_presences,
        ),
        Section(
            "gouvernance.instance",
            "Organisations représentées",
            "partenaires/_representations.html",
            20,
            onglet_representations,
        ),
    )

    attentes = staticmethod(attentes_des_partenaires)

    def qualite(self, utilisateur: Utilisateur) -> str | None:
        if not est_partenaire(utilisateur):
            return None
        noms = ", ".join(str(organisation) for organisation in organisations_de(utilisateur))
        return f"Partenaire : {noms}" if noms else "Partenaire (à titre de citoyenne ou de citoyen)"


@REGLES.ajouter
class ReglesPartenaires(Regles):
    def valeurs(self) -> Iterable[ValeurReglee]:
        qui = "chaque partenaire dont l’adhésion est en vigueur, une voix"
        for libelle, valeur in (
            ("Réponse promise à une demande d’adhésion", f"{DELAI_REPONSE.days} jours"),
            ("Le lien de confirmation d’une adhésion reste valable", f"{DELAI_CONFIRMATION.days} jours"),
            ("Qui vote à l’assemblée", qui),
        ):
            yield ValeurReglee("Adhésions", libelle, valeur)


@MEMBRES.ajouter
class MembresPartenaires(Membres):
    nb_voix = staticmethod(assemblee.nb_partenaires)
    convoques = staticmethod(assemblee.convoques_assemblee)
    organisations_des_sieges = staticmethod(organisations_des_sieges)

    def siege_a_l_assemblee(self, utilisateur: Utilisateur) -> bool:
        return est_partenaire(utilisateur)


@SUITES.ajouter
class SuitesPartenaires(Suites):
    def resolutions_lisibles(self, utilisateur: Utilisateur) -> Q | None:
        """Open to a partner the resolutions of the assemblée, where it votes (R6)."""
        return Q(instance_gouvernance__genre=ASSEMBLEE) if est_partenaire(utilisateur) else None


@ELECTORATS.ajouter
class ElectoratPartenaires(Electorat):
    genre = ASSEMBLEE
    appeles = staticmethod(partenaires_appeles)
    ouvrir = staticmethod(ouvrir_scrutin_assemblee)
    voix = staticmethod(assemblee.voix_du_partenaire)
    voix_ouvertes = staticmethod(assemblee.voix_ouvertes_du_partenaire)
    tient = staticmethod(assemblee.voix_tient)
    parle_pour = staticmethod(assemblee.parle_pour)
    noms = staticmethod(assemblee.noms_des_citoyens)
    adresse = staticmethod(assemblee.adresse_du_partenaire)


@AGENDAS.ajouter
class AgendaPartenaires(Agenda):
    def assistance(self, rencontre: Rencontre) -> Assistance | None:
        """Return who was at a meeting, for its minutes."""
        presences = presences_rencontre(rencontre)
        if not presences.est_notee:
            return None
        par_nom: Counter[str] = Counter()
        for ligne in lignes_presences(rencontre):
            if ligne.organisation is not None:
                par_nom[str(ligne.organisation)] += ligne.nb_personnes
        return Assistance(presences.nb_personnes, presences.nb_organisations, tuple(par_nom.items()))


@ANNEES.ajouter
class AnneePartenaires(Annee):
    verifications = VERIFICATIONS
