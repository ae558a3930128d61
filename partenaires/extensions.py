"""What the partners give to the rooms below: menu, cards, the voices of the assemblée, who was at a meeting."""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
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
    Convoque,
    Membres,
    Regles,
    Suites,
    ValeurReglee,
)
from demarche.rencontres.protocoles import AGENDAS, Agenda, Assistance
from demarche.rencontres.queries.rencontres import ce_qui_fige, proces_verbal_de
from demarche.scrutins.models import Electeur, Scrutin
from demarche.scrutins.protocoles import ELECTORATS, Electorat
from demarche.scrutins.services.electeurs import Appele
from partenaires.convocations import convoques_assemblee
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
from partenaires.queries.assemblee import (
    adresse_du_partenaire,
    nb_partenaires,
    noms_des_citoyens,
    parle_pour,
    partenaires_sans_compte,
    reponses_de_la_voix,
    voix_du_partenaire,
    voix_ouvertes_du_partenaire,
    voix_tient,
)
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


def attentes(utilisateur: Utilisateur) -> Iterable[Attente]:
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
            instance_gouvernance__genre=GenreInstance.ASSEMBLEE, date__range=(jour - RECENTES, jour)
        )
        for compte in rencontres_avec_presences(passees):
            if not compte.est_notee:
                yield Attente(
                    "À compléter",
                    f"Présences : {compte.rencontre}",
                    reverse("partenaires:presences", args=[compte.rencontre.pk]),
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


def qualite(utilisateur: Utilisateur) -> str | None:
    """Say that this account is a partner, and of which organisation."""
    if not est_partenaire(utilisateur):
        return None
    noms = ", ".join(str(organisation) for organisation in organisations_de(utilisateur))
    return f"Partenaire : {noms}" if noms else "Partenaire (à titre de citoyenne ou de citoyen)"


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
    tacites = objet.instance_gouvernance.genre == GenreInstance.ASSEMBLEE and peut_decider_adhesion(utilisateur)
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


def assistance(rencontre: Rencontre) -> Assistance | None:
    """Count who was at a meeting, for its minutes."""
    presences = presences_rencontre(rencontre)
    if not presences.est_notee:
        return None
    par_nom: dict[str, int] = {}
    for ligne in lignes_presences(rencontre):
        if ligne.organisation is not None:
            nom = str(ligne.organisation)
            par_nom[nom] = par_nom.get(nom, 0) + ligne.nb_personnes
    return Assistance(presences.nb_personnes, presences.nb_organisations, tuple(par_nom.items()))


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
    """Tell whoever speaks for a partner who answered for it; tell the team which partners no e-mail reaches."""
    if utilisateur is None or not isinstance(objet, Scrutin) or objet.instance_gouvernance.genre != ASSEMBLEE:
        return None
    electeur = voix_du_partenaire(objet, utilisateur)
    reponses = reponses_de_la_voix(electeur) if electeur else []
    equipe = est_equipe(utilisateur) and objet.est_ouvert and objet.est_a_distance
    sans_compte = partenaires_sans_compte(objet) if equipe else []
    if not reponses and not sans_compte:
        return None
    return {"scrutin": objet, "electeur": electeur, "reponses": reponses, "sans_compte": sans_compte}


def delais_adhesion() -> Iterable[ValeurReglee]:
    """Say the delays of the tool about adhesions."""
    groupe = "Adhésions"
    yield ValeurReglee(groupe, "Réponse promise à une demande d’adhésion", f"{DELAI_REPONSE.days} jours")
    yield ValeurReglee(
        groupe, "Le lien de confirmation d’une adhésion reste valable", f"{DELAI_CONFIRMATION.days} jours"
    )
    qui = "chaque partenaire dont l’adhésion est en vigueur, une voix"
    yield ValeurReglee(groupe, "Qui vote à l’assemblée", qui)


def resolutions_de_l_assemblee(utilisateur: Utilisateur) -> Q | None:
    """Open to a partner the resolutions of the assemblée, where it votes (R6)."""
    return Q(instance_gouvernance__genre=GenreInstance.ASSEMBLEE) if est_partenaire(utilisateur) else None


@PAGES.ajouter
class PagesPartenaires(Pages):
    menu = (
        EntreeMenu(GROUPE, "Mon organisation", "partenaires:mon_organisation", "organisation", 38, a_une_personne),
        EntreeMenu(GROUPE, "Partenaires", "partenaires:partenaires", "partenaire", 40, toujours),
        EntreeMenu(GROUPE, "Adhésions", "partenaires:adhesions", "adhesion", 42, peut_voir_adhesions),
        EntreeMenu(GROUPE, "Organisations", "partenaires:organisations", "organisation", 44, peut_gerer_organisations),
        EntreeMenu(GROUPE, "Collaborations", "partenaires:collaborations", "reseau", 46, peut_gerer_organisations),
    )
    menu_public = (
        EntreeMenu("", "Partenaires", "partenaires:partenaires", "partenaire", 40, toujours),
        EntreeMenu("", "Devenir partenaire", "partenaires:adhesion", "adhesion", 45, toujours),
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

    def attentes(self, utilisateur: Utilisateur) -> Iterable[Attente]:
        return attentes(utilisateur)

    def qualite(self, utilisateur: Utilisateur) -> str | None:
        return qualite(utilisateur)


@REGLES.ajouter
class ReglesPartenaires(Regles):
    def valeurs(self) -> Iterable[ValeurReglee]:
        return delais_adhesion()


@MEMBRES.ajouter
class MembresPartenaires(Membres):
    def nb_voix(self, instance_gouvernance: InstanceGouvernance, jour: datetime.date) -> int | None:
        return nb_partenaires(instance_gouvernance, jour)

    def convoques(self, rencontre: Rencontre) -> Iterable[Convoque]:
        return convoques_assemblee(rencontre)

    def organisations_des_sieges(self, sieges: Iterable[int], jour: datetime.date) -> Mapping[int, str]:
        return organisations_des_sieges(sieges, jour)

    def siege_a_l_assemblee(self, utilisateur: Utilisateur) -> bool:
        return est_partenaire(utilisateur)


@SUITES.ajouter
class SuitesPartenaires(Suites):
    def resolutions_lisibles(self, utilisateur: Utilisateur) -> Q | None:
        return resolutions_de_l_assemblee(utilisateur)


@ELECTORATS.ajouter
class ElectoratPartenaires(Electorat):
    genre = GenreInstance.ASSEMBLEE

    def appeles(self, jour: datetime.date) -> Sequence[Appele]:
        return partenaires_appeles(jour)

    def ouvrir(self, **scrutin: Any) -> Scrutin:
        return ouvrir_scrutin_assemblee(**scrutin)

    def voix(self, scrutin: Scrutin, utilisateur: Utilisateur) -> Electeur | None:
        return voix_du_partenaire(scrutin, utilisateur)

    def voix_ouvertes(self, utilisateur: Utilisateur) -> Iterable[int]:
        return voix_ouvertes_du_partenaire(utilisateur)

    def tient(self, electeur: Electeur) -> bool:
        return voix_tient(electeur)

    def parle_pour(self, electeur: Electeur, utilisateur: Utilisateur) -> bool:
        return parle_pour(electeur, utilisateur)

    def noms(self, electeurs: Collection[int]) -> Mapping[int, str]:
        return noms_des_citoyens(electeurs)

    def adresse(self, electeur: Electeur) -> str:
        return adresse_du_partenaire(electeur)


@AGENDAS.ajouter
class AgendaPartenaires(Agenda):
    def assistance(self, rencontre: Rencontre) -> Assistance | None:
        return assistance(rencontre)


@ANNEES.ajouter
class AnneePartenaires(Annee):
    verifications = VERIFICATIONS
