"""What the meetings give to the rooms below: menu, agenda, what waits, their minutes before a year closes."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model, Q
from django.urls import reverse
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.comptes.permissions import est_equipe
from demarche.comptes.protocoles import (
    DOCUMENTS,
    PAGES,
    AccesDocuments,
    Attente,
    Carte,
    EntreeMenu,
    Pages,
    Section,
    toujours,
)
from demarche.gouvernance.models import Exercice, InstanceGouvernance, Rencontre, Resolution, Siege
from demarche.gouvernance.permissions import peut_voir_decisions
from demarche.gouvernance.protocoles import ANNEES, SUITES, Annee, PointDeCloture, Suites
from demarche.gouvernance.queries.gouvernance import mandats_du_jour
from demarche.registre.protocoles import MATIERES, Matiere
from demarche.rencontres.enums import EtatPoint, EtatProcesVerbal, GenrePoint
from demarche.rencontres.models import PointOrdreDuJour, ProcesVerbal
from demarche.rencontres.permissions import (
    peut_adopter_proces_verbal,
    peut_lire_dossier_siege,
    peut_rediger_proces_verbal,
    peut_voir_ordre_du_jour,
)
from demarche.rencontres.phrases_registre import nommer_proces_verbaux
from demarche.rencontres.proces_verbal.acces import proces_verbaux_lisibles, projets_en_cours
from demarche.rencontres.protocoles import AGENDAS, ActePoint, Agenda
from demarche.rencontres.queries.points import consultations_a_enteriner, suite_de_la_consultation
from demarche.rencontres.services.adoptions_proces_verbaux import controler_documents_adoptes
from demarche.rencontres.services.controles_registre import controler_proces_verbaux
from demarche.scrutins.models import Scrutin
from demarche.socle.francais import compter
from demarche.socle.models import Document

NB_ADOPTES = 3
NB_PROCHAINES = 3
NB_CORRECTIONS = 10
APRES = "; après la clôture, un procès-verbal ne se rédige ni ne se modifie plus, il ne peut qu’être adopté"
RECENTES = datetime.timedelta(days=60)  # ours: beyond, nobody is reproached with it


def a_adopter(utilisateur: Utilisateur) -> Iterable[Attente]:
    """Offer the drafts on an agenda: the coordination adopts them, the members of the instance read them before."""
    jour = timezone.localdate()
    adopte = peut_adopter_proces_verbal(utilisateur)
    instances = {mandat.siege.instance_gouvernance_id for mandat in mandats_du_jour(utilisateur)}
    if not adopte and not instances:
        return
    for projet in projets_en_cours(utilisateur):
        points: list[PointOrdreDuJour] = projet.points_attendus  # type: ignore[attr-defined]
        if not points:
            continue
        point = points[0]
        libelle = f"Procès-verbal à adopter\u00a0: {projet.rencontre}"
        if adopte and point.rencontre.date <= jour:
            adresse = reverse("rencontres:proces_verbal_adopter", args=[point.pk])
            yield Attente("À adopter", libelle, adresse, point.rencontre.date, str(point.rencontre))
        elif point.rencontre.date >= jour and projet.rencontre.instance_gouvernance_id in instances:
            yield Attente("À lire", libelle, projet.get_absolute_url(), point.rencontre.date, "Avant la rencontre")


def a_rediger(utilisateur: Utilisateur) -> Iterable[Attente]:
    """Offer the team the meetings adjourned of late whose minutes are not drafted."""
    if not peut_rediger_proces_verbal(utilisateur):
        return
    jour = timezone.localdate()
    tenues = Rencontre.objects.maintenues().filter(
        date__range=(jour - RECENTES, jour), levee_a__isnull=False, proces_verbal__isnull=True
    )
    for rencontre in tenues.order_by("date", "pk"):
        adresse = f"{rencontre.get_absolute_url()}#proces-verbal"
        yield Attente("À rédiger", f"Procès-verbal\u00a0: {rencontre}", adresse, rencontre.date, "Rencontre tenue")


def onglet_instance(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Show, on the page of an instance, its minutes to adopt and the last adopted ones."""
    if utilisateur is None or not isinstance(objet, InstanceGouvernance):
        return None
    adoptes = proces_verbaux_lisibles(utilisateur).filter(
        etat=EtatProcesVerbal.ADOPTE, rencontre__instance_gouvernance=objet
    )
    contexte = {
        "projets": list(projets_en_cours(utilisateur).filter(rencontre__instance_gouvernance=objet)),
        "adoptes": list(adoptes.order_by("-rencontre__date", "-pk")[:NB_ADOPTES]),
    }
    return contexte if contexte["projets"] or contexte["adoptes"] else None


def onglet_rencontre(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Lead a reader of the public agenda alone to the adopted minutes: a partner, at the assemblée."""
    if utilisateur is None or not isinstance(objet, Rencontre) or peut_voir_ordre_du_jour(utilisateur, objet):
        return None
    adopte = proces_verbaux_lisibles(utilisateur).filter(etat=EtatProcesVerbal.ADOPTE, rencontre=objet).first()
    return {"proces_verbal": adopte} if adopte else None


def lit_des_proces_verbaux(utilisateur: Utilisateur) -> bool:
    """True when this person may read minutes; for a partner, once there are some."""
    if peut_voir_decisions(utilisateur) or mandats_du_jour(utilisateur):
        return True
    return proces_verbaux_lisibles(utilisateur).exists()


def carte_mes_sieges(utilisateur: Utilisateur | None) -> dict[str, Any] | None:
    """Lead the holder of a seat to its file."""
    mandats = mandats_du_jour(utilisateur) if utilisateur else []
    return {"mandats": mandats} if mandats else None


def dossier_du_siege(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Lead to the file of one seat."""
    lisible = isinstance(objet, Siege) and peut_lire_dossier_siege(utilisateur, objet)
    return {"sieges": [objet]} if lisible else None


def suite_du_scrutin(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Lead the team to the point of an agenda that ratifies an adopted consultation."""
    if not isinstance(objet, Scrutin) or not est_equipe(utilisateur):
        return None
    suite = suite_de_la_consultation(objet)
    return {"suite": suite} if suite else None


def rencontres_pour_corriger(utilisateur: Utilisateur | None, objet: Model) -> dict[str, Any] | None:
    """Offer the meetings to come whose agenda may hold the correction of a resolution."""
    if not isinstance(objet, Resolution):
        return None
    memes = Rencontre.objects.filter(instance_gouvernance=objet.instance_gouvernance_id).maintenues()
    return {"resolution": objet, "rencontres": memes.a_venir(timezone.localdate())[:NB_CORRECTIONS]}


def prochaines_rencontres(utilisateur: Utilisateur | None) -> dict[str, Any]:
    """Return the next public meetings, for the public home page."""
    prochaines = Rencontre.objects.publiques().maintenues().a_venir(timezone.localdate())
    return {"rencontres": prochaines.select_related("instance_gouvernance")[:NB_PROCHAINES]}


def proces_verbaux_en_attente(exercice: Exercice) -> int:
    """Return how many meetings of the exercice decided something, or have minutes, that no meeting adopted yet."""
    rencontres = Rencontre.objects.de_l_exercice(exercice).filter(date__lte=timezone.localdate())
    adoptes = ProcesVerbal.objects.filter(etat=EtatProcesVerbal.ADOPTE).values("rencontre")
    return (
        rencontres.filter(Q(proces_verbal__isnull=False) | Q(scrutins__isnull=False) | Q(resolutions__isnull=False))
        .exclude(pk__in=adoptes)
        .distinct()
        .count()
    )


@PAGES.ajouter
class PagesRencontres(Pages):
    menu = (
        EntreeMenu("Décider", "Rencontres", "rencontres:rencontre_liste", "rencontre", 30, toujours, ("/points/",)),
        EntreeMenu(
            "Décider",
            "Procès-verbaux",
            "rencontres:proces_verbal_liste",
            "document",
            31,
            lit_des_proces_verbaux,
        ),
    )
    menu_public = (EntreeMenu("", "Agenda", "rencontres:agenda", "calendrier", 30, toujours),)
    cartes = (
        Carte("accueil.cote", "rencontres/_prochaines.html", 10, prochaines_rencontres),
        Carte("espace", "rencontres/_carte_sieges.html", 10, carte_mes_sieges),
    )
    sections = (
        Section("gouvernance.siege", "Dossier de siège", "rencontres/_siege_dossiers.html", 40, dossier_du_siege),
        Section(
            "gouvernance.instance", "Procès-verbaux", "rencontres/_proces_verbaux_instance.html", 30, onglet_instance
        ),
        Section(
            "rencontres.rencontre", "Procès-verbal", "rencontres/_proces_verbal_public.html", 40, onglet_rencontre
        ),
        Section(
            "scrutins.correction",
            "À une rencontre",
            "rencontres/_resolution_correction.html",
            10,
            rencontres_pour_corriger,
        ),
        Section("scrutins.resultat", "La suite", "rencontres/_scrutin_suite.html", 10, suite_du_scrutin),
    )

    def attentes(self, utilisateur: Utilisateur) -> Iterable[Attente]:
        yield from a_adopter(utilisateur)
        yield from a_rediger(utilisateur)


@DOCUMENTS.ajouter
class DocumentsRencontres(AccesDocuments):
    def adresse(self, document: Document) -> str:
        """Adopted minutes are served by one view alone, which checks their hash."""
        adopte = ProcesVerbal.objects.filter(document=document).first()
        return reverse("rencontres:proces_verbal_pdf", args=[adopte.pk]) if adopte else ""


@AGENDAS.ajouter
class AgendaProcesVerbaux(Agenda):
    def actes(self, utilisateur: Utilisateur, points: Sequence[PointOrdreDuJour]) -> Mapping[int, ActePoint]:
        """Offer, on a point that brings minutes, to record their adoption, or to read them."""
        actes = {}
        for point in points:
            if point.genre != GenrePoint.PROCES_VERBAL or point.proces_verbal is None:
                continue
            if point.etat == EtatPoint.A_TRAITER and peut_adopter_proces_verbal(utilisateur):
                adresse = reverse("rencontres:proces_verbal_adopter", args=[point.pk])
                actes[point.pk] = ActePoint("Adopter le procès-verbal", adresse, est_a_faire=True)
            else:
                actes[point.pk] = ActePoint("Lire le procès-verbal", point.proces_verbal.get_absolute_url(), False)
        return actes


@SUITES.ajouter
class SuitesRencontres(Suites):
    def attendus(self, instance_gouvernance: InstanceGouvernance) -> Iterable[str]:
        nb = consultations_a_enteriner(instance_gouvernance).count()
        if nb:
            yield compter(nb, "consultation à entériner", "consultations à entériner")

    def dossiers(self, utilisateur: Utilisateur, sieges: Iterable[Siege]) -> Mapping[int, str]:
        return {
            siege.pk: reverse("rencontres:dossier_siege", args=[siege.pk])
            for siege in sieges
            if peut_lire_dossier_siege(utilisateur, siege)
        }


@ANNEES.ajouter
class AnneeRencontres(Annee):
    def points_de_cloture(self, exercice: Exercice) -> Iterable[PointDeCloture]:
        nb = proces_verbaux_en_attente(exercice)
        restent = compter(nb, "rencontre sans procès-verbal adopté", "rencontres sans procès-verbal adopté")
        yield PointDeCloture(
            "Les procès-verbaux sont adoptés",
            est_fait=nb == 0,
            precision=restent + APRES if nb else "",
            url=f"{reverse('rencontres:rencontre_liste')}?exercice={exercice.code}",
        )


@MATIERES.ajouter
class MatiereRencontres(Matiere):
    nommer = {"proces_verbal": nommer_proces_verbaux}
    controles = (controler_proces_verbaux, controler_documents_adoptes)
