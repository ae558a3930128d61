"""A meeting of the comité with six seats filled and one vacant, its votes, and the next meeting: what minutes tell."""

import datetime
from types import SimpleNamespace

from demarche.rencontres.enums import EtatPoint, EtatPresence, GenrePoint
from demarche.rencontres.models import PointOrdreDuJour, PresenceSiege
from demarche.rencontres.services.points import reporter_point
from demarche.rencontres.services.proces_verbaux import rediger_proces_verbal
from demarche.rencontres.services.votes_main_levee import CompteSalle
from demarche.rencontres.services.votes_points import VoteSalle, voter_point
from tests.factories import JOUR
from tests.factories.demarche import (
    DemarcheFactory,
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    PointOrdreDuJourFactory,
    RencontreFactory,
    SiegeFactory,
    UtilisateurFactory,
)

AVANT = JOUR - datetime.timedelta(days=20)
MOIS_DERNIER = JOUR - datetime.timedelta(days=40)


def seance(**instance):
    """Return the rows of a comité meeting held AVANT, with the meeting of JOUR that may adopt its minutes."""
    DemarcheFactory()
    ExerciceFactory()
    comite = InstanceGouvernanceFactory(comite=True, **instance)
    mandats = [
        MandatFactory(siege__instance_gouvernance=comite, siege__numero=n, utilisateur__nom=f"Titulaire {n}")
        for n in range(1, 7)
    ]
    SiegeFactory(instance_gouvernance=comite, numero=7, libelle="Siège vacant")
    rencontre = RencontreFactory(
        instance_gouvernance=comite,
        titre="Comité d’avril",
        date=AVANT,
        heure=datetime.time(9, 30),
        ouverte_a=datetime.time(9, 35),
        levee_a=datetime.time(11, 50),
        presidence="Alix Tremblay",
        notes="Note interne de la rencontre",
    )
    for mandat in mandats[:5]:
        arrivee = datetime.time(10, 5) if mandat.siege.numero == 2 else None
        PresenceSiege.objects.create(
            rencontre=rencontre,
            siege=mandat.siege,
            utilisateur=mandat.utilisateur,
            etat=EtatPresence.PRESENT,
            arrivee_a=arrivee,
        )
    PresenceSiege.objects.create(
        rencontre=rencontre, siege=mandats[5].siege, utilisateur=mandats[5].utilisateur, etat=EtatPresence.EXCUSE
    )
    suivante = RencontreFactory(instance_gouvernance=comite, titre="Comité de mai", date=JOUR)
    points = [
        PointOrdreDuJourFactory(rencontre=rencontre, ordre=1, titre="Suivis", etat=EtatPoint.TRAITE),
        PointOrdreDuJourFactory(
            rencontre=rencontre,
            ordre=2,
            titre="Tenir la fête",
            genre=GenrePoint.RESOLUTION,
            texte="Que la fête ait lieu.",
        ),
        PointOrdreDuJourFactory(rencontre=rencontre, ordre=3, titre="Le calendrier"),
    ]
    auteur = UtilisateurFactory(coordonnateur=True, email="coordo-seance@exemple.test")
    return SimpleNamespace(
        comite=comite, mandats=mandats, rencontre=rencontre, suivante=suivante, points=points, auteur=auteur
    )


def voter_la_fete(s, **reponses):
    """Vote on the second point: three pour, one contre, one stands aside, one absent."""
    donnees = {1: "pour", 2: "pour", 3: "pour", 4: "contre", 5: "recusation", 6: "absent"}
    return voter_point(s.points[1], vote=VoteSalle(reponses=donnees | reponses), auteur=s.auteur)


def redigee(**instance):
    """Return the rows of a meeting whose minutes are drafted and on the agenda of the next one."""
    s = seance(**instance)
    voter_la_fete(s)
    reporter_point(s.points[2], vers=s.suivante, auteur=s.auteur)
    s.pv = rediger_proces_verbal(s.rencontre.pk, auteur=s.auteur)
    s.point = PointOrdreDuJour.objects.create(
        rencontre=s.suivante,
        ordre=9,
        genre=GenrePoint.PROCES_VERBAL,
        titre="Adoption du procès-verbal",
        proces_verbal=s.pv,
    )
    return s


def par_siege(*choix):
    """Return the answers of the seats, in order."""
    return VoteSalle(reponses=dict(enumerate(choix, start=1)))


def par_nombre(presents, pour, contre=0, abstentions=0):
    return VoteSalle(compte=CompteSalle(presents, pour, contre, abstentions))
