"""Minutes: the comité's last two meetings, one adopted and one still a draft; the assemblée before last."""

import datetime

from django.utils import timezone

from demarche.gouvernance.models import Rencontre
from demarche.rencontres.enums import GenrePoint
from demarche.rencontres.models import PointOrdreDuJour, ProcesVerbal
from demarche.rencontres.services.adoptions_proces_verbaux import adopter_proces_verbal
from demarche.rencontres.services.points import ajouter_point
from demarche.rencontres.services.proces_verbaux import modifier_proces_verbal, rediger_proces_verbal
from demarche.rencontres.services.votes_main_levee import ABSENT, CompteSalle
from demarche.rencontres.services.votes_points import VoteSalle
from demarche.scrutins.services.electeurs import sieges_appeles
from evaluation.demo.ecriture import Demo
from evaluation.demo.lecture import lire
from evaluation.demo.rencontres import jour_de_seance
from evaluation.demo.temps import Histoire, instant

# What was said at the assemblée, by point of its agenda.
DIT = {
    "Accueil et réseautage": "Les partenaires se présentent. Six personnes viennent pour la première fois.",
    "Ce qui a bougé dans les chantiers": "Chaque chantier dit en cinq minutes ce qui avance et ce qui lui manque.",
    "Décisions": "Aucune demande n’est soumise à l’assemblée cette fois-ci.",
    "Micro ouvert": "On parle surtout de logement et du transport vers le marché. Les pistes sont remises à l’équipe.",
}


def histoire_proces_verbaux(demo: Demo) -> Histoire:
    """Adopt the minutes of the meeting before last at the last one, and draft those of the last one for the next."""
    maintenant = timezone.now()
    yield instant(jour_de_seance(demo, lire("rencontres")["seances"][-1]), 12, 20)
    comite = Rencontre.objects.filter(instance_gouvernance=demo.instances["CP"])
    tenues = comite.filter(date__gte=demo.courant.debut, date__lte=demo.jour, levee_a__isnull=False)
    avant_derniere, derniere = tenues.order_by("date", "pk")
    proces_verbal = rediger_proces_verbal(avant_derniere.pk, auteur=demo.auteur)
    point = _inscrire(demo, proces_verbal, derniere)
    adopter_proces_verbal(point.pk, vote=_tous_pour(derniere), auteur=demo.auteur)
    yield maintenant + datetime.timedelta(seconds=1)  # once the next meeting is announced
    prochaine = comite.filter(date__gt=demo.jour).order_by("date").first()
    assert prochaine is not None  # noqa: S101 - written just before
    _inscrire(demo, rediger_proces_verbal(derniere.pk, auteur=demo.auteur), prochaine)


def histoire_proces_verbal_assemblee(demo: Demo) -> Histoire:
    """Adopt, at the last assemblée, the minutes of the one before, that every partner then reads."""
    tenues = Rencontre.objects.filter(
        instance_gouvernance=demo.instances["AP"], date__gt=demo.reference.fin, date__lt=demo.jour
    )
    dernieres = list(tenues.order_by("-date")[:2])
    if len(dernieres) < 2:
        return
    derniere, avant_derniere = dernieres
    yield instant(derniere.date, 16)
    proces_verbal = rediger_proces_verbal(avant_derniere.pk, auteur=demo.auteur)
    modifier_proces_verbal(
        proces_verbal,
        version=proces_verbal.version,
        ouverture="La coordonnatrice ouvre l’assemblée et rappelle l’ordre du jour.",
        cloture=proces_verbal.cloture,
        comptes_rendus={p.pk: DIT.get(p.titre, p.compte_rendu) for p in avant_derniere.points.all()},
        auteur=demo.auteur,
    )
    point = _inscrire(demo, proces_verbal, derniere)
    compte = CompteSalle(nb_presents=22, nb_pour=21, nb_contre=0, nb_abstentions=1)
    adopter_proces_verbal(point.pk, vote=VoteSalle(compte=compte), auteur=demo.auteur)


def _inscrire(demo: Demo, proces_verbal: ProcesVerbal, rencontre: Rencontre) -> PointOrdreDuJour:
    champs = {
        "genre": GenrePoint.PROCES_VERBAL,
        "titre": "Adoption du procès-verbal de la dernière rencontre",
        "proces_verbal": proces_verbal,
        "duree_minutes": 5,
        "est_public": False,
    }
    return ajouter_point(rencontre, champs=champs, auteur=demo.auteur)


def _tous_pour(rencontre: Rencontre) -> VoteSalle:
    """Return the answers of a meeting where every person present said pour."""
    presents = set(rencontre.presences_sieges.filter(etat="present").values_list("siege__numero", flat=True))
    appeles = sieges_appeles(rencontre.instance_gouvernance, rencontre.date)
    return VoteSalle(reponses={a.numero: "pour" if a.numero in presents else ABSENT for a in appeles})
