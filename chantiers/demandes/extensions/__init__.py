"""What the requests give to the rooms below."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import Q
from django.urls import reverse

from chantiers.actions.models import ActionCollective
from chantiers.actions.protocoles import ARGENT, Argent
from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.extensions.attentes import a_completer, a_decider, a_repondre
from chantiers.demandes.extensions.dossiers import demandes_du_siege, seuils_du_siege
from chantiers.demandes.extensions.pages import (
    acces_aux_pieces,
    demande_de_la_resolution,
    demandes_attendues,
    demandes_de_l_action,
    fiches_des_scrutins,
    resolutions_des_demandes,
    voit_les_demandes,
)
from chantiers.demandes.extensions.points import actes_des_demandes, argent_de_la_consultation
from chantiers.demandes.extensions.regles import allocation, etape_seuils, seuils_du_cadre, seuils_en_vigueur
from chantiers.demandes.models import DemandeFonds
from chantiers.demandes.permissions import peut_gerer_motifs
from chantiers.demandes.queries.deliberations import demandeurs_des_scrutins
from chantiers.demandes.services.controles_registre import controler_deliberations, controler_demandes
from chantiers.demandes.services.demandes import reevaluer_coordination
from chantiers.demandes.services.precisions import AVANT_RAPPEL, POUR_REPONDRE, expirer_demandes
from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import Visiteur, peut_gerer_reglages
from demarche.comptes.protocoles import (
    DOCUMENTS,
    PAGES,
    AccesDocuments,
    Attente,
    EntreeMenu,
    LienReglage,
    Pages,
    Section,
)
from demarche.gouvernance.models import Exercice, InstanceGouvernance
from demarche.gouvernance.protocoles import REGLES, SUITES, EtapeInstallation, Regles, Suites, ValeurReglee
from demarche.registre.protocoles import MATIERES, Matiere
from demarche.rencontres.models import PointOrdreDuJour
from demarche.rencontres.protocoles import AGENDAS, ActePoint, Agenda
from demarche.scrutins.protocoles import OBJETS, ObjetDeScrutin
from demarche.socle.models import Document
from demarche.socle.protocoles import ECHEANCES, Echeances


@PAGES.ajouter
class PagesDemandes(Pages):
    menu = (EntreeMenu("Décider", "Demandes de fonds", "demandes:demande_liste", "demande", 20, voit_les_demandes),)
    sections = (
        Section("actions.action", "Demandes de fonds", "demandes/_action_demandes.html", 10, demandes_de_l_action),
        Section("gouvernance.cadre", "Seuils qui le citent", "demandes/_seuils_du_cadre.html", 10, seuils_du_cadre),
        Section("gouvernance.gouvernance", "Qui décide d’une somme", "demandes/_allocation.html", 10, allocation),
        Section("rencontres.enterinement", "L’argent", "demandes/_enterinement.html", 10, argent_de_la_consultation),
        Section(
            "scrutins.resolution", "La demande", "demandes/_resolution_demande.html", 10, demande_de_la_resolution
        ),
        Section(
            "rencontres.dossier_siege",
            "Qui décide selon le montant",
            "demandes/_dossier_seuils.html",
            20,
            seuils_du_siege,
        ),
        Section(
            "rencontres.dossier_siege", "Demandes en attente", "demandes/_dossier_demandes.html", 10, demandes_du_siege
        ),
    )
    reglages = (
        LienReglage(
            "Règles d’allocation",
            "Les seuils qui disent qui décide d’une demande de fonds.",
            "demandes:regle_liste",
            35,
            peut_gerer_reglages,
        ),
        LienReglage(
            "Motifs de décision",
            "Les phrases toutes prêtes qui expliquent un accord, un refus ou une question.",
            "demandes:motif_liste",
            37,
            peut_gerer_motifs,
        ),
    )

    def attentes(self, utilisateur: Utilisateur) -> Iterable[Attente]:
        yield from a_decider(utilisateur)
        yield from a_completer(utilisateur)
        yield from a_repondre(utilisateur)


@ECHEANCES.ajouter
class EcheancesDemandes(Echeances):
    def appliquer(self) -> None:
        expirer_demandes()
        reevaluer_coordination()


@DOCUMENTS.ajouter
class DocumentsDemandes(AccesDocuments):
    def lisible(self, utilisateur: Utilisateur | None, document: Document) -> bool:
        return acces_aux_pieces(utilisateur, document)


@REGLES.ajouter
class ReglesDemandes(Regles):
    defauts = (POUR_REPONDRE, AVANT_RAPPEL)

    def valeurs(self) -> Iterable[ValeurReglee]:
        return seuils_en_vigueur()

    def etapes(self, utilisateur: Utilisateur) -> Iterable[EtapeInstallation]:
        yield etape_seuils(utilisateur)


@SUITES.ajouter
class SuitesDemandes(Suites):
    def attendus(self, instance_gouvernance: InstanceGouvernance) -> Iterable[str]:
        return demandes_attendues(instance_gouvernance)

    def resolutions_lisibles(self, utilisateur: Utilisateur) -> Q | None:
        return resolutions_des_demandes(utilisateur)


@OBJETS.ajouter
class DemandeAuScrutin(ObjetDeScrutin):
    routes = ("demandes:demande_fiche",)

    def pages(self, scrutins: Collection[int]) -> Mapping[int, str]:
        return fiches_des_scrutins(scrutins)

    def demandeurs(self, scrutins: Collection[int]) -> Mapping[int, Collection[int]]:
        return demandeurs_des_scrutins(scrutins)


@AGENDAS.ajouter
class AgendaDemandes(Agenda):
    def actes(self, utilisateur: Utilisateur, points: Sequence[PointOrdreDuJour]) -> Mapping[int, ActePoint]:
        return actes_des_demandes(utilisateur, points)


@ARGENT.ajouter
class ArgentDemandes(Argent):
    def exercices_comptes(self, action_collective: ActionCollective) -> Iterable[int]:
        accordees = DemandeFonds.objects.filter(etat=EtatDemande.ACCORDEE, action_collective=action_collective)
        return accordees.values_list("exercice", flat=True)

    def gestes(
        self, visiteur: Visiteur, action_collective: ActionCollective, exercice: Exercice | None
    ) -> Iterable[tuple[str, str]]:
        yield "Demander des fonds", f"{reverse('demandes:demande_creer')}?action={action_collective.pk}"


@MATIERES.ajouter
class MatiereDemandes(Matiere):
    controles = (controler_deliberations, controler_demandes)
