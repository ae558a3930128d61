"""What the requests give to the rooms below."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from chantiers.actions.models import ActionCollective
from chantiers.actions.protocoles import ARGENT, Argent
from chantiers.demandes.enums import EN_ATTENTE, EtatDemande
from chantiers.demandes.extensions.sections import (
    allocation,
    argent_de_la_consultation,
    demande_de_la_resolution,
    demandes_de_l_action,
    demandes_du_siege,
    seuils_du_cadre,
    seuils_du_siege,
    voit_les_demandes,
)
from chantiers.demandes.models import (
    Deliberation,
    DemandeFonds,
    PieceDemande,
    PointDemande,
    PrecisionDemande,
    RegleAllocation,
)
from chantiers.demandes.permissions import (
    etats_visibles,
    peut_gerer_motifs,
    peut_porter_en_rencontre,
    peut_voir_pieces,
)
from chantiers.demandes.queries.deliberations import demandeurs_des_scrutins, points_en_attente
from chantiers.demandes.queries.demandes import dates_promises
from chantiers.demandes.services.controles_registre import controler_deliberations, controler_demandes
from chantiers.demandes.services.demandes import reevaluer_coordination
from chantiers.demandes.services.precisions import AVANT_RAPPEL, POUR_REPONDRE, expirer_demandes
from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import Visiteur, est_coordonnateur, peut_gerer_reglages
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
from demarche.gouvernance.enums import MODES_A_DISTANCE, GenreInstance
from demarche.gouvernance.models import Exercice, InstanceGouvernance
from demarche.gouvernance.protocoles import REGLES, SUITES, EtapeInstallation, Regles, Suites, ValeurReglee
from demarche.gouvernance.queries.gouvernance import noms_des_decideurs
from demarche.registre.protocoles import MATIERES, Matiere
from demarche.rencontres.enums import EtatPoint, GenrePoint
from demarche.rencontres.models import PointOrdreDuJour
from demarche.rencontres.protocoles import AGENDAS, ActePoint, Agenda
from demarche.scrutins.protocoles import OBJETS, ObjetDeScrutin
from demarche.scrutins.services.electeurs import electeur_de
from demarche.socle.francais import compter, ecrire_dollars
from demarche.socle.models import Document
from demarche.socle.protocoles import ECHEANCES, Echeances
from partenaires.permissions import organisations_de


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
        yield from _a_decider(utilisateur)
        for demande in DemandeFonds.objects.filter(etat=EtatDemande.BROUILLON, demandeur=utilisateur):
            yield Attente("À compléter", demande.titre, demande.get_absolute_url())
        questions = PrecisionDemande.objects.en_attente().filter(
            demande__demandeur=utilisateur, avant_le__gte=timezone.localdate()
        )
        for question in questions.select_related("demande"):
            url = reverse("demandes:demande_repondre", args=[question.demande_id])
            yield Attente("À répondre", question.demande.titre, url, echeance=question.avant_le)


def _a_decider(utilisateur: Utilisateur) -> Iterable[Attente]:
    """Offer the coordination the submitted requests, each with its next step and its date."""
    if not est_coordonnateur(utilisateur):
        return
    soumises = DemandeFonds.objects.filter(etat=EtatDemande.SOUMISE).select_related("instance_gouvernance")
    points, dates = points_en_attente(soumises), dates_promises(soumises)
    for demande in soumises:
        instance, point = demande.instance_gouvernance, points.get(demande.pk)
        if instance is None:
            continue
        yield Attente(
            verbe="En rencontre" if point is not None else _verbe_de_decision(instance),
            libelle=demande.titre,
            url=demande.get_absolute_url(),
            echeance=dates.get(demande.pk),
        )


def _verbe_de_decision(instance: InstanceGouvernance) -> str:
    if instance.genre == GenreInstance.COORDINATION:
        return "À décider"
    return "Scrutin à ouvrir" if instance.mode_decision in MODES_A_DISTANCE else "À porter en rencontre"


@ECHEANCES.ajouter
class EcheancesDemandes(Echeances):
    def appliquer(self) -> None:
        expirer_demandes()
        reevaluer_coordination()


@DOCUMENTS.ajouter
class DocumentsDemandes(AccesDocuments):
    def lisible(self, utilisateur: Utilisateur | None, document: Document) -> bool:
        pieces = PieceDemande.objects.filter(document=document).select_related("demande")
        return any(
            peut_voir_pieces(utilisateur, piece.demande) or _est_appele(utilisateur, piece.demande) for piece in pieces
        )


def _est_appele(utilisateur: Utilisateur | None, demande: DemandeFonds) -> bool:
    """Return whether this person has a voice at the last ballot held on a request."""
    scrutin = demande.scrutin
    return utilisateur is not None and scrutin is not None and electeur_de(scrutin, utilisateur) is not None


@REGLES.ajouter
class ReglesDemandes(Regles):
    defauts = (POUR_REPONDRE, AVANT_RAPPEL)

    def valeurs(self) -> Iterable[ValeurReglee]:
        regle = RegleAllocation.objects.en_vigueur(timezone.localdate())
        groupe = "Demandes de fonds"
        if regle is not None:
            bas, haut = ecrire_dollars(regle.seuil_comite), ecrire_dollars(regle.seuil_assemblee)
            url = reverse("demandes:regle_liste")
            noms = noms_des_decideurs()
            for genre, texte in (
                (GenreInstance.COORDINATION, f"sous {bas}"),
                (GenreInstance.COMITE_PILOTAGE, f"de {bas} à {haut} inclusivement"),
                (GenreInstance.ASSEMBLEE, f"au-delà de {haut}"),
            ):
                yield ValeurReglee(groupe, f"«\u00a0{noms[genre]}\u00a0» décide", texte, regle.source, url)
        yield ValeurReglee(
            groupe, "La demande de la coordination", "va à l’instance suivante, même sous le premier seuil"
        )
        yield ValeurReglee(groupe, "Qui demande", "ne vote pas, ni personne au nom de son organisation")
        yield ValeurReglee(groupe, "Le signe sur un porteur", "ses demandes dépassent un seuil en douze mois")

    def etapes(self, utilisateur: Utilisateur) -> Iterable[EtapeInstallation]:
        yield EtapeInstallation(
            "Inscrire les seuils d’allocation",
            "Qui décide d’une demande de fonds, selon son montant : la coordination, le comité ou l’assemblée.",
            reverse("demandes:regle_liste") if peut_gerer_reglages(utilisateur) else "",
            RegleAllocation.objects.en_vigueur(timezone.localdate()) is not None,
        )


@SUITES.ajouter
class SuitesDemandes(Suites):
    def attendus(self, instance_gouvernance: InstanceGouvernance) -> Iterable[str]:
        nb = instance_gouvernance.demandes.filter(etat__in=EN_ATTENTE).count()
        if nb:
            yield compter(nb, "demande de fonds", "demandes de fonds")

    def resolutions_lisibles(self, utilisateur: Utilisateur) -> Q | None:
        if not voit_les_demandes(utilisateur):
            return None
        siennes = Q(demande__demandeur=utilisateur) | Q(demande__organisation__in=organisations_de(utilisateur))
        return siennes | Q(demande__etat__in=etats_visibles(utilisateur))


@OBJETS.ajouter
class DemandeAuScrutin(ObjetDeScrutin):
    routes = ("demandes:demande_fiche",)

    def pages(self, scrutins: Collection[int]) -> Mapping[int, str]:
        couples = Deliberation.objects.filter(scrutin__in=scrutins).values_list("scrutin_id", "demande_id")
        return {scrutin: reverse("demandes:demande_fiche", args=[demande]) for scrutin, demande in couples}

    def demandeurs(self, scrutins: Collection[int]) -> Mapping[int, Collection[int]]:
        return demandeurs_des_scrutins(scrutins)


@AGENDAS.ajouter
class AgendaDemandes(Agenda):
    def actes(self, utilisateur: Utilisateur, points: Sequence[PointOrdreDuJour]) -> Mapping[int, ActePoint]:
        pks = [point.pk for point in points if point.genre == GenrePoint.DEMANDE]
        if not pks:
            return {}
        liens = PointDemande.objects.filter(point__in=pks).select_related(
            "point__rencontre", "demande__instance_gouvernance"
        )
        visibles, actes = etats_visibles(utilisateur), {}
        for lien in liens:
            point, demande = lien.point, lien.demande
            attend = point.etat == EtatPoint.A_TRAITER and point.rencontre.date <= timezone.localdate()
            attend = attend and demande.instance_gouvernance_id == point.rencontre.instance_gouvernance_id
            if attend and peut_porter_en_rencontre(utilisateur, demande):
                url = reverse("demandes:point_decision", args=[point.pk])
                actes[point.pk] = ActePoint("Inscrire la décision", url, est_a_faire=True)
            elif demande.etat in visibles:
                attendues = demande.etat == EtatDemande.PRECISIONS and point.etat == EtatPoint.A_TRAITER
                libelle = "Lire la demande (précisions attendues)" if attendues else "Lire la demande"
                actes[point.pk] = ActePoint(libelle, demande.get_absolute_url(), est_a_faire=False)
        return actes


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
