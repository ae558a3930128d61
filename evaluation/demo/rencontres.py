"""The comité's meetings of the exercice in progress, through the same verbs as in the application."""

import datetime
from typing import Any

from django.utils import timezone

from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.models import DemandeFonds
from chantiers.demandes.services.deliberations import mettre_a_l_ordre_du_jour
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import Rencontre
from demarche.rencontres.enums import EtatPresence, GenrePoint
from demarche.rencontres.models import PointOrdreDuJour
from demarche.rencontres.services.points import ajouter_point, noter_point, reporter_point
from demarche.rencontres.services.presences import LignePresence, empreinte_presences, enregistrer_presences
from demarche.rencontres.services.rencontres import convoquer, creer_rencontre, modifier_rencontre
from demarche.rencontres.services.votes_main_levee import ABSENT
from demarche.rencontres.services.votes_points import VoteSalle, voter_point
from demarche.scrutins.services.electeurs import sieges_appeles
from evaluation.demo.ecriture import Demo
from evaluation.demo.lecture import lire
from evaluation.demo.temps import Histoire, a_l_instant, il_y_a, instant, jour_il_y_a

LIEU = "Bureaux de la démarche"
VENDREDI, SAMEDI = 4, 5


def histoires_seances(demo: Demo) -> list[Histoire]:
    """Return the story of each past meeting of the comité, and of the next one that takes what they left."""
    reportes: list[PointOrdreDuJour] = []
    seances = [_histoire_seance(demo, ligne, reportes) for ligne in lire("rencontres")["seances"]]
    return [*seances, _histoire_prochaine(demo, reportes)]


def _histoire_seance(demo: Demo, ligne: dict[str, Any], reportes: list[PointOrdreDuJour]) -> Histoire:
    date = jour_de_seance(demo, ligne)
    yield min(instant(date, 12), il_y_a(demo, ligne["jours"], 12))
    reportes += _seance(demo, ligne, date)


def jour_de_seance(demo: Demo, ligne: dict[str, Any]) -> datetime.date:
    """Return the day of one past meeting: never a week-end, never before the exercice."""
    date = jour_il_y_a(demo, ligne["jours"])
    ouvrable = date - datetime.timedelta(days=max(date.weekday() - VENDREDI, 0))
    debut: datetime.date = demo.courant.debut
    return max(ouvrable, debut)


def _histoire_prochaine(demo: Demo, reportes: list[PointOrdreDuJour]) -> Histoire:
    yield timezone.now()
    donnees = lire("rencontres")
    prochaine = _annoncer(demo, donnees["prochaine"], _prochain_jour(demo, donnees["prochaine"]["jours"]))
    for ligne in donnees["prochaine"]["points"]:
        _ajouter(demo, prochaine, ligne)
    for point in reportes:
        reporter_point(point, vers=prochaine, auteur=demo.auteur)


def porter_les_demandes(demo: Demo) -> None:
    """Put the requests that wait on the agenda of the next meeting of their instance, and convene the comité."""
    for demande in DemandeFonds.objects.filter(etat=EtatDemande.SOUMISE).order_by("soumise_le"):
        instance = demande.instance_gouvernance
        if instance is None or instance.genre == GenreInstance.COORDINATION:
            continue
        prochaine = (
            Rencontre.objects.filter(instance_gouvernance=instance, date__gt=demo.jour).order_by("date").first()
        )
        if prochaine is not None:
            mettre_a_l_ordre_du_jour(demande.pk, rencontre=prochaine, auteur=demo.auteur)
    ligne = lire("rencontres")["prochaine"]
    prochaine = Rencontre.objects.get(titre=ligne["titre"])
    with a_l_instant(il_y_a(demo, ligne["convoquee_il_y_a"])):
        convoquer(prochaine, auteur=demo.auteur)


def _prochain_jour(demo: Demo, jours: int) -> datetime.date:
    date = demo.jour + datetime.timedelta(days=jours)
    return date + datetime.timedelta(days=2) if date.weekday() >= SAMEDI else date


def _annoncer(demo: Demo, ligne: dict[str, Any], date: datetime.date) -> Rencontre:
    champs = {
        "instance_gouvernance": demo.instances[ligne["instance"]],
        "titre": ligne["titre"],
        "date": date,
        "heure": ligne["heure"],
        "lieu": LIEU,
        "presidence": ligne.get("presidence", ""),
        "secretariat": ligne.get("secretariat", ""),
    }
    return creer_rencontre(champs=champs, auteur=demo.auteur)


def _ajouter(demo: Demo, rencontre: Rencontre, ligne: dict[str, Any]) -> PointOrdreDuJour:
    champs = {
        "titre": ligne["titre"],
        "texte": ligne.get("texte", ""),
        "genre": GenrePoint(ligne.get("genre", "libre")),
        "duree_minutes": ligne["duree"],
    }
    return ajouter_point(rencontre, champs=champs, auteur=demo.auteur)


def _seance(demo: Demo, ligne: dict[str, Any], date: datetime.date) -> list[PointOrdreDuJour]:
    """Write one past meeting; return the points left for the next one."""
    rencontre = _annoncer(demo, ligne, date)
    _noter_presences(demo, rencontre, ligne)
    restants = []
    for saisie in ligne["points"]:
        point = _ajouter(demo, rencontre, saisie)
        if saisie.get("reporte"):
            restants.append(point)
        votee = "votes" in saisie
        traite = not votee and point not in restants
        noter_point(point, version=1, notes=saisie["notes"], traite=traite, auteur=demo.auteur)
        if votee:
            voter_point(point, vote=_vote(rencontre, saisie["votes"]), auteur=demo.auteur)
    _lever(demo, rencontre, ligne)
    return restants


def _noter_presences(demo: Demo, rencontre: Rencontre, ligne: dict[str, Any]) -> None:
    lignes = {
        appele.siege.pk: LignePresence(
            ligne["presences"].get(str(appele.numero), EtatPresence.ABSENT), ligne["retards"].get(str(appele.numero))
        )
        for appele in sieges_appeles(rencontre.instance_gouvernance, rencontre.date)
        if appele.siege is not None
    }
    enregistrer_presences(rencontre, lignes, attendue=empreinte_presences(rencontre), auteur=demo.auteur)


def _vote(rencontre: Rencontre, votes: dict[str, str]) -> VoteSalle:
    appeles = sieges_appeles(rencontre.instance_gouvernance, rencontre.date)
    return VoteSalle(reponses={a.numero: votes.get(str(a.numero), ABSENT) for a in appeles})


def _lever(demo: Demo, rencontre: Rencontre, ligne: dict[str, Any]) -> None:
    """Write the hours of the meeting: it opened on time, and lasted what its data says."""
    fin = datetime.datetime.combine(rencontre.date, ligne["heure"]) + datetime.timedelta(minutes=ligne["duree"])
    champs = {"date": rencontre.date, "ouverte_a": ligne["heure"], "levee_a": fin.time()}
    modifier_rencontre(rencontre, version=rencontre.version, champs=champs, auteur=demo.auteur)
