"""Points of an agenda: write, order, decide in the room, carry over, frozen with the minutes."""

import datetime

import pytest

from demarche.gouvernance.enums import Choix, Issue, ModeDecision
from demarche.gouvernance.models import Resolution
from demarche.rencontres.enums import EtatPoint, GenrePoint
from demarche.rencontres.models import PointOrdreDuJour
from demarche.rencontres.queries.points import consultations_a_inscrire
from demarche.rencontres.services.points import (
    ajouter_enterinements,
    ajouter_point,
    modifier_point,
    noter_point,
    placer_point,
    reporter_point,
    reprendre_point,
    retirer_point,
)
from demarche.rencontres.services.votes_main_levee import ABSENT, RECUSATION, CompteSalle
from demarche.rencontres.services.votes_points import TexteVote, VoteSalle, annonce_du_vote, voter_point
from demarche.rencontres.signals import enterinement_ouvert, point_reporte
from demarche.socle.erreurs import ErreurMetier
from tests.factories import JOUR
from tests.factories.demarche import (
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    PointOrdreDuJourFactory,
    ProcesVerbalFactory,
    RencontreFactory,
    ResolutionFactory,
    ScrutinFactory,
    SiegeFactory,
    UtilisateurFactory,
)

pytestmark = pytest.mark.django_db
DEMAIN = JOUR + datetime.timedelta(days=1)


@pytest.fixture
def auteur():
    ExerciceFactory()
    return UtilisateurFactory()


@pytest.fixture
def comite():
    """A comité of five seats, one of them vacant."""
    instance = InstanceGouvernanceFactory(comite=True)
    for numero in range(1, 5):
        MandatFactory(siege__numero=numero, siege__instance_gouvernance=instance)
    SiegeFactory(numero=5, instance_gouvernance=instance)
    return instance


def titres(rencontre):
    return list(rencontre.points.order_by("ordre", "pk").values_list("titre", flat=True))


def par_siege(*reponses):
    return VoteSalle(reponses=dict(enumerate(reponses, start=1)))


POUR, CONTRE, ABSTENTION = Choix.POUR, Choix.CONTRE, Choix.ABSTENTION


# Write and order


def test_points_follow_each_other_and_move(auteur):
    rencontre = RencontreFactory()
    un, deux, trois = (ajouter_point(rencontre, champs={"titre": t}, auteur=auteur) for t in ("Un", "Deux", "Trois"))
    placer_point(trois, rang=2, auteur=auteur)
    assert titres(rencontre) == ["Un", "Trois", "Deux"]
    placer_point(un, rang=0, auteur=auteur)
    placer_point(deux, rang=9, auteur=auteur)
    assert titres(rencontre) == ["Un", "Trois", "Deux"]
    assert un.history.count() == 1


def test_moving_numbers_again_points_that_shared_a_number(auteur):
    rencontre = RencontreFactory()
    for titre in ("Un", "Deux", "Trois"):
        PointOrdreDuJourFactory(rencontre=rencontre, ordre=1, titre=titre)
    placer_point(rencontre.points.get(titre="Un"), rang=2, auteur=auteur)
    assert titres(rencontre) == ["Deux", "Un", "Trois"]


def test_point_changed_in_two_tabs(auteur):
    point = PointOrdreDuJourFactory()
    modifier_point(point, version=1, champs={"titre": "Premier"}, auteur=auteur)
    with pytest.raises(ErreurMetier) as erreur:
        modifier_point(point, version=1, champs={"titre": "Second"}, auteur=auteur)
    assert erreur.value.code == "conflit"


def test_point_leaves_only_while_nothing_was_decided(auteur):
    libre = PointOrdreDuJourFactory()
    retirer_point(libre, auteur=auteur)
    assert not PointOrdreDuJour.objects.exists()
    for point in (
        PointOrdreDuJourFactory(traite=True),
        PointOrdreDuJourFactory(scrutin=ScrutinFactory(main_levee=True, clos=True, issue=Issue.SANS_QUORUM)),
        PointOrdreDuJourFactory(reporte_de=PointOrdreDuJourFactory(reporte=True)),
    ):
        with pytest.raises(ErreurMetier):
            retirer_point(point, auteur=auteur)


def test_notes_and_dealt_with_then_taken_back(auteur):
    point = PointOrdreDuJourFactory()
    note = noter_point(point, version=1, notes="On en parle.", traite=False, auteur=auteur)
    assert (note.notes, note.etat) == ("On en parle.", EtatPoint.A_TRAITER)
    assert noter_point(point, version=2, notes="Fait.", traite=True, auteur=auteur).etat == EtatPoint.TRAITE
    assert reprendre_point(point, auteur=auteur).etat == EtatPoint.A_TRAITER
    decide = PointOrdreDuJourFactory(traite=True, resolution=ResolutionFactory())
    with pytest.raises(ErreurMetier, match="déjà traité"):
        reprendre_point(decide, auteur=auteur)


@pytest.mark.regle("R5")
def test_everything_is_frozen_with_the_minutes(auteur):
    point = ProcesVerbalFactory(adopte=True).rencontre
    rencontre, point = point, PointOrdreDuJourFactory(rencontre=point, de_resolution=True)
    ailleurs = RencontreFactory(instance_gouvernance=rencontre.instance_gouvernance, date=DEMAIN)
    verbes = (
        lambda: ajouter_point(rencontre, champs={"titre": "Trop tard"}, auteur=auteur),
        lambda: modifier_point(point, version=1, champs={"titre": "Trop tard"}, auteur=auteur),
        lambda: placer_point(point, rang=2, auteur=auteur),
        lambda: retirer_point(point, auteur=auteur),
        lambda: noter_point(point, version=1, notes="Trop tard", traite=True, auteur=auteur),
        lambda: reprendre_point(point, auteur=auteur),
        lambda: reporter_point(point, vers=ailleurs, auteur=auteur),
        lambda: reporter_point(PointOrdreDuJourFactory(), vers=rencontre, auteur=auteur),
        lambda: voter_point(point, vote=par_siege(POUR), auteur=auteur),
    )
    for verbe in verbes:
        with pytest.raises(ErreurMetier) as erreur:
            verbe()
        assert erreur.value.code == "proces_verbal"


def test_closed_exercice_takes_no_point(auteur):
    clos = ExerciceFactory(annee=2023, clos=True)
    with pytest.raises(ErreurMetier, match="est clos"):
        ajouter_point(RencontreFactory(date=clos.fin), champs={"titre": "Trop tard"}, auteur=auteur)


# Resolutions voted in the room


def resolution_de(comite, **champs):
    return PointOrdreDuJourFactory(
        rencontre=RencontreFactory(instance_gouvernance=comite), de_resolution=True, titre="La fête", **champs
    )


@pytest.mark.regle("R5")
def test_adopted_by_seat_gives_a_numbered_resolution(auteur, comite):
    point = resolution_de(comite)
    texte = TexteVote("Il est résolu, tel qu’amendé.", "Ana Roy", "Léo Cyr")
    point = voter_point(point, vote=par_siege(POUR, POUR, CONTRE, ABSENT), texte=texte, auteur=auteur)
    resolution = Resolution.objects.get()
    assert (point.etat, point.resolution, point.scrutin.issue) == (EtatPoint.TRAITE, resolution, Issue.ADOPTEE)
    assert (resolution.rencontre, resolution.scrutin, resolution.texte) == (
        point.rencontre,
        point.scrutin,
        texte.texte,
    )
    assert (point.texte, point.proposee_par, point.appuyee_par) == (texte.texte, "Ana Roy", "Léo Cyr")
    assert annonce_du_vote(point) == f"Adoptée : résolution {resolution.code}, inscrite au registre."


@pytest.mark.regle("R5")
def test_rejected_is_dealt_with_without_resolution(auteur, comite):
    point = voter_point(resolution_de(comite), vote=par_siege(POUR, CONTRE, CONTRE, ABSTENTION), auteur=auteur)
    assert (point.etat, point.resolution, point.scrutin.issue) == (EtatPoint.TRAITE, None, Issue.REJETEE)
    assert not Resolution.objects.exists()


@pytest.mark.regle("R5")
def test_without_quorum_the_point_stays_and_may_be_voted_again(auteur, comite):
    point = voter_point(resolution_de(comite), vote=par_siege(POUR, POUR, ABSENT, ABSENT), auteur=auteur)
    assert (point.etat, point.scrutin.issue) == (EtatPoint.A_TRAITER, Issue.SANS_QUORUM)
    assert annonce_du_vote(point).startswith("Sans quorum : il fallait 3 voix.")
    point = voter_point(point, vote=par_siege(POUR, POUR, POUR, ABSENT), auteur=auteur)
    assert (point.etat, point.resolution) == (EtatPoint.TRAITE, Resolution.objects.get())
    assert point.rencontre.scrutins.count() == 2


def test_recused_seat_leaves_the_quorum(auteur, comite):
    point = voter_point(resolution_de(comite), vote=par_siege(POUR, POUR, RECUSATION, ABSENT), auteur=auteur)
    assert (point.scrutin.nb_recusations, point.scrutin.issue) == (1, Issue.ADOPTEE)


def test_second_click_decides_nothing_again(auteur, comite):
    point = resolution_de(comite)
    voter_point(point, vote=par_siege(POUR, POUR, POUR, POUR), auteur=auteur)
    with pytest.raises(ErreurMetier) as erreur:
        voter_point(point, vote=par_siege(POUR, POUR, POUR, POUR), auteur=auteur)
    assert erreur.value.code == "etat"
    assert Resolution.objects.count() == 1


def test_vote_by_number_keeps_within_the_seats_filled(auteur, comite):
    point = resolution_de(comite)
    with pytest.raises(ErreurMetier, match="4 sièges pourvus"):
        voter_point(point, vote=VoteSalle(compte=CompteSalle(5, 5, 0, 0)), auteur=auteur)
    point = voter_point(point, vote=VoteSalle(compte=CompteSalle(3, 2, 0, 1)), auteur=auteur)
    assert (point.scrutin.nb_presents, point.scrutin.issue) == (3, Issue.ADOPTEE)


def test_nothing_is_voted_before_the_meeting_nor_without_text(auteur, comite):
    futur = PointOrdreDuJourFactory(
        rencontre=RencontreFactory(instance_gouvernance=comite, date=DEMAIN), de_resolution=True
    )
    with pytest.raises(ErreurMetier, match="pas encore eu lieu"):
        voter_point(futur, vote=par_siege(POUR), auteur=auteur)
    with pytest.raises(ErreurMetier, match="Écrivez le texte"):
        voter_point(resolution_de(comite), vote=par_siege(POUR), texte=TexteVote("  "), auteur=auteur)
    with pytest.raises(ErreurMetier, match="ne se vote pas ici"):
        voter_point(PointOrdreDuJourFactory(), vote=par_siege(POUR), auteur=auteur)


def test_resolution_that_corrects_cites_the_other(auteur, comite):
    ancienne = ResolutionFactory(instance_gouvernance=comite)
    point = resolution_de(comite, corrige=ancienne)
    nouvelle = voter_point(point, vote=par_siege(POUR, POUR, POUR, POUR), auteur=auteur).resolution
    assert nouvelle.corrige == ancienne
    assert nouvelle.texte.startswith(f"Corrige la résolution {ancienne.code}.")


# Consultations to ratify


def consultation(comite, **champs):
    return ScrutinFactory(
        instance_gouvernance=comite, mode=ModeDecision.CONSULTATION, clos=True, inscrit_resolution=True, **champs
    )


def test_consultations_to_ratify_are_proposed_once(auteur, comite):
    attendue = consultation(comite, question="Le logo")
    consultation(comite, issue=Issue.REJETEE)
    consultation(InstanceGouvernanceFactory())
    ScrutinFactory(instance_gouvernance=comite, clos=True)
    rencontre = RencontreFactory(instance_gouvernance=comite)
    assert [ajouter_enterinements(rencontre, auteur=auteur) for _ in range(2)] == [1, 0]
    point = rencontre.points.get()
    assert (point.consultation, point.genre) == (attendue, GenrePoint.ENTERINEMENT)
    assert (point.titre, point.est_public) == ("Entériner : Le logo", False)
    autre = RencontreFactory(instance_gouvernance=comite, date=DEMAIN)
    assert not consultations_a_inscrire(autre).exists()


def test_ratified_consultation_gives_its_resolution_and_tells_the_apps_first(auteur, comite):
    soumise, recus = consultation(comite), []
    rencontre = RencontreFactory(instance_gouvernance=comite)

    def noter(**recu):
        recus.append((recu["consultation"], recu["scrutin"].est_ouvert))

    enterinement_ouvert.connect(noter)
    ajouter_enterinements(rencontre, auteur=auteur)
    point = voter_point(rencontre.points.get(), vote=par_siege(POUR, POUR, POUR, CONTRE), auteur=auteur)
    assert recus == [(soumise, True)]
    assert (point.etat, point.resolution.texte) == (EtatPoint.TRAITE, soumise.texte)
    assert not consultations_a_inscrire(RencontreFactory(instance_gouvernance=comite)).exists()


@pytest.mark.regle("R5")
def test_consultation_is_ratified_once_whatever_the_agendas(auteur, comite):
    soumise = consultation(comite)
    points = [
        PointOrdreDuJourFactory(
            rencontre=RencontreFactory(instance_gouvernance=comite), d_enterinement=True, consultation=soumise
        )
        for _ in range(2)
    ]
    voter_point(points[0], vote=par_siege(CONTRE, CONTRE, CONTRE, POUR), auteur=auteur)
    with pytest.raises(ErreurMetier, match="déjà répondu"):
        voter_point(points[1], vote=par_siege(POUR, POUR, POUR, POUR), auteur=auteur)


@pytest.mark.regle("R5")
def test_meeting_held_before_a_consultation_does_not_ratify_it(auteur, comite):
    close = consultation(comite)
    avant = RencontreFactory(instance_gouvernance=comite, date=JOUR - datetime.timedelta(days=1))
    assert ajouter_enterinements(avant, auteur=auteur) == 0
    point = PointOrdreDuJourFactory(rencontre=avant, genre=GenrePoint.ENTERINEMENT, consultation=close)
    with pytest.raises(ErreurMetier, match="celle-ci l’a précédée"):
        voter_point(point, vote=par_siege("pour", "pour", "pour"), auteur=auteur)


def test_consultation_without_quorum_waits_for_another_meeting(auteur, comite):
    consultation(comite)
    rencontre = RencontreFactory(instance_gouvernance=comite)
    ajouter_enterinements(rencontre, auteur=auteur)
    point = voter_point(rencontre.points.get(), vote=par_siege(POUR, ABSENT, ABSENT, ABSENT), auteur=auteur)
    assert point.etat == EtatPoint.A_TRAITER
    suivante = RencontreFactory(instance_gouvernance=comite, date=DEMAIN)
    assert reporter_point(point, vers=suivante, auteur=auteur).consultation == point.consultation


@pytest.mark.parametrize("champ", ["consultation", "proces_verbal"])
def test_what_is_of_another_instance_does_not_enter(auteur, comite, champ):
    ailleurs = InstanceGouvernanceFactory()
    valeur = {
        "consultation": lambda: consultation(ailleurs),
        "proces_verbal": lambda: ProcesVerbalFactory(rencontre__instance_gouvernance=ailleurs),
    }[champ]()
    champs = {"genre": GenrePoint.LIBRE, "titre": "Point", champ: valeur}
    with pytest.raises(ErreurMetier) as erreur:
        ajouter_point(RencontreFactory(instance_gouvernance=comite), champs=champs, auteur=auteur)
    assert list(erreur.value.error_dict) == [champ]


def test_minutes_wait_on_one_agenda_at_a_time(auteur, comite):
    proces_verbal = ProcesVerbalFactory(
        rencontre__instance_gouvernance=comite, rencontre__date=JOUR - datetime.timedelta(days=9)
    )
    champs = {"genre": GenrePoint.PROCES_VERBAL, "titre": "Adoption", "proces_verbal": proces_verbal}
    premiere, seconde = (RencontreFactory(instance_gouvernance=comite, date=d) for d in (JOUR, DEMAIN))
    point = ajouter_point(premiere, champs=champs, auteur=auteur)
    with pytest.raises(ErreurMetier, match="reportez plutôt ce point"):
        ajouter_point(seconde, champs=champs, auteur=auteur)
    assert reporter_point(point, vers=seconde, auteur=auteur).proces_verbal == proces_verbal


# Carried over


def test_point_carried_over_says_so_on_both_sides(auteur, comite):
    point, recus = resolution_de(comite, duree_minutes=10), []
    suivante = RencontreFactory(instance_gouvernance=comite, date=DEMAIN)
    PointOrdreDuJourFactory(rencontre=suivante, ordre=4)

    def noter(**recu):
        recus.append((recu["ancien"].pk, recu["nouveau"].pk))

    point_reporte.connect(noter)
    nouveau = reporter_point(point, vers=suivante, auteur=auteur)
    point.refresh_from_db()
    assert (point.etat, point.reporte_a) == (EtatPoint.REPORTE, nouveau)
    assert (nouveau.ordre, nouveau.texte, nouveau.duree_minutes, nouveau.etat) == (
        5,
        point.texte,
        10,
        EtatPoint.A_TRAITER,
    )
    assert recus == [(point.pk, nouveau.pk)]
    with pytest.raises(ErreurMetier, match="déjà traité"):
        reporter_point(point, vers=suivante, auteur=auteur)


def test_point_is_carried_to_a_later_meeting_of_its_instance_only(auteur, comite):
    point = resolution_de(comite)
    hier = RencontreFactory(instance_gouvernance=comite, date=JOUR - datetime.timedelta(days=1))
    for vers in (point.rencontre, hier, RencontreFactory(instance_gouvernance=InstanceGouvernanceFactory())):
        with pytest.raises(ErreurMetier) as erreur:
            reporter_point(point, vers=vers, auteur=auteur)
        assert list(erreur.value.error_dict) == ["rencontre"]
