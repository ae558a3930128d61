"""What minutes offer the pages: what waits for whom, the section of an instance and of a public meeting, the verb on
a point. Loaded by `cartes`."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from .enums import EtatPoint, EtatProcesVerbal, GenrePoint
from .models import InstanceGouvernance, PointOrdreDuJour, Rencontre, Utilisateur
from .permissions import (
    peut_adopter_proces_verbal,
    peut_rediger_proces_verbal,
    peut_voir_decisions,
    peut_voir_ordre_du_jour,
)
from .proces_verbal.acces import proces_verbaux_lisibles, projets_en_cours
from .registre import ActePoint, Attente, EntreeMenu, Onglet, registre

NB_ADOPTES = 3
RECENTES = datetime.timedelta(days=60)  # ours: beyond, nobody is reproached with it


def a_adopter(utilisateur: Utilisateur) -> Iterable[Attente]:
    """Offer the drafts on the agenda of a meeting: to adopt for the coordination, to read before it for who sits."""
    jour = timezone.localdate()
    adopte = peut_adopter_proces_verbal(utilisateur)
    instances = {mandat.siege.instance_gouvernance_id for mandat in utilisateur.mandats_du_jour}
    if not adopte and not instances:
        return
    for projet in projets_en_cours(utilisateur):
        points: list[PointOrdreDuJour] = projet.points_attendus  # type: ignore[attr-defined]
        if not points:
            continue
        point = points[0]
        libelle = f"Procès-verbal à adopter\u00a0: {projet.rencontre}"
        if adopte and point.rencontre.date <= jour:
            adresse = reverse("demarche:proces_verbal_adopter", args=[point.pk])
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
    """Lead who does not see the whole agenda to adopted minutes they may read: a partner, at the assemblée."""
    if utilisateur is None or not isinstance(objet, Rencontre) or peut_voir_ordre_du_jour(utilisateur, objet):
        return None
    adopte = proces_verbaux_lisibles(utilisateur).filter(etat=EtatProcesVerbal.ADOPTE, rencontre=objet).first()
    return {"proces_verbal": adopte} if adopte else None


def actes_des_points(utilisateur: Utilisateur, points: Sequence[PointOrdreDuJour]) -> Mapping[int, ActePoint]:
    """Offer, on a point that brings minutes, to record their adoption, or to read them."""
    actes = {}
    for point in points:
        if point.genre != GenrePoint.PROCES_VERBAL or point.proces_verbal is None:
            continue
        if point.etat == EtatPoint.A_TRAITER and peut_adopter_proces_verbal(utilisateur):
            adresse = reverse("demarche:proces_verbal_adopter", args=[point.pk])
            actes[point.pk] = ActePoint("Adopter le procès-verbal", adresse, est_a_faire=True)
        else:
            actes[point.pk] = ActePoint("Lire le procès-verbal", point.proces_verbal.get_absolute_url(), False)
    return actes


def lit_des_proces_verbaux(utilisateur: Utilisateur) -> bool:
    """True for those whose list of minutes may hold some; a partner, once there is one to read."""
    if peut_voir_decisions(utilisateur) or utilisateur.mandats_du_jour:
        return True
    return proces_verbaux_lisibles(utilisateur).exists()


registre.attentes += [a_adopter, a_rediger]
registre.actes_point.append(actes_des_points)
registre.onglets += [
    Onglet("demarche.instance", "Procès-verbaux", "demarche/_proces_verbaux_instance.html", 30, onglet_instance),
    Onglet("demarche.rencontre", "Procès-verbal", "demarche/_proces_verbal_public.html", 40, onglet_rencontre),
]
registre.menu.append(
    EntreeMenu("Décider", "Procès-verbaux", "demarche:proces_verbal_liste", "document", 31, lit_des_proces_verbaux)
)
