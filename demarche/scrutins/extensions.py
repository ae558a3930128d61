"""What the ballots give to the rooms below: menu, what waits, the register, what an instance still decides."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import est_coordonnateur
from demarche.comptes.protocoles import PAGES, Attente, EntreeMenu, Pages, Section
from demarche.gouvernance.defauts import RAPPEL_AVANT
from demarche.gouvernance.enums import ModeDecision
from demarche.gouvernance.models import Exercice, InstanceGouvernance, Mandat, Siege
from demarche.gouvernance.permissions import peut_voir_decisions
from demarche.gouvernance.protocoles import ANNEES, SUITES, Annee, PointDeCloture, Suites
from demarche.gouvernance.queries.reglages import valeur_de
from demarche.registre.enums import GenreEvenement
from demarche.registre.protocoles import MATIERES, Matiere
from demarche.registre.queries import lignes_du_scrutin
from demarche.scrutins.enums import EtatScrutin
from demarche.scrutins.models import Scrutin
from demarche.scrutins.notifications import annoncer_scrutins_au_titulaire
from demarche.scrutins.phrases_registre import (
    dire_changement,
    dire_cloture,
    dire_ouverture,
    dire_recusation,
    dire_resolution,
    dire_vote,
    nommer_resolutions,
    nommer_scrutins,
)
from demarche.scrutins.protocoles import OBJETS
from demarche.scrutins.queries import scrutins_appelant, scrutins_attendant, scrutins_loin_du_quorum, voix_en_attente
from demarche.scrutins.services.controles_registre import (
    controler_resolutions,
    controler_scrutins,
    controler_votes_anterieurs,
)
from demarche.scrutins.services.scrutins import clore_echus
from demarche.socle.champs import lendemain
from demarche.socle.francais import compter
from demarche.socle.protocoles import ECHEANCES, Echeances


def au_registre(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Say on the page of a ballot once closed where the register tells it, to those who see the register."""
    if not isinstance(objet, Scrutin) or objet.est_ouvert or not peut_voir_decisions(utilisateur):
        return None
    return lignes_du_scrutin(objet)


def lit_des_resolutions(utilisateur: Utilisateur) -> bool:
    """True for those who see every decision, and for a partner, who reads some."""
    return peut_voir_decisions(utilisateur) or SUITES.resolutions_lisibles_par(utilisateur) is not None


@PAGES.ajouter
class PagesScrutins(Pages):
    menu = (
        EntreeMenu("Décider", "Scrutins", "scrutins:scrutin_liste", "vote", 28, peut_voir_decisions),
        EntreeMenu("Décider", "Résolutions", "scrutins:resolution_liste", "resolution", 32, lit_des_resolutions),
    )
    sections = (Section("scrutins.scrutin", "Preuve", "scrutins/_scrutin_registre.html", 90, au_registre),)

    def attentes(self, utilisateur: Utilisateur) -> Iterable[Attente]:
        """Offer each open remote ballot that waits for a voice of this person; to the coordination, those without
        their quorum in the delay of their reminder (R5).
        """
        voix = voix_en_attente(utilisateur)
        pages = OBJETS.pages_des_scrutins(electeur.scrutin for electeur in voix)
        for electeur in voix:
            scrutin = electeur.scrutin
            yield Attente(
                verbe="À signer" if scrutin.mode == ModeDecision.RESOLUTION_ECRITE else "À voter",
                libelle=scrutin.question,
                url=pages[scrutin.pk],
                echeance=scrutin.echeance,
                precision=f"{scrutin.instance_gouvernance}, au nom de « {electeur.libelle} »",
            )
        if not est_coordonnateur(utilisateur):
            return
        lignes = scrutins_loin_du_quorum(timezone.now() + datetime.timedelta(hours=valeur_de(RAPPEL_AVANT)))
        pages = OBJETS.pages_des_scrutins(scrutin for scrutin, _ in lignes)
        for scrutin, decompte in lignes:
            yield Attente(
                verbe="Quorum pas atteint",
                libelle=scrutin.question,
                url=pages[scrutin.pk],
                echeance=scrutin.echeance,
                precision=f"{compter(decompte.nb_participants, 'réponse')}, il en faut {decompte.quorum}",
            )


@ECHEANCES.ajouter
class EcheancesScrutins(Echeances):
    def appliquer(self) -> None:
        clore_echus()


@SUITES.ajouter
class SuitesScrutins(Suites):
    def attendus(self, instance_gouvernance: InstanceGouvernance) -> Iterable[str]:
        nb = instance_gouvernance.scrutins.filter(etat=EtatScrutin.OUVERT).count()
        if nb:
            yield compter(nb, "scrutin ouvert", "scrutins ouverts")

    def siege_pourvu(self, mandat: Mandat) -> None:
        """Call the new holder to the open ballots that still wait for the seat."""
        scrutins = scrutins_attendant(mandat.siege, mandat.utilisateur, mandat.du)
        if scrutins:
            annoncer_scrutins_au_titulaire(mandat, scrutins)

    def scrutins_ouverts(self, instance_gouvernance: InstanceGouvernance, siege: Siege | None = None) -> Iterable[Any]:
        if siege is not None:
            return scrutins_appelant(siege)
        return Scrutin.objects.ouverts().filter(instance_gouvernance=instance_gouvernance)


@ANNEES.ajouter
class AnneeScrutins(Annee):
    def points_de_cloture(self, exercice: Exercice) -> Iterable[PointDeCloture]:
        ouverts = Scrutin.objects.ouverts().filter(ouvert_le__lt=lendemain(exercice.fin))
        nb = ouverts.count()
        premier = ouverts.order_by("echeance", "pk").values_list("pk", flat=True).first()
        yield PointDeCloture(
            "Tous les scrutins sont clos",
            est_fait=nb == 0,
            est_bloquant=True,
            precision=compter(nb, "scrutin ouvert", "scrutins ouverts") if nb else "",
            url=reverse("scrutins:scrutin_detail", args=[premier]) if premier else "",
        )


@MATIERES.ajouter
class MatiereScrutins(Matiere):
    nommer = {"scrutin": nommer_scrutins, "resolution": nommer_resolutions}
    dire = {
        GenreEvenement.OUVERTURE: dire_ouverture,
        GenreEvenement.VOTE: dire_vote,
        GenreEvenement.CHANGEMENT: dire_changement,
        GenreEvenement.RECUSATION: dire_recusation,
        GenreEvenement.CLOTURE: dire_cloture,
        GenreEvenement.RESOLUTION: dire_resolution,
    }
    controles = (controler_scrutins, controler_votes_anterieurs, controler_resolutions)
