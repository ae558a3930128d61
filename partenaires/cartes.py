"""What the app `partenaires` offers: menu entries, home cards, what waits, tabs."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Q
from django.urls import reverse
from django.utils import timezone

from demarche.enums import GenreInstance
from demarche.models import InstanceGouvernance, Mandat, Rencontre, Scrutin, Siege, Utilisateur
from demarche.permissions import est_equipe
from demarche.queries.rencontres import ce_qui_fige, proces_verbal_de
from demarche.registre import Assistance, Attente, Carte, EntreeMenu, Onglet, Ouverture, ValeurReglee, registre

from .convocations import convoques_assemblee
from .models import Adhesion
from .models.adhesions import DELAI_CONFIRMATION, DELAI_REPONSE
from .permissions import (
    a_une_personne,
    est_partenaire,
    organisations_de,
    peut_decider_adhesion,
    peut_gerer_organisations,
    peut_gerer_representations,
    peut_voir_adhesions,
)
from .queries import (
    adresse_du_partenaire,
    lignes_presences,
    nb_partenaires,
    noms_des_citoyens,
    organisations_des_sieges,
    parle_pour,
    partenaires_en_date,
    partenaires_sans_compte,
    presences_rencontre,
    presents_non_partenaires,
    rencontres_avec_presences,
    reponses_de_la_voix,
    representations_du_siege,
    voix_du_partenaire,
    voix_ouvertes_du_partenaire,
    voix_tient,
)
from .services.scrutins import ouvrir_scrutin_assemblee, partenaires_appeles

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


registre.menu += [
    EntreeMenu(GROUPE, "Mon organisation", "partenaires:mon_organisation", "organisation", 38, a_une_personne),
    EntreeMenu(GROUPE, "Partenaires", "partenaires:partenaires", "partenaire", 40, lambda utilisateur: True),
    EntreeMenu(GROUPE, "Adhésions", "partenaires:adhesions", "adhesion", 42, peut_voir_adhesions),
    EntreeMenu(GROUPE, "Organisations", "partenaires:organisations", "organisation", 44, peut_gerer_organisations),
    EntreeMenu(GROUPE, "Collaborations", "partenaires:collaborations", "reseau", 46, peut_gerer_organisations),
]
registre.menu_public += [
    EntreeMenu("", "Partenaires", "partenaires:partenaires", "partenaire", 40, lambda utilisateur: True),
    EntreeMenu("", "Devenir partenaire", "partenaires:adhesion", "adhesion", 45, lambda utilisateur: True),
]
registre.resolutions_lisibles.append(resolutions_de_l_assemblee)
registre.attentes.append(attentes)
registre.cartes += [
    Carte("accueil", "partenaires/_carte_adhesion.html", 40, carte_adhesion),
    Carte("espace", "partenaires/_carte_mon_organisation.html", 40, carte_mon_organisation),
]
registre.qualites.append(qualite)
registre.convoques.append(convoques_assemblee)
registre.voix.append(voix_du_partenaire)
registre.electorats.append(nb_partenaires)
registre.voix_tenues.append(voix_tient)
registre.paroles.append(parle_pour)
registre.noms.append(noms_des_citoyens)
registre.adresses.append(adresse_du_partenaire)
registre.valeurs.append(delais_adhesion)
registre.voix_ouvertes.append(voix_ouvertes_du_partenaire)
registre.ouvertures[GenreInstance.ASSEMBLEE] = Ouverture(partenaires_appeles, ouvrir_scrutin_assemblee)
registre.assistances.append(assistance)
registre.organisations_des_sieges.append(organisations_des_sieges)
registre.membres_assemblee.append(est_partenaire)
registre.onglets += [
    Onglet("demarche.scrutin", "La voix des partenaires", "partenaires/_voix.html", 10, onglet_voix),
    Onglet(
        "demarche.siege",
        "Organisations représentées",
        "partenaires/_representations_siege.html",
        10,
        onglet_representations_du_siege,
    ),
    Onglet(
        "demarche.rencontre",
        "Personnes et organisations présentes",
        "partenaires/_presences.html",
        20,
        onglet_presences,
    ),
    Onglet(
        "demarche.instance",
        "Organisations représentées",
        "partenaires/_representations.html",
        20,
        onglet_representations,
    ),
]
